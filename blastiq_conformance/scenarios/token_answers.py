"""Knobs of the token endpoint's answer: its members, its token, its spelling."""

from dataclasses import replace
from functools import partial

from blastiq_conformance.scenarios.scenario import RETRYING, UNKNOWN_MEMBERS, Variant, configured, faulty
from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.faults.spelling import Spelling
from fake_idp.server_config import TokenShape
from fake_idp.wire import Delivery, Ending, Json

_HTML = "text/html; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"

_token = partial(Fault, endpoint=Kind.TOKEN)


def _member(name: str, member: str, value: Json) -> Variant:
    return faulty(name, _token(members={member: value}))


def _over(name: str, lifetime: int) -> Variant:
    # The API must answer 401 once, or a client that heeds the lifetime looks like one that takes the token for eternal.
    return replace(configured(name, api_calls_per_token=1), faults=(_token(members={"expires_in": lifetime}),))


NO_TOKEN = (
    faulty("empty-object", _token(status=200, body=b"{}")),
    faulty("null", _token(status=200, body=b"null")),
    faulty("array", _token(status=200, body=b"[]")),
    faulty("empty-token", _token(status=200, body=b'{"access_token":"","expires_in":3600,"token_type":"Bearer"}')),
    faulty("error-with-200", _token(status=200, body=b'{"error":"server_error"}')),
    faulty(
        "html", _token(status=200, body=b"<!DOCTYPE html><title>Sign in</title><p>Please sign in</p>", media_type=_HTML)
    ),
)

ERROR_PAGES = (
    faulty(
        "html-502",
        _token(status=502, body=b"<!DOCTYPE html><title>502</title><p>Bad gateway</p>", media_type=_HTML),
        RETRYING,
    ),
    faulty("empty-500", _token(status=500, body=b""), RETRYING),
    faulty("text-429", _token(status=429, body=b"Too many requests", media_type=_TEXT), RETRYING),
)

EXTRA_MEMBERS = (
    faulty("unknown", _token(members={"not-before-policy": 0, **UNKNOWN_MEMBERS})),
    # All but the product's oldest versions send it; RFC 6749 5.1 makes it optional.
    faulty("no-scope", _token(without=frozenset({"scope"}))),
)

ID_TOKEN = (Variant(prepare=lambda config: replace(config, identity_tokens=True)),)

TOKEN_TYPE = (
    _member("lower-case", "token_type", "bearer"),
    _member("upper-case", "token_type", "BEARER"),
    _member("mac", "token_type", "mac"),
    _member("dpop", "token_type", "DPoP"),
    faulty("missing", _token(without=frozenset({"token_type"}))),
)

EXPIRES_ODD = (
    faulty("missing", _token(without=frozenset({"expires_in"}))),
    _member("text", "expires_in", "3600"),
    _member("fraction", "expires_in", 3600.0),
    _over("zero", 0),
    _over("negative", -1),
    _member("huge", "expires_in", 10**12),
)

TOKEN_ODD = (
    configured("opaque", token_shape=TokenShape.OPAQUE),
    configured("8-kib", token_shape=TokenShape.LARGE),
    configured("url-alphabet", token_shape=TokenShape.URL_ALPHABET),
    configured("exp-in-the-past", token_shape=TokenShape.EXPIRED),
)


JSON_VARIETY = (
    # What RFC 8259 11 registers has no parameter; others may come, and case means nothing (RFC 9110 8.3.1).
    faulty("media-type-alone", _token(media_type="application/json")),
    faulty("media-type-with-parameters", _token(media_type="application/json; profile=x; charset=utf-8")),
    faulty("media-type-in-other-case", _token(media_type="Application/JSON;Charset=Utf-8")),
    faulty("chunked", _token(delivery=Delivery(chunked=True))),
    faulty("dripped", _token(delivery=Delivery(drip=0.02, drip_bytes=32)), 1.0),
    *(faulty(spelling.value, _token(spelling=spelling)) for spelling in Spelling),
)

TRUNCATED = (
    faulty("short-body", _token(delivery=Delivery(ending=Ending.CUT, after=40)), RETRYING),
    faulty("cut-chunk", _token(delivery=Delivery(ending=Ending.CUT, after=40, chunked=True)), RETRYING),
)

_MINUTES = 10 * 60.0
CLOCK_SKEW = (
    Variant(name="ten-minutes-fast", clock_offset=_MINUTES),
    Variant(name="ten-minutes-slow", clock_offset=-_MINUTES),
)
