"""The subjects of the attended flow's rules: authorization requests, the answers to them, and code exchanges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blastiq_conformance.evidence import Evidence, Exchange, Kind, TokenRequest
from blastiq_conformance.evidence.browser_answer import brought, members
from fake_idp.wire import Request

_ENDPOINT = "/connect/authorize"
# Where the server itself sends the browser back to, with the parameters of the client's request.
_CALLBACK = "/connect/authorize/callback"
_PUSH = "/connect/par"


@dataclass(frozen=True, kw_only=True)
class Authorization:
    """A request to the authorize endpoint: what the client asked for, the first of each name, blank ones left out.

    `answer` is what goes back to the client by redirect or form; empty where the browser is led elsewhere.
    """

    exchange: Exchange
    asked: Mapping[str, str]
    answer: Mapping[str, str]


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
    pushed = {
        str(each.reply.members.get("request_uri", "")): each.request
        for each in exchanges
        if each.request.path.lower().endswith(_PUSH)
    }
    return [
        Authorization(exchange=each, asked=_asked(each.request, pushed), answer=brought(each))
        for each in exchanges
        if each.request.path.lower().endswith(paths)
    ]


def _asked(request: Request, pushed: Mapping[str, Request]) -> dict[str, str]:
    """Give the parameters of a request, or those that the client pushed under the name that it brings (RFC 9126)."""
    asked = members(request.query or request.form)
    named = pushed.get(asked.get("request_uri", ""))
    return asked if named is None else members(named.form)
