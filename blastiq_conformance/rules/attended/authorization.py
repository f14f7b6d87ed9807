"""The subjects of the attended flow's rules: authorization requests, the answers to them, and code exchanges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from blastiq_conformance.evidence import Evidence, TokenRequest
from blastiq_conformance.evidence.browser_answer import brought, members
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Request

_ENDPOINT = "/connect/authorize"
# Where the server itself sends the browser back to, with the parameters of the client's request.
_CALLBACK = "/connect/authorize/callback"
_PUSH = "/connect/par"


@dataclass(frozen=True, kw_only=True)
class Authorization:
    """A request to the authorize endpoint: what the client asked for, and what was sent back for it, if anything.

    `pushed` are the requests that clients pushed before, by the name that the browser brings (RFC 9126).
    """

    exchange: Exchange
    pushed: Mapping[str, Request]

    @cached_property
    def asked(self) -> dict[str, str]:
        """The parameters, the first of each name; blank ones count as absent."""
        request = self.exchange.request
        asked = members(request.query or request.form)
        pushed = self.pushed.get(asked.get("request_uri", ""))
        return asked if pushed is None else members(pushed.form)

    @cached_property
    def answer(self) -> dict[str, str]:
        """What goes back to the client by redirect or form; empty where the browser is led elsewhere."""
        return brought(self.exchange)


@dataclass(frozen=True, kw_only=True)
class CodeExchange:
    """A code at the token endpoint, what was asked where it came from, if known, and whether it was sent before."""

    request: TokenRequest
    asked: Mapping[str, str]
    repeated: bool

    @property
    def exchange(self) -> Exchange:
        """The exchange that this is about."""
        return self.request.exchange


def authorizations(evidence: Evidence) -> Sequence[Authorization]:
    """Select what the client asked of the authorize endpoint."""
    return _at(evidence, _ENDPOINT)


def answers(evidence: Evidence) -> Sequence[Authorization]:
    """Select the answers to the client, at once or after the person had signed in."""
    return [each for each in _at(evidence, _ENDPOINT, _CALLBACK) if each.answer]


def code_exchanges(evidence: Evidence) -> Sequence[CodeExchange]:
    """Select the code exchanges, each with the request that its code answers."""
    asked = {each.answer.get("code", ""): each.asked for each in answers(evidence)}
    seen: set[str] = set()
    found = []
    for request in evidence.code_exchanges:
        code = request.value("code") or ""
        found.append(CodeExchange(request=request, asked=asked.get(code, {}), repeated=code in seen))
        seen.add(code)
    return found


def _at(evidence: Evidence, *paths: str) -> list[Authorization]:
    if evidence.facts.flow != "attended":
        return []
    exchanges = evidence.of_kind(Kind.IDENTITY)
    pushed = {_name_of(each): each.request for each in exchanges if each.request.path.lower().endswith(_PUSH)}
    return [
        Authorization(exchange=exchange, pushed=pushed)
        for exchange in exchanges
        if exchange.request.path.lower().endswith(paths)
    ]


def _name_of(push: Exchange) -> str:
    return str(push.response.members.get("request_uri", "")) if push.response is not None else ""
