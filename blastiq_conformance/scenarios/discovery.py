"""Knobs of the discovery document."""

import secrets
from dataclasses import replace

from blastiq_conformance.scenarios.scenario import Place, Variant
from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.server_config import ServerConfig
from fake_idp.wire import Delivery

_HTML = b"<!DOCTYPE html><title>BlastIQ</title><p>Down for maintenance</p>"
_DELAY = 2.5


def _move(config: ServerConfig) -> ServerConfig:
    # Where nobody can guess it, but under the authority: clients refuse others by design.
    return replace(config, token_path=f"/{secrets.token_hex(8)}/token")


def _answer(name: str, status: int, body: bytes, media_type: str | None = None) -> Variant:
    return Variant(name=name, faults=(Fault(endpoint=Kind.DISCOVERY, status=status, body=body, media_type=media_type),))


MOVED = (Variant(prepare=_move),)
QUERY = (Variant(prepare=lambda config: replace(config, token_query="t=1")),)  # noqa: S106 - a query

BROKEN = (
    _answer("not-found", 404, b""),
    _answer("server-error", 500, b""),
    _answer("html", 200, _HTML, "text/html; charset=utf-8"),
    _answer("bad-json", 200, b'{"issuer": "http'),
    Variant(name="no-token-endpoint", faults=(Fault(endpoint=Kind.DISCOVERY, without=frozenset({"token_endpoint"})),)),
    _answer("empty", 200, b"", "application/json; charset=UTF-8"),
    Variant(name="slow", faults=(Fault(endpoint=Kind.DISCOVERY, delivery=Delivery(delay=_DELAY)),), waits=_DELAY),
)


def _other_path(place: Place) -> tuple[Fault, ...]:
    return (Fault(endpoint=Kind.DISCOVERY, members={"issuer": place.authority + "-of-another"}),)


def _other_origin(place: Place) -> tuple[Fault, ...]:
    # What credentials then reach is ours as well, but the client cannot know that.
    token_endpoint = place.elsewhere + "/connect/token"
    return (Fault(endpoint=Kind.DISCOVERY, members={"issuer": place.elsewhere, "token_endpoint": token_endpoint}),)


MISMATCHED = (
    Variant(
        name="other-host",
        faults=(Fault(endpoint=Kind.DISCOVERY, members={"issuer": "https://login.example.com/identity"}),),
    ),
    Variant(name="other-path", place_faults=_other_path),
    Variant(name="other-origin", place_faults=_other_origin),
)


def _reorder(place: Place) -> tuple[Fault, ...]:
    members = {"token_endpoint": place.authority + "/connect/token", "issuer": place.authority}
    return (
        Fault(endpoint=Kind.DISCOVERY, without=frozenset(members)),
        Fault(endpoint=Kind.DISCOVERY, members=members),
    )


EXTRA = (
    Variant(
        name="unknown-members",
        faults=(
            Fault(
                endpoint=Kind.DISCOVERY,
                members={
                    "x_text": "text",
                    "x_number": 1.5,
                    "x_null": None,
                    "x_list": [1, "two", None],
                    "x_nested": {"deeper": {"still": [True]}},
                },
            ),
        ),
    ),
    Variant(name="reordered", place_faults=_reorder),
    # As the article's prose spells the authority (A14), and as the product does where it is configured so.
    Variant(name="issuer-slash", prepare=lambda config: replace(config, issuer_slash=True)),
)
