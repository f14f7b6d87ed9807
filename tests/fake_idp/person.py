"""A person with a browser, without a socket: follows redirects, keeps the cookie, signs in, agrees."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from fake_idp.core import FakeIdp
from fake_idp.oidc.session_store import challenge_of
from fake_idp.wire import FORM, Headers, Request, Response
from tests.fake_idp.calls import USER, fake

CALLBACK = "http://127.0.0.1:49152/callback"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-0123456789"
ASKED = {
    "response_type": "code",
    "client_id": "external.customer",
    "redirect_uri": CALLBACK,
    "scope": "openid profile cosmos offline_access",
    "state": "the state",
    "nonce": "the-nonce",
    "code_challenge": challenge_of(VERIFIER, "S256"),
    "code_challenge_method": "S256",
}
SCOPES = ("openid", "profile", "cosmos")


def attended(**fields: object) -> FakeIdp:
    """Set up a fake at which people may sign in."""
    return fake(**{"attended": True, "scopes": SCOPES, **fields})  # type: ignore[arg-type]  # fields of a ServerConfig


def asking(**changes: str | None) -> str:
    """Write the address that a right client opens, with changes; None takes a parameter away."""
    asked = {name: value for name, value in {**ASKED, **changes}.items() if value is not None}
    return f"/identity/connect/authorize?{urlencode(asked)}"


@dataclass
class Person:
    """Who sits at the browser."""

    idp: FakeIdp
    cookies: dict[str, str] = field(default_factory=dict)

    def visit(self, target: str, form: dict[str, str] | None = None) -> Response:
        """Open an address, or post a form to it, and keep the cookies that come back."""
        crumbs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"host": "www.blastiq.com", **({"cookie": crumbs} if crumbs else {})}
        if form is not None:
            headers["content-type"] = FORM
        answer = self.idp.handle(
            Request(
                method="GET" if form is None else "POST",
                target=target,
                headers=Headers.of(headers),
                body=urlencode(form or {}).encode(),
            )
        )
        for cookie in answer.headers.get_all("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def follow(self, answer: Response) -> Response:
        """Follow redirects as long as they stay at the identity server."""
        while answer.status == 302 and address(answer).startswith("/"):
            answer = self.visit(address(answer))
        return answer

    def sign_in(self, target: str, *, password: str = USER.password, allow: str = "yes") -> Response:
        """Do what the pages ask for, from the address that a client opened to the answer that leaves for it."""
        login = address(self.visit(target))
        consent = self.visit(login, {"username": USER.username, "password": password})
        if consent.status != 302:
            return consent
        page = address(self.visit(address(consent)))
        return (
            self.follow(self.visit(page, {"answer": allow})) if page.startswith("/") else self.visit(address(consent))
        )


def address(answer: Response) -> str:
    """Give where an answer redirects to, empty where it does not."""
    return answer.headers.get("location") or ""


def sent_back(answer: Response) -> dict[str, str]:
    """Read the members of an answer in the address it redirects to."""
    parts = urlsplit(address(answer))
    return dict(parse_qsl(parts.query or parts.fragment))
