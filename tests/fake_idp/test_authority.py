"""The authority at work: what is loopback, what is remembered, whose token is adopted."""

import pytest

from fake_idp.core import FakeIdp
from fake_idp.server_config import ANY_NAME, ServerConfig
from fake_idp.system.loopback import is_loopback
from fake_idp.wire import Headers, Request
from tests.fake_idp.calls import call, fake, sign_in


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("notlocalhost", False),
        ("10.0.0.1", False),
        ("::2", False),
        ("", False),
    ],
)
def test_is_loopback(host: str, *, loopback: bool) -> None:
    """Names and addresses that stay on this machine."""
    assert is_loopback(host) is loopback


def test_every_loopback_name_is_the_issuer() -> None:
    """However many names a peer calls by."""
    idp = fake()
    idp.ports.add(4000)
    for number in range(600):
        host = f"127.0.{number // 250}.{number % 250}:4000"
        request = Request(method="GET", target="/", headers=Headers.of({"host": host}))
        assert idp.authority.issuer(request) == f"http://{host}/identity"


def test_only_a_living_token_is_adopted() -> None:
    """A token takes the place of one that is alive, never of one that is not."""
    idp = fake()
    idp.authority.adopt("new", "never issued")
    assert call(idp, "new").status == 401
    idp.authority.adopt("new", str(sign_in(idp)["access_token"]))
    assert call(idp, "new").status == 200


def test_a_fake_for_every_name_is_its_own_issuer_by_any_of_them() -> None:
    """Bound to every address, it never sends a caller to the production authority."""
    idp = FakeIdp(ServerConfig(intercepted=frozenset({ANY_NAME})))
    headers = Headers((("Host", "fake.ci.internal:8080"),))
    answer = idp.handle(Request(method="GET", target="/identity/.well-known/openid-configuration", headers=headers))
    assert isinstance(answer.json, dict)
    assert answer.json["issuer"] == "http://fake.ci.internal:8080/identity"
