"""Knobs of the token endpoint's answer: its members, its token, its spelling."""

from dataclasses import replace

from blastiq_conformance.scenarios.scenario import Variant
from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.faults.spelling import Spelling
from fake_idp.server_config import TokenShape
from fake_idp.wire import Delivery, Ending, Json

_HTML = "text/html; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
_RETRYING = 3.0  # what a client waits that tries twice more, after one second and after two


def _answer(name: str, status: int, body: bytes, media_type: str | None = None, waits: float = 0.0) -> Variant:
    fault = Fault(endpoint=Kind.TOKEN, status=status, body=body, media_type=media_type)
    return Variant(name=name, faults=(fault,), waits=waits)


def _member(name: str, member: str, value: Json) -> Variant:
    return Variant(name=name, faults=(Fault(endpoint=Kind.TOKEN, members={member: value}),))


def _over(name: str, lifetime: int) -> Variant:
    # The API must say 401 once, or who heeds it looks like who takes the token for eternal.
    fault = Fault(endpoint=Kind.TOKEN, members={"expires_in": lifetime})
    return Variant(name=name, faults=(fault,), prepare=lambda config: replace(config, api_calls_per_token=1))


def _without(name: str, member: str) -> Variant:
    return Variant(name=name, faults=(Fault(endpoint=Kind.TOKEN, without=frozenset({member})),))


def _shape(name: str, shape: TokenShape) -> Variant:
    return Variant(name=name, prepare=lambda config: replace(config, token_shape=shape))


def _delivered(name: str, delivery: Delivery, waits: float = 0.0) -> Variant:
    return Variant(name=name, faults=(Fault(endpoint=Kind.TOKEN, delivery=delivery),), waits=waits)


def _spelled(spelling: Spelling) -> Variant:
    return Variant(name=spelling.value, faults=(Fault(endpoint=Kind.TOKEN, spelling=spelling),))


NO_TOKEN = (
    _answer("empty-object", 200, b"{}"),
    _answer("null", 200, b"null"),
    _answer("array", 200, b"[]"),
    _answer("empty-token", 200, b'{"access_token":"","expires_in":3600,"token_type":"Bearer"}'),
    _answer("error-with-200", 200, b'{"error":"server_error"}'),
    _answer("html", 200, b"<!DOCTYPE html><title>Sign in</title><p>Please sign in</p>", _HTML),
)

ERROR_PAGES = (
    _answer("html-502", 502, b"<!DOCTYPE html><title>502</title><p>Bad gateway</p>", _HTML, _RETRYING),
    _answer("empty-500", 500, b"", waits=_RETRYING),
    _answer("text-429", 429, b"Too many requests", _TEXT, _RETRYING),
)

EXTRA_MEMBERS = (
    Variant(
        name="unknown",
        faults=(
            Fault(
                endpoint=Kind.TOKEN,
                members={
                    "not-before-policy": 0,
                    "x_text": "text",  # ASCII: escapes are json-variety's
                    "x_number": -1.5,
                    "x_null": None,
                    "x_list": [1, "two", None],
                    "x_nested": {"deeper": {"still": [True]}},
                },
            ),
        ),
    ),
    # The product sends it always, but for its oldest versions: RFC 6749 5.1 makes it optional.
    _without("no-scope", "scope"),
)

ID_TOKEN = (Variant(prepare=lambda config: replace(config, identity_tokens=True)),)

TOKEN_TYPE = (
    _member("lower-case", "token_type", "bearer"),
    _member("upper-case", "token_type", "BEARER"),
    _member("mac", "token_type", "mac"),
    _member("dpop", "token_type", "DPoP"),
    _without("missing", "token_type"),
)

EXPIRES_ODD = (
    _without("missing", "expires_in"),
    _member("text", "expires_in", "3600"),
    _member("fraction", "expires_in", 3600.0),
    _over("zero", 0),
    _over("negative", -1),
    _member("huge", "expires_in", 10**12),
)

TOKEN_ODD = (
    _shape("opaque", TokenShape.OPAQUE),
    _shape("8-kib", TokenShape.LARGE),
    _shape("url-alphabet", TokenShape.URL_ALPHABET),
    _shape("exp-in-the-past", TokenShape.EXPIRED),
)


def _typed(name: str, media_type: str) -> Variant:
    return Variant(name=name, faults=(Fault(endpoint=Kind.TOKEN, media_type=media_type),))


JSON_VARIETY = (
    # What RFC 8259 11 registers has no parameter; others may come, and case means nothing (RFC 9110 8.3.1).
    _typed("media-type-alone", "application/json"),
    _typed("media-type-with-parameters", "application/json; profile=x; charset=utf-8"),
    _typed("media-type-in-other-case", "Application/JSON;Charset=Utf-8"),
    _delivered("chunked", Delivery(chunked=True)),
    _delivered("dripped", Delivery(drip=0.02, drip_bytes=32), waits=1.0),
    *(_spelled(spelling) for spelling in Spelling),
)

TRUNCATED = (
    _delivered("short-body", Delivery(ending=Ending.CUT, after=40), _RETRYING),
    _delivered("cut-chunk", Delivery(ending=Ending.CUT, after=40, chunked=True), _RETRYING),
)

_MINUTES = 10 * 60.0
CLOCK_SKEW = (
    Variant(name="ten-minutes-fast", clock_offset=_MINUTES),
    Variant(name="ten-minutes-slow", clock_offset=-_MINUTES),
)
