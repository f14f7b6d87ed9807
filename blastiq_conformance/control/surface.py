"""The control surface over HTTP, on the fake's own port: for a vendor with a debugger, in any language."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from blastiq_conformance.control.fault_data import FaultError, read_fault
from blastiq_conformance.control.page import answer, health, icon, page
from blastiq_conformance.control.selection import start
from blastiq_conformance.runner.controller import Controller
from fake_idp.http.port import Route, Stream
from fake_idp.oidc.replies import empty
from fake_idp.system.loopback import is_loopback
from fake_idp.wire import Headers, Json, Request, Response

ROOT = "/__blastiq__"
HEADER = "X-BlastIQ-Control"

_JSON = "application/json; charset=utf-8"
_EVENTS = Headers((("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")))
_NAMES = ("scenario/NAME[/VARIANT]", "expire", "fault", "journal", "verdict", "report", "events")
_PATHS = ", ".join(f"{ROOT}/{name}" for name in _NAMES)

_Action = Callable[[Request], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Answers callers that have the token; to all others the addresses do not exist. The live page holds no secret.

    It answers only under a loopback name or one of `hosts`: a page in a browser on this machine can make its own name
    lead here, and would then share the origin (DNS rebinding). Only health answers under any name: a container is
    called by the name that its network gave it.
    `journal` gives the journal as JSON Lines, `report` the report so far in a format, and `events` what tells a live
    page what is new; none of them contains what must not leave.
    """

    token: str = field(repr=False)
    controller: Controller
    journal: Callable[[], str]
    report: Callable[[str], str]
    events: Callable[[], Callable[[], bytes]]
    hosts: frozenset[str] = frozenset()

    @property
    def routes(self) -> Mapping[str, Route]:
        """The routes for the server."""
        return {
            f"{ROOT}/*": self.answer,
            f"GET {ROOT}/health": lambda _: health(),
            "GET /": lambda request: page() if self._is_own(request) else empty(404),
            "GET /favicon.ico": lambda request: icon() if self._is_own(request) else empty(404),
        }

    def answer(self, request: Request) -> Response:
        """Do what is asked for; any thread may call this but the server's own."""
        given = request.headers.get(HEADER) or ""
        if not secrets.compare_digest(given.encode("utf-8", "replace"), self.token.encode()) or _is_foreign(request):
            return empty(404)
        if not self._is_called(name := _name(request.host)):
            return _say(403, error=f"the control surface is not called {name!r}: allow that name with --allow-host")
        first, *rest = request.path.removeprefix(f"{ROOT}/").split("/")
        actions = self._actions(first, [unquote(part) for part in rest])
        if not actions:
            return _say(404, error=f"there is no {request.path}; there are {_PATHS}")
        action = actions.get("GET" if request.method == "HEAD" else request.method)
        if action is None:
            return _say(405, ("Allow", ", ".join(actions)), error=f"{request.path} takes {' and '.join(actions)}")
        return action(request)

    def _is_own(self, request: Request) -> bool:
        return self._is_called(_name(request.host)) and not _is_foreign(request)

    def _is_called(self, name: str) -> bool:
        return is_loopback(name) or name in self.hosts

    def _actions(self, first: str, rest: list[str]) -> dict[str, _Action]:
        if first == "scenario" and len(rest) in {1, 2}:
            return {"POST": lambda _: self._start(*rest)}
        known: dict[str, dict[str, _Action]] = {
            "expire": {"POST": lambda _: self._expire()},
            "fault": {"POST": self._add_fault, "DELETE": lambda _: self._clear_faults()},
            "journal": {"GET": lambda _: answer(self.journal(), "application/x-ndjson")},
            "verdict": {"GET": lambda _: answer(self.report("json"), _JSON)},
            "report": {"GET": lambda _: answer(self.report("html"), "text/html; charset=utf-8")},
            "events": {"GET": lambda _: Stream(status=200, headers=_EVENTS, more=self.events())},
        }
        return {} if rest else known.get(first, {})

    def _start(self, slug: str, variant: str = "") -> Response:
        try:
            selected = start(self.controller, slug, variant)
        except ValueError as error:
            return _say(404, error=str(error))
        scenario = selected.scenario
        more = {"only_with_blastiq_run": selected.beyond} if selected.beyond else {}
        names: list[Json] = [each.name for each in scenario.variants if each.name]
        return _say(
            200, scenario=scenario.slug, variant=selected.variant.name, variants=names, done=scenario.done, **more
        )

    def _expire(self) -> Response:
        self.controller.idp.expire_tokens()
        return _say(200, done="every access token that was issued so far is dead: the API answers 401")

    def _add_fault(self, request: Request) -> Response:
        try:
            fault = read_fault(request.body)
        except FaultError as error:
            return _say(400, error=str(error))
        self.controller.idp.add_fault(fault)
        return _say(200, done=f"the {fault.endpoint} endpoint misbehaves from its next call on; DELETE ends all faults")

    def _clear_faults(self) -> Response:
        self.controller.clear_faults()
        return _say(200, done="no fault is left; what else a scenario changed stays")


def _is_foreign(request: Request) -> bool:
    """Tell whether a page of another origin asks; behind a TLS proxy the schemes differ, the hosts do not."""
    origin = request.headers.get("origin")
    return origin is not None and origin.partition("://")[2].lower() != request.host.lower()


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _say(status: int, *headers: tuple[str, str], **members: Json) -> Response:
    return answer(json.dumps(members, indent=2) + "\n", _JSON, *headers, status=status)
