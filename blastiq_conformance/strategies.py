"""Hypothesis strategies for property tests of a client of your own: users, token requests, answers, whole flows.

from blastiq_conformance.strategies import Flow, flows

@given(flows())
def test_signs_in(flow: Flow) -> None:
    with fake_blastiq(flow.config, flow.user) as door:
        ...
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from fake_idp.server_config import Flavour, RefreshPolicy, ServerConfig, ServiceUser, TokenShape
from fake_idp.wire import Headers, Json, Request, Response

__all__ = ["Flow", "flows", "refusals", "token_answers", "token_requests", "users", "wrong_token_requests"]

_FORM = "application/x-www-form-urlencoded"
# Separators, escapes and blanks that naive encoders lose, and texts that some languages take for nothing.
_HARD = ("p+q&r=s%41#?", " a b ", "m\u00fcller\u20ac\U0001f600", "e\u0301\t\"'\\", "null", "undefined", "0", "<x>{y}$z")
# Decoded alike whether they are percent-encoded or not, and no separator of a form.
_TOLERATED = "@:/?!$'()*,;"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What a client meets from its first request to its last: hand both to `fake_blastiq`."""

    config: ServerConfig
    user: ServiceUser


@dataclass(slots=True)
class _Draft:
    fields: list[tuple[str, str]]
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": _FORM})
    method: str = "POST"
    body: bytes | None = None


def _texts() -> SearchStrategy[str]:
    # What the product takes: up to a hundred characters, no NUL, and not blanks alone (server.md 1.2).
    letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    free = st.text(letters, min_size=1, max_size=100).filter(str.strip)
    return st.sampled_from(_HARD) | free


def users() -> SearchStrategy[ServiceUser]:
    """Give Service Users whose names and passwords break naive encoders."""
    return st.builds(ServiceUser, username=_texts(), password=_texts())


def flows() -> SearchStrategy[Flow]:
    """Give a BlastIQ that is as it may be, and a Service User: a right client works with every one of them.

    They differ in flavour, lifetimes, shape of the tokens, what becomes of a refresh token, and whether access tokens
    die after a call or two.
    """
    tenants = st.builds(
        ServerConfig,
        flavour=st.sampled_from(Flavour),
        refresh_policy=st.sampled_from(RefreshPolicy),
        access_token_lifetime=st.sampled_from((60, 3600, 86_400)),
        token_shape=st.sampled_from(sorted({*TokenShape} - {TokenShape.EXPIRED})),
        api_calls_per_token=st.sampled_from((None, 1, 2)),
        identity_tokens=st.booleans(),
    )
    return st.builds(Flow, config=tenants, user=users())


@st.composite
def token_requests(draw: DrawFn, user: ServiceUser) -> Request:
    """Give right token requests of a user, in any of the legal ways to write one."""
    return _written(draw, _right(draw, user))


@st.composite
def wrong_token_requests(draw: DrawFn, user: ServiceUser) -> tuple[Request, frozenset[str]]:
    """Give token requests with one thing wrong, and the rules that they break: `blastiq explain` tells why."""
    rules = draw(st.sampled_from(sorted(_WRONG)))
    draft = _right(draw, user)
    draw(st.sampled_from(_WRONG[rules]))(draft)
    return _written(draw, draft), frozenset(rules.split())


@st.composite
def token_answers(draw: DrawFn) -> Response:
    """Give answers of the token endpoint to a right request, in any of the legal ways to write one."""
    token = st.text(st.sampled_from("0123456789ABCDEFabcdef-_."), min_size=16, max_size=200)
    members: dict[str, Json] = {
        "access_token": draw(token),
        "expires_in": draw(st.integers(1, 10_000_000)),
        # RFC 6749 5.1: the value is case insensitive.
        "token_type": draw(st.sampled_from(("Bearer", "bearer", "BEARER"))),
    }
    for name, value in (("refresh_token", token), ("scope", st.sampled_from(("cosmos", "cosmos offline_access")))):
        if draw(st.booleans()):
            members[name] = draw(value)
    words = st.text(max_size=5)
    kinds: list[SearchStrategy[Json]] = [st.none(), st.booleans(), st.integers(), words]
    kinds += [st.lists(words, max_size=3), st.dictionaries(words, words, max_size=3)]
    more = st.sampled_from(("session", "tenant", "x", "\u00fc"))
    members |= draw(st.dictionaries(more, st.one_of(kinds), max_size=3))
    return _answer(draw, 200, dict(draw(st.permutations(list(members.items())))))


