"""Knobs of outages: refusals for a while, limits, lost connections, silence; and of what the API answers."""

from dataclasses import replace
from email.utils import formatdate

from blastiq_conformance.scenarios.scenario import RETRYING, Place, Variant, faulty
from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.wire import Delivery, Ending

_TEN_SECONDS = 10.0
_DEMAND = 2
_PATIENCE = 4  # from the start of the child: a JVM takes a second until its first call
_ONCE = frozenset({1})
_TWICE = frozenset({1, 2})


def _refusal(name: str, endpoint: Kind, status: int, calls: frozenset[int], *headers: tuple[str, str]) -> Variant:
    fault = Fault(endpoint=endpoint, status=status, calls=calls, headers=headers)
    return faulty(name, fault, _DEMAND if headers else RETRYING)


def _until_a_date(place: Place) -> tuple[Fault, ...]:
    date = formatdate(place.now + _PATIENCE, usegmt=True)
    return (Fault(endpoint=Kind.TOKEN, status=503, calls=_ONCE, headers=(("Retry-After", date),)),)


_SECONDS = ("Retry-After", str(_DEMAND))


def _down(name: str, endpoint: Kind) -> Variant:
    return replace(faulty(name, Fault(endpoint=endpoint, status=503), _TEN_SECONDS), lasts=_TEN_SECONDS)


UNAVAILABLE = (
    _down("ten-seconds", Kind.TOKEN),
    _down("discovery-ten-seconds", Kind.DISCOVERY),
    _down("api-ten-seconds", Kind.API),
    _refusal("retry-after-seconds", Kind.TOKEN, 503, _ONCE, _SECONDS),
    Variant(name="retry-after-date", place_faults=_until_a_date, waits=_PATIENCE),
)

THROTTLED = (
    _refusal("token-retry-after", Kind.TOKEN, 429, _ONCE, _SECONDS),
    _refusal("token", Kind.TOKEN, 429, _TWICE),
    _refusal("api-retry-after", Kind.API, 429, _ONCE, _SECONDS),
    _refusal("api", Kind.API, 429, _TWICE),
)

OUTAGE_ENDS = (_refusal("token", Kind.TOKEN, 503, _TWICE), _refusal("api", Kind.API, 503, _TWICE))


def _lost(name: str, endpoint: Kind, after: int | None) -> Variant:
    return faulty(name, Fault(endpoint=endpoint, delivery=Delivery(ending=Ending.RESET, after=after)), RETRYING)


CONNECTION_LOST = (
    _lost("discovery", Kind.DISCOVERY, None),
    _lost("token-before-the-answer", Kind.TOKEN, None),
    _lost("token-in-the-answer", Kind.TOKEN, 20),
    _lost("api", Kind.API, None),
)

# A client may wait a minute unless its target says otherwise.
HANGS = (
    faulty("never-answers", Fault(endpoint=Kind.TOKEN, delivery=Delivery(ending=Ending.NEVER)), 60.0),
    faulty("drips", Fault(endpoint=Kind.TOKEN, delivery=Delivery(drip=5.0)), 60.0),
)

_SCOPE = ("WWW-Authenticate", 'Bearer error="insufficient_scope"')
_INVALID = ("WWW-Authenticate", 'Bearer error="invalid_token"')
API_FORBIDDEN = (faulty("", Fault(endpoint=Kind.API, status=403, headers=(_SCOPE,))),)
API_REFUSES = (faulty("", Fault(endpoint=Kind.API, status=401, headers=(_INVALID,))),)
# Until the end, like a call that is wrong in itself, or a server that is not repaired while the client waits.
API_FAILS = (
    faulty("server-error", Fault(endpoint=Kind.API, status=500), RETRYING),
    faulty("not-found", Fault(endpoint=Kind.API, status=404)),
)
API_EXTRA = (
    faulty(
        "",
        Fault(
            endpoint=Kind.API,
            members={"status": "SomethingNew", "x_list": [1, None], "x_nested": {"deeper": [True]}},
            headers=(("X-Something-New", "1"),),
        ),
    ),
)

# Calls overlap only where an answer takes a while, as over a network.
TAKES_A_WHILE = Fault(endpoint=Kind.API, delivery=Delivery(delay=0.2))
UNHURRIED = (faulty("", TAKES_A_WHILE),)
