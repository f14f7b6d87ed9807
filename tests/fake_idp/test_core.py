"""The fake as one object: one journal entry and a well-formed answer for whatever comes in."""

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fake_idp
from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.faults import Fault
from fake_idp.journal import Journal
from fake_idp.oidc.form import BODY_LIMIT
from fake_idp.oidc.keys import Keys
from fake_idp.oidc.routes import Route
from fake_idp.server_config import Clock, Flavour, Mode
from fake_idp.wire import FORM, Delivery, Ending, Headers, Request
from tests.fake_idp.calls import GOOD, Now, fake, form, get, post, sign_in

TARGETS = [
    "/identity/connect/token",
    "/identity/.well-known/openid-configuration",
    "/identity/.well-known/openid-configuration/jwks",
    "/identity/connect/userinfo",
    "/identity/connect/introspect",
    "/identity/connect/revocation",
    "/api",
]
NAMES = ["Host", "Content-Type", "Authorization", "Origin", "Access-Control-Request-Method", "Content-Encoding"]
VALUES = [FORM, "multipart/form-data; boundary=x", "Bearer x", "Basic OjpiOg==", "[::1", "localhost:99999", "gzip"]
FIELDS = ["grant_type", "client_id", "client_secret", "scope", "username", "password", "refresh_token", "resource"]
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(), st.sampled_from(VALUES) | st.text()), max_size=6)
PAIRS = st.lists(st.tuples(st.sampled_from(FIELDS), st.text(string.printable)), max_size=8).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs).encode()
)
REQUESTS = st.builds(
    Request,
    method=st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT"]) | st.text(),
    target=st.sampled_from(TARGETS) | st.text(),
    headers=HEADERS.map(lambda pairs: Headers(tuple(pairs))),
    body=st.binary(max_size=200) | PAIRS | st.just(GOOD.encode()) | st.just(b'--x\r\nname="a"\r\n\r\nb\r\n--x--'),
)


@given(request=REQUESTS, flavour=st.sampled_from(Flavour), mode=st.sampled_from(Mode))
def test_whatever_comes_in(request: Request, flavour: Flavour, mode: Mode) -> None:
    """Any request gets a well-formed answer and leaves one entry; the fake itself never fails."""
    idp = fake(flavour=flavour, mode=mode)
    answer = idp.handle(request)
    (exchange,) = idp.journal.exchanges
    assert 200 <= answer.status < 600
    assert all("\r" not in part and "\n" not in part for pair in answer.headers for part in pair)
    assert (exchange.request, exchange.response) == (request, answer)
    assert not (request.method.upper() == "HEAD" and answer.body)
    assert idp.failures == []


def test_exchange() -> None:
    """An entry says what it is, when it began and ended, and in which scenario."""
    now = Now()
    journal = Journal()
    idp = FakeIdp(clock=now.clock, journal=journal, scenario="sign-in")
    arrival = idp.arrive(Request(method="GET", target=TARGETS[1]))
    now.sleep(2)
    idp.record(arrival, idp.respond(arrival))
    (exchange,) = journal.exchanges
    assert (exchange.number, exchange.kind, exchange.scenario) == (1, Kind.DISCOVERY, "sign-in")
    assert (exchange.started, exchange.ended) == (1_700_000_000.0, 1_700_000_002.0)
    assert exchange.at == "2023-11-14T22:13:20.000+00:00"


@pytest.mark.parametrize(("after", "told"), [(None, None), (0, 200)])
def test_silence_is_no_response(after: int | None, told: int | None) -> None:
    """Where nothing was to leave, the journal has no response."""
    delivery = Delivery(ending=Ending.NEVER, after=after)
    idp = fake()
    idp.add_fault(Fault(endpoint=Kind.API, status=200, delivery=delivery))
    assert get(idp, "/api").delivery == delivery
    response = idp.journal.exchanges[0].response
    assert (None if response is None else response.status) == told


def test_failure_of_the_fake(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the kit is an answer to the peer, and kept for whoever runs the fake."""
    idp = fake()
    monkeypatch.setattr(idp, "_routes", {TARGETS[0]: Route(lambda *_: 1 / 0)})  # type: ignore[arg-type]  # it gives nothing
    assert post(idp, form()).status == 500
    assert [type(failure) for failure in idp.failures] == [ZeroDivisionError]


def test_it_becomes_another() -> None:
    """Endpoints, faults, clock and scenario change from the next request on; what lives goes on living."""
    idp = fake()
    idp.become(idp.config, faults=(Fault(endpoint=Kind.API, status=500),), scenario="one")
    assert get(idp, "/api").status == 500
    token = sign_in(idp)["access_token"]
    under_way = idp.arrive(Request(method="GET", target="/identity/connect/token"))
    later = Clock(wall=lambda: idp.authority.clock.monotonic() + 1e9)
    idp.become(replace(idp.config, token_path="/moved"), clock=later, scenario="two")
    idp.record(under_way, None)
    assert get(idp, "/api", Authorization=f"Bearer {token}").status == 200
    assert post(idp, form(), "/identity/connect/token").status == 404
    assert post(idp, form(), "/identity/moved").status == 200
    assert idp.clock is idp.authority.clock is later
    assert [x.scenario for x in idp.journal.exchanges] == ["one"] * 3 + ["two"] * 3
    idp.become(idp.config, faults=(Fault(endpoint=Kind.API, status=503, calls=frozenset({2})),))
    assert [get(idp, "/api").status for _ in range(2)] == [401, 503]
    assert idp.clock is later


def test_signs() -> None:
    """What may take a signature, or a new key, is worth another thread."""
    idp = fake(keys=Keys())

    def signs() -> list[bool]:
        return [idp.signs(idp.arrive(Request(method="GET", target=target))) for target in TARGETS[:3]]

    assert signs() == [True, False, True]
    sign_in(idp)
    assert signs() == [True, False, False]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/identity/connect/userinfo", 413), ("/identity/connect/authorize", 413), ("/api", 401), ("/nowhere", 404)],
)
def test_a_long_body_is_refused_where_it_is_read(path: str, status: int) -> None:
    """Kestrel looks at the length when the product reads the body, and not before."""
    assert post(fake(), b"x" * (BODY_LIMIT + 1), path).status == status


def test_method_in_any_case() -> None:
    """ASP.NET compares methods without case."""
    assert get(fake(), TARGETS[1], "get").status == 200


def test_face() -> None:
    """The package's face names just what it can load."""
    assert dir(fake_idp) == fake_idp.__all__ == sorted(fake_idp.__all__)
    assert all(getattr(fake_idp, name).__name__ == name for name in fake_idp.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = fake_idp.nothing
