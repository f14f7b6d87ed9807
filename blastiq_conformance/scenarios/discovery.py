"""Knobs of the discovery document."""

import secrets
from dataclasses import replace
from functools import partial

from blastiq_conformance.scenarios.scenario import UNKNOWN_MEMBERS, Place, Variant, configured, faulty
from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.wire import Delivery

_HTML = b"<!DOCTYPE html><title>BlastIQ</title><p>Down for maintenance</p>"
_DELAY = 2.5


_discovery = partial(Fault, endpoint=Kind.DISCOVERY)

# Where nobody can guess it, but below the authority: some clients refuse other addresses by design.
MOVED = (Variant(prepare=lambda config: replace(config, token_path=f"/{secrets.token_hex(8)}/token")),)
QUERY = (configured(token_query="t=1"),)  # noqa: S106 - a query

BROKEN = (
    faulty("not-found", _discovery(status=404, body=b"")),
    faulty("server-error", _discovery(status=500, body=b"")),
    faulty("html", _discovery(status=200, body=_HTML, media_type="text/html; charset=utf-8")),
    faulty("bad-json", _discovery(status=200, body=b'{"issuer": "http')),
    faulty("no-token-endpoint", _discovery(without=frozenset({"token_endpoint"}))),
    faulty("empty", _discovery(status=200, body=b"", media_type="application/json; charset=UTF-8")),
    faulty("slow", _discovery(delivery=Delivery(delay=_DELAY)), _DELAY),
)


def _other_origin(place: Place) -> tuple[Fault, ...]:
    # Credentials then reach the kit as well, but the client cannot know that.
    token_endpoint = place.elsewhere + "/connect/token"
    return (_discovery(members={"issuer": place.elsewhere, "token_endpoint": token_endpoint}),)


MISMATCHED = (
    faulty("other-host", _discovery(members={"issuer": "https://login.example.com/identity"})),
    Variant(
        name="other-path",
        place_faults=lambda place: (_discovery(members={"issuer": place.authority + "-of-another"}),),
    ),
    Variant(name="other-origin", place_faults=_other_origin),
)


def _reorder(place: Place) -> tuple[Fault, ...]:
    members = {"token_endpoint": place.authority + "/connect/token", "issuer": place.authority}
    return (_discovery(without=frozenset(members)), _discovery(members=members))


EXTRA = (
    faulty("unknown-members", _discovery(members=UNKNOWN_MEMBERS)),
    Variant(name="reordered", place_faults=_reorder),
    # The article's prose spells the authority so (A14), and so does the product where it is configured to.
    configured("issuer-slash", issuer_slash=True),
)
