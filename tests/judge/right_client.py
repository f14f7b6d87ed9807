"""A client that builds its requests by the article, in any of the legal ways to write them; the fake is in memory."""

import itertools
import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from hypothesis import strategies as st

from blastiq_conformance.evidence import Child, Evidence, Facts
from fake_idp.core import FakeIdp
from fake_idp.server_config import Clock, ServerConfig, ServiceUser
from fake_idp.wire import Headers, Request, Response

AUTHORITY, API = "https://www.blastiq.com/identity", "https://www.blastiq.com/api"
WELL_KNOWN = "/.well-known/openid-configuration"
_UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
# Decoded alike whether they are percent-encoded or not, and no separator of a form.
_TOLERATED = "@:/?!$'()*,;"
_HARMLESS = (
    ("User-Agent", "integration/1.4 (linux)"),
    ("Accept", "*/*"),
    ("Accept", "application/json, text/plain;q=0.5"),
    ("Accept-Language", "en-AU"),
    ("Cache-Control", "no-cache"),
    ("Connection", "Upgrade, HTTP2-Settings"),
    ("Upgrade", "h2c"),
    ("Expect", "100-continue"),
    ("X-Request-Id", "5c0e1f7a-9b3d-48e2"),
    ("Cookie", "lb=node-3"),
)
_FORMS = ("application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded;charset=utf-8")


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a right client may write the same thing: nothing here changes what it says."""

    plus: bool = True
    lower_hex: bool = False
    encoded: frozenset[str] = frozenset()  # unreserved characters that it encodes all the same
    raw: frozenset[str] = frozenset()  # characters that it leaves alone, and need not
    order: tuple[int, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    spelling: Callable[[str], str] = str
    media_type: str = _FORMS[0]
    chunked: bool = False
    version: str = "1.1"
    absolute: bool = False
    scope: bool = False
    calls: int = 1

    def encode(self, text: str) -> str:
        """Write a name or a value as the URL Living Standard reads it back."""
        return "".join(map(self._encode, text))

    def _encode(self, character: str) -> str:
        if character == " " and self.plus:
            return "+"
        plain = character in _UNRESERVED and character not in self.encoded
        if plain or (character in self.raw and character in _TOLERATED):
            return character
        escapes = "".join(f"%{octet:02X}" for octet in character.encode())
        return escapes.lower() if self.lower_hex else escapes


styles = st.builds(
    Style,
    plus=st.booleans(),
    lower_hex=st.booleans(),
    encoded=st.frozensets(st.sampled_from(_UNRESERVED), max_size=6),
    raw=st.frozensets(st.sampled_from(_TOLERATED), max_size=6),
    order=st.permutations(range(5)).map(tuple),
    headers=st.lists(st.sampled_from(_HARMLESS), unique_by=lambda pair: pair[0], max_size=6).map(tuple),
    spelling=st.sampled_from((str, str.lower, str.upper, str.title)),
    media_type=st.sampled_from(_FORMS),
    chunked=st.booleans(),
    version=st.sampled_from(("1.0", "1.1")),
    absolute=st.booleans(),
    scope=st.booleans(),
    calls=st.integers(1, 3),
)


# Credentials that any wrong client can do something wrong with.
ordinary = st.text(string.ascii_letters + string.digits + "-_@ +&=%", min_size=16, max_size=40).filter(
    lambda text: text == text.strip() and len(set(text)) > 4
)


@dataclass(kw_only=True)
class Draft:
    """A request before it is written; `query` is text, `body` replaces the form."""

    method: str
    url: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    query: str = ""
    body: bytes | None = None


class RightClient:
    """Discovery, one sign-in, calls of the API; a deviation overrides one of the steps."""

    def __init__(self, style: Style, username: str, password: str) -> None:
        """Take the credentials and how to write them."""
        ticks = itertools.count(start=1000.0, step=1.1)
        user = ServiceUser(username=username, password=password)
        self.idp = FakeIdp(ServerConfig(users=(user,)), clock=Clock(monotonic=lambda: next(ticks)))
        self.style, self.username, self.password = style, username, password
        self.child = Child(argv=("node", "app.js"), exit_status=0, stdout=b"2 blasts\n")
        self.token = self.refresh_token = ""

    def run(self) -> Evidence:
        """Do the job, stop where it fails, and give what was seen."""
        if not self._works():
            self.child = replace(self.child, exit_status=1)
        facts = Facts(
            username=self.username,
            password=self.password,
            authority=AUTHORITY,
            api_calls=self.style.calls,
            issued=self.idp.journal.issued,
        )
        return Evidence(exchanges=self.idp.journal.exchanges, child=self.child, facts=facts)

    def _works(self) -> bool:
        answer = self.sign_in(self.discover())
        members = answer.json
        if answer.status != 200 or not isinstance(members, dict):
            return False
        self.token, self.refresh_token = str(members["access_token"]), str(members.get("refresh_token"))
        return all(self.call_api().status == 200 for _ in range(self.style.calls))

    def discover(self) -> str:
        """Give the token endpoint."""
        members = self.send(Draft(method="GET", url=AUTHORITY + WELL_KNOWN)).json
        assert isinstance(members, dict)
        return str(members["token_endpoint"])

    def sign_in(self, url: str) -> Response:
        """Ask for a token."""
        fields = [("grant_type", "password"), ("username", self.username), ("password", self.password)]
        fields += [("client_id", "external.customer"), *([("scope", "cosmos")] if self.style.scope else [])]
        fields = [fields[index] for index in self.style.order if index < len(fields)] or fields
        headers = [("Content-Type", self.style.media_type)]
        return self.send(Draft(method="POST", url=url, fields=fields, headers=headers))

    def call_api(self) -> Response:
        """Call the API with the token."""
        return self.send(Draft(method="GET", url=API, headers=[("Authorization", f"Bearer {self.token}")]))

    def send(self, draft: Draft) -> Response:
        """Write a request and hand it to the fake."""
        body = draft.body if draft.body is not None else self.form(draft.fields).encode()
        url = urlsplit(draft.url)
        target = (draft.url if self.style.absolute else url.path) + (f"?{draft.query}" if draft.query else "")
        length = ("Transfer-Encoding", "chunked") if self.style.chunked else ("Content-Length", str(len(body)))
        own = {name.lower() for name, _ in draft.headers}
        others = (pair for pair in self.style.headers if pair[0].lower() not in own)
        fields = [("Host", url.netloc), *others, *draft.headers, *([length] if body else [])]
        headers = Headers(tuple((self.style.spelling(name), value) for name, value in fields))
        request = Request(
            method=draft.method,
            target=target,
            headers=headers,
            body=body,
            http_version=self.style.version,
            scheme=url.scheme,
        )
        return self.idp.handle(request)

    def form(self, fields: Iterable[tuple[str, str]]) -> str:
        """Form-encode the fields."""
        return "&".join(f"{self.style.encode(name)}={self.style.encode(value)}" for name, value in fields)
