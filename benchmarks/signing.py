"""What an answer costs beside the signature in it."""

import time
from collections.abc import Callable

import jwt

from benchmarks.table import Row
from fake_idp.core import FakeIdp
from fake_idp.oidc.keys import default_keys
from fake_idp.server_config import ServerConfig, ServiceUser
from fake_idp.wire import Headers, Request

BODY = b"grant_type=password&username=bench&password=bench-password&client_id=external.customer"
USER = ServiceUser(username="bench", password="bench-password")  # noqa: S106 - of a fake
_CLAIMS = {
    "nbf": 1, "exp": 3601, "iss": "http://127.0.0.1:5000/identity", "client_id": "external.customer", "sub": "1",
    "auth_time": 1, "idp": "local", "jti": "0" * 32, "iat": 1, "scope": ["cosmos", "offline_access"], "amr": ["pwd"],
}  # fmt: skip


def rate(work: Callable[[], object], *, seconds: float = 1.0) -> float:
    """Give how often a second the work is done, one thread, the best of three rounds."""
    best = 0.0
    for _ in range(3):
        count, started = 0, time.perf_counter()
        while time.perf_counter() - started < seconds:
            work()
            count += 1
        best = max(best, count / (time.perf_counter() - started))
    return best


def bare_signature() -> Callable[[], object]:
    """Sign the claims of one token, as PyJWT does it, with the kit's own kind of key."""
    key = default_keys().current.private
    return lambda: jwt.encode(_CLAIMS, key, algorithm="RS256", headers={"kid": "k", "typ": "at+jwt"})


def password_grant() -> Callable[[], object]:
    """Answer one password grant without any socket."""
    idp = FakeIdp(ServerConfig(users=(USER,)))
    fields = (("Host", "www.blastiq.com"), ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "*/*"))
    # A fresh request each time: what is parsed of one is kept in it.
    return lambda: idp.handle(
        Request(method="POST", target="/identity/connect/token", headers=Headers(fields), body=BODY)
    )


def measure() -> list[Row]:
    """Compare both in turn."""
    signature, grant = bare_signature(), password_grant()
    ratio = min(rate(signature) / rate(grant) for _ in range(3))
    return [
        Row("`FakeIdp.handle`, password grant, against the bare signature", f"{ratio:.2f} ×", "≤ 1.25 ×", ratio <= 1.25)
    ]
