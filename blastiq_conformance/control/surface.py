"""The control surface over HTTP, beside the fake on its port: for a vendor under a debugger, in any language."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from blastiq_conformance.control.controller import Controller
from blastiq_conformance.control.fault_data import FaultError, read_fault
from fake_idp.http.port import Route
from fake_idp.oidc.authority import is_loopback
from fake_idp.oidc.replies import empty
from fake_idp.wire import Headers, Json, Request, Response

ROOT = "/__blastiq__"
HEADER = "X-BlastIQ-Control"

_JSON, _LINES = "application/json; charset=utf-8", "application/x-ndjson"
_PATHS = f"{ROOT}/scenario/NAME[/VARIANT], {ROOT}/expire, {ROOT}/fault, {ROOT}/journal, {ROOT}/verdict"

_Action = Callable[[Request], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Answers whoever has the token; to all others the addresses do not exist.

    It answers by a loopback name or one of `hosts` alone: a page in a browser on this machine can have its own name
    lead here, and would be of one origin with what it calls (DNS rebinding).
    `journal` gives the journal as JSON Lines, `verdict` the report as JSON, both without what must not leave.
    """

    token: str = field(repr=False)
    controller: Controller
    journal: Callable[[], str]
    verdict: Callable[[], str]
    hosts: frozenset[str] = frozenset()

    @property
    def routes(self) -> Mapping[str, Route]:
        """What the server is to be given."""
        return {f"{ROOT}/*": self.answer}

    def answer(self, request: Request) -> Response:
        """Do what is asked for; any thread may call, but not the server's own."""
        given = request.headers.get(HEADER) or ""
        if not secrets.compare_digest(given.encode("utf-8", "replace"), self.token.encode()):
            return empty(404)
        name = _name(request.host)
        if not is_loopback(name) and name not in self.hosts:
            return _say(403, error=f"the control surface is not called {name!r}: allow that name with --allow-host")
        first, *rest = request.path.removeprefix(f"{ROOT}/").split("/")
        actions = self._actions(first, [unquote(part) for part in rest])
        if not actions:
            return _say(404, error=f"there is no {request.path}; there are {_PATHS}")
        action = actions.get("GET" if request.method == "HEAD" else request.method)
        if action is None:
            return _say(405, ("Allow", ", ".join(actions)), error=f"{request.path} takes {' and '.join(actions)}")
        return action(request)

    def _actions(self, first: str, rest: list[str]) -> dict[str, _Action]:
        match first, rest:
            case "scenario", [slug] | [slug, ""]:
                return {"POST": lambda _: self._start(slug, "")}
            case "scenario", [slug, variant]:
                return {"POST": lambda _: self._start(slug, variant)}
            case "expire", []:
                return {"POST": lambda _: self._expire()}
            case "fault", []:
                return {"POST": self._add_fault, "DELETE": lambda _: self._clear_faults()}
            case "journal", []:
                return {"GET": lambda _: _answer(200, self.journal(), _LINES)}
            case "verdict", []:
                return {"GET": lambda _: _answer(200, self.verdict(), _JSON)}
            case _:
                return {}

    def _start(self, slug: str, variant: str) -> Response:
        try:
            played = self.controller.start(slug, variant)
        except ValueError as error:
            return _say(404, error=str(error))
        scenario = played.scenario
        more = {"only_with_blastiq_run": played.beyond} if played.beyond else {}
        names: list[Json] = [each.name for each in scenario.variants if each.name]
        return _say(
            200, scenario=scenario.slug, variant=played.variant.name, variants=names, done=scenario.done, **more
        )

    def _expire(self) -> Response:
        self.controller.expire_tokens()
        return _say(200, done="every access token that was issued so far is dead: the API answers 401")

    def _add_fault(self, request: Request) -> Response:
        try:
            fault = read_fault(request.body)
        except FaultError as error:
            return _say(400, error=str(error))
        self.controller.add_fault(fault)
        return _say(200, done=f"the {fault.endpoint} endpoint misbehaves from its next call on; DELETE ends all faults")

    def _clear_faults(self) -> Response:
        self.controller.clear_faults()
        return _say(200, done="no fault is left; what else a scenario changed stays")


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _say(status: int, *headers: tuple[str, str], **members: Json) -> Response:
    return _answer(status, json.dumps(members, indent=2) + "\n", _JSON, *headers)


def _answer(status: int, text: str, media_type: str, *headers: tuple[str, str]) -> Response:
    fields = Headers((("Content-Type", media_type), ("Cache-Control", "no-store"), *headers))
    return Response(status=status, headers=fields, body=text.encode())
