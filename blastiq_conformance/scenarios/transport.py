"""Knobs of the transport: certificates and versions of TLS, and where redirects lead."""

from collections.abc import Callable

from blastiq_conformance.scenarios.scenario import Place, TlsFault, Variant
from fake_idp.classify import Kind
from fake_idp.faults import Fault

_FIRST = frozenset({1})
_STATUSES = (301, 302, 303, 307, 308)


def _at_once(fault: TlsFault) -> Variant:
    return Variant(name="at-once", tls=fault)


def _later(name: str, fault: TlsFault, after: Kind) -> Variant:
    # A kept connection, perhaps an earlier one of a pool, would not show a certificate again.
    closing = tuple(Fault(endpoint=kind, headers=(("Connection", "close"),)) for kind in Kind)
    return Variant(name=name, tls=fault, tls_after=after, faults=closing)


def _everywhere(fault: TlsFault) -> tuple[Variant, ...]:
    # To find a check that is switched off for a single call, all calls before it must be right.
    return (
        _at_once(fault),
        _later("token-endpoint", fault, Kind.DISCOVERY),
        _later("api", fault, Kind.TOKEN),
    )


UNTRUSTED = _everywhere(TlsFault.UNTRUSTED)
WRONG_NAME = _everywhere(TlsFault.WRONG_NAME)
SELF_SIGNED = (_at_once(TlsFault.SELF_SIGNED),)
EXPIRED = (_at_once(TlsFault.EXPIRED),)
FUTURE = (_at_once(TlsFault.FUTURE),)
OLD = (_at_once(TlsFault.OLD),)


def _plain_endpoint(place: Place) -> tuple[Fault, ...]:
    return (Fault(endpoint=Kind.DISCOVERY, members={"token_endpoint": f"{place.plain}/connect/token"}),)


ENDPOINT_HTTP = (Variant(place_faults=_plain_endpoint),)


def _origin(authority: str) -> str:
    # Another name and another port: for Go, another port alone is not another host.
    return authority.rpartition("/")[0].replace("127.0.0.1", "localhost")


def _redirect(endpoint: Kind, status: int, name: str, where: Callable[[Place], str]) -> Variant:
    def place_faults(place: Place) -> tuple[Fault, ...]:
        location = ("Location", f"{where(place)}/moved/{endpoint}")
        return (Fault(endpoint=endpoint, calls=_FIRST, status=status, headers=(location,)),)

    return Variant(name=f"{endpoint}-{status}-{name}", place_faults=place_faults)


REDIRECTS = (
    _redirect(Kind.TOKEN, 307, "same-origin", lambda place: place.authority.rpartition("/")[0]),
    *(_redirect(Kind.TOKEN, status, "other-origin", lambda place: _origin(place.elsewhere)) for status in _STATUSES),
    _redirect(Kind.TOKEN, 307, "http", lambda place: _origin(place.plain or place.elsewhere)),
    *(_redirect(Kind.API, status, "other-origin", lambda place: _origin(place.elsewhere)) for status in _STATUSES),
)
