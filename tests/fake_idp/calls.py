"""Calls of a fake, as short as a table needs them: one user, a clock that is moved by hand, bytes in and bytes out."""

import base64
from dataclasses import dataclass, field
from urllib.parse import urlencode

import jwt

from fake_idp.core import FakeIdp
from fake_idp.oidc.keys import Keys
from fake_idp.server_config import Clock, Flavour, Mode, ServerConfig, ServiceUser
from fake_idp.wire import FORM, Headers, Json, Request, Response

USER = ServiceUser(username="svc-user", password="a b+c&d=é", site="north")
LOCKED = ServiceUser(username="locked", password="right", locked=True)
SIGN_IN = {"grant_type": "password", "username": USER.username, "password": USER.password}
CLIENT = {"client_id": "external.customer"}
GOOD = urlencode({**SIGN_IN, **CLIENT})
FLAVOURS = tuple(Flavour)


@dataclass
class Now:
    """A clock that stands still until it is moved."""

    seconds: float = 1_700_000_000.0
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = Clock(wall=lambda: self.seconds, monotonic=lambda: self.seconds)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


def fake(now: Now | None = None, *, keys: Keys | None = None, **fields: object) -> FakeIdp:
    """Set up a fake for one user and one locked user."""
    return FakeIdp(ServerConfig(**{"users": (USER, LOCKED), **fields}), clock=(now or Now()).clock, keys=keys)  # type: ignore[arg-type]  # its own fields


def flavoured(flavour: Flavour, mode: Mode = Mode.MIMIC) -> FakeIdp:
    """Set up a fake of a flavour and mode."""
    return fake(flavour=flavour, mode=mode)


def get(idp: FakeIdp, path: str, method: str = "GET", **headers: str) -> Response:
    """Send a request without a body; an underscore in a header's name is a hyphen, an empty value takes it away."""
    return idp.handle(Request(method=method, target=path, headers=_headers(headers)))


def post(
    idp: FakeIdp, body: bytes | str | dict[str, str], path: str = "/identity/connect/token", **headers: str
) -> Response:
    """Post a form, encoded where it is given as a mapping."""
    body = urlencode(body) if isinstance(body, dict) else body
    content = body.encode() if isinstance(body, str) else body
    fields = {"content_type": FORM, **headers}
    return idp.handle(Request(method="POST", target=path, headers=_headers(fields), body=content))


def sign_in(idp: FakeIdp, **fields: str) -> dict[str, Json]:
    """Sign the user in and give the members of the answer."""
    answer = post(idp, {**SIGN_IN, **CLIENT, **fields})
    assert answer.status == 200
    return members(answer)


def refresh(idp: FakeIdp, refresh_token: Json, **fields: str) -> Response:
    """Present a refresh token."""
    form = {"grant_type": "refresh_token", "refresh_token": str(refresh_token), **CLIENT, **fields}
    return post(idp, form, idp.endpoints.token)


def call(idp: FakeIdp, token: Json, path: str = "/api") -> Response:
    """Call the API with a bearer token."""
    return get(idp, path, authorization=f"Bearer {token}")


def members(response: Response) -> dict[str, Json]:
    """Give the members of a JSON object."""
    assert isinstance(response.json, dict)
    return response.json


def claims(token: Json) -> dict[str, Json]:
    """Read the claims of a JWT, unchecked."""
    read: dict[str, Json] = jwt.decode(str(token), options={"verify_signature": False})
    return read


def basic(user: str, password: str) -> str:
    """Write an Authorization header."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def form(**changes: str | None) -> dict[str, str]:
    """Write the article's request with changes; None takes a field away."""
    return {name: value for name, value in {**SIGN_IN, **CLIENT, **changes}.items() if value is not None}


def error(code: str, description: str = "") -> bytes:
    """Write the body of an error."""
    more = f',"error_description":"{description}"' if description else ""
    return f'{{"error":"{code}"{more}}}'.encode()


def _headers(fields: dict[str, str]) -> Headers:
    fields = {"host": "www.blastiq.com", **fields}
    return Headers(tuple((name.replace("_", "-"), value) for name, value in fields.items() if value))