@st.composite
def refusals(draw: DrawFn) -> Response:
    """Give answers of the token endpoint that a client must tell its user, and must not send the same request after."""
    # RFC 6749 5.2.
    errors = ("invalid_grant", "invalid_client", "invalid_request", "unauthorized_client", "invalid_scope")
    members: dict[str, Json] = {"error": draw(st.sampled_from(errors))}
    if draw(st.booleans()):
        members["error_description"] = draw(st.sampled_from(("invalid_username_or_password", "", "a b")))
    return _answer(draw, 401 if members["error"] == "invalid_client" and draw(st.booleans()) else 400, members)


def _answer(draw: DrawFn, status: int, members: Mapping[str, Json]) -> Response:
    media_type = draw(st.sampled_from(("application/json", "application/json; charset=UTF-8", "Application/JSON")))
    text = json.dumps(members, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from((None, 0, 2))))
    headers = Headers((("Content-Type", media_type), ("Cache-Control", "no-store, no-cache, max-age=0")))
    return Response(status=status, headers=headers, body=text.encode())


def _right(draw: DrawFn, user: ServiceUser) -> _Draft:
    fields = [("grant_type", "password"), ("username", user.username), ("password", user.password)]
    fields += [("client_id", "external.customer"), *([("scope", "cosmos")] if draw(st.booleans()) else [])]
    return _Draft(draw(st.permutations(fields)))


def _written(draw: DrawFn, draft: _Draft) -> Request:
    safe = "".join(draw(st.frozensets(st.sampled_from(_TOLERATED), max_size=4)))
    plus, lower, title = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())

    def encoded(text: str) -> str:
        escaped = quote(text, safe=safe)
        escaped = re.sub("%..", lambda match: match[0].lower(), escaped) if lower else escaped
        return escaped.replace("%20", "+") if plus else escaped

    form = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in draft.fields).encode()
    body = form if draft.body is None else draft.body
    headers = {"Host": "www.blastiq.com", **draft.headers, "Content-Length": str(len(body))}
    return Request(
        method=draft.method,
        target="/identity/connect/token",
        headers=Headers(tuple((name if title else name.lower(), value) for name, value in headers.items())),
        body=body,
        scheme="https",
    )


_Change = Callable[[_Draft], None]


def _with(name: str, value: str) -> _Change:
    def change(draft: _Draft) -> None:
        draft.fields = [*(pair for pair in draft.fields if pair[0] != name), (name, value)]

    return change


def _without(name: str) -> _Change:
    def change(draft: _Draft) -> None:
        draft.fields = [pair for pair in draft.fields if pair[0] != name]

    return change


def _header(name: str, value: str) -> _Change:
    return lambda draft: draft.headers.update({name: value})


def _as_json(draft: _Draft) -> None:
    draft.headers, draft.body = {"Content-Type": "application/json"}, json.dumps(dict(draft.fields)).encode()


def _basic(secret: str) -> str:
    return "Basic " + base64.b64encode(f"external.customer:{secret}".encode()).decode()


# The rules that are broken, and the ways to break them.
_WRONG: Mapping[str, tuple[_Change, ...]] = {
    "BIQ201": (lambda draft: setattr(draft, "method", "PUT"),),
    "BIQ202": (_as_json, _header("Content-Type", "text/plain")),
    "BIQ205": (_without("grant_type"), _with("grant_type", "Password")),
    "BIQ206": (_without("client_id"), _with("client_id", "External.Customer")),
    "BIQ207": (_without("username"),),
    "BIQ209": (_with("client_secret", "s3cr3t-of-another"), _header("Authorization", _basic("s3cr3t"))),
    "BIQ210": (_with("client_secret", ""),),
    "BIQ211": (_with("audience", "https://api.example"), _with("audience", "")),
    "BIQ212": (_with("scope", "openid cosmos"), _with("scope", "")),
    "BIQ215": (_with("realm", "Username-Password-Authentication"),),
}
