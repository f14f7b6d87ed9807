"""A good integration, standard library only: reads the contract's environment, signs in, calls the API, renews.

It is documentation: what it does, and what it leaves out, is what the article asks for. `python -m
blastiq_conformance.programs.demo` runs it; `blastiq run --demo` shows that it conforms.
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from ssl import SSLError
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

_TIMEOUT = 10.0  # seconds for a whole answer
_PAUSES = (1.0, 2.0, 0.0)  # after each attempt that met an outage; refused credentials get no second one
_LONGEST_PAUSE = 30.0  # a server that asks for more gets its rest: we give up
_MARGIN = 30.0  # seconds by which a token is renewed ahead of its end
_LARGEST_ANSWER = 1 << 20
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class SignInError(Exception):
    """Something went wrong; the message is for a log and carries no secret."""


class _NoRedirect(HTTPRedirectHandler):
    # A redirect would carry the password to wherever it points: RFC 6749 10.4.
    def redirect_request(self, *_: object) -> None:
        return None


_open = build_opener(_NoRedirect).open


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of an answer."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> dict[str, object]:
        """Read a JSON object, with whatever members it has; raises SignInError if it is not one."""
        with suppress(ValueError, RecursionError):
            parsed = json.loads(self.body)
            if isinstance(parsed, dict):
                return parsed
        raise SignInError(f"status {self.status}, but no JSON object in it")


def send(url: str, *, form: Mapping[str, str] | None = None, token: str | None = None) -> Answer:
    """GET, or POST a form; outages are tried again, with growing pauses or when the server says so."""
    if urlsplit(url).scheme != "https" and urlsplit(url).hostname not in _LOOPBACK:
        raise SignInError("an address is not an https:// one; nothing was sent there")
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if form is None else urlencode(form).encode()
    problem = ""
    for pause in _PAUSES:
        demanded = 0.0
        try:
            answer = _send_once(Request(url, data, headers))  # noqa: S310 - the scheme was checked above
        except TimeoutError:
            raise SignInError(f"no answer within {_TIMEOUT:g} s") from None
        except (OSError, HTTPException) as error:
            # A certificate that is wrong now is wrong in a second, too: RFC 6749 10.9.
            if isinstance(getattr(error, "reason", None), SSLError):
                raise SignInError("TLS failed: the certificate or the version is not one to trust") from None
            problem = f"the connection failed ({type(error).__name__})"
        else:
            if answer.status != 429 and answer.status < 500:
                return answer
            problem = f"the server answered {answer.status}"
            # Too many requests: a pause as usual would not be enough.
            demanded = max(_retry_after(answer.headers.get("Retry-After")), 2 * pause if answer.status == 429 else 0)
        if not pause or demanded > _LONGEST_PAUSE:
            break
        time.sleep(max(pause, demanded))
    raise SignInError(problem)


def _send_once(request: Request) -> Answer:
    deadline = time.monotonic() + _TIMEOUT
    try:
        reply = _open(request, timeout=_TIMEOUT)
    except HTTPError as error:  # every status but 2xx; it is an answer all the same
        reply = error
    with reply:
        body = b""
        # The timeout of a socket starts anew with each byte; the deadline does not.
        while len(body) < _LARGEST_ANSWER and (chunk := reply.read1(1 << 16)):
            body += chunk
            if time.monotonic() > deadline:
                raise TimeoutError
        length = reply.headers.get("Content-Length", "")
        if length.isdecimal() and len(body) < int(length):
            raise ConnectionError("the answer was cut short")
        return Answer(reply.status, reply.headers, body)


def _retry_after(value: str | None) -> float:
    # Seconds or a date: RFC 9110 10.2.3.
    if value is None or value.isdecimal():
        return float(value or 0)
    with suppress(ValueError):
        return parsedate_to_datetime(value).timestamp() - time.time()
    return 0.0


def discover(authority: str) -> str:
    """Ask the identity server for its token endpoint; believe it only if it speaks for itself."""
    authority = authority.rstrip("/")
    answer = send(authority + "/.well-known/openid-configuration")
    if answer.status != 200:
        raise SignInError(f"discovery answered {answer.status}")
    document = answer.json()
    # OpenID Connect Discovery 4.3: the issuer must be the one that was asked, give or take a slash.
    if str(document.get("issuer")).rstrip("/") != authority:
        raise SignInError("the discovery document names another issuer")
    endpoint = document.get("token_endpoint")
    if not isinstance(endpoint, str) or not endpoint.startswith(authority + "/"):
        raise SignInError("the discovery document names no token endpoint below the authority")
    return endpoint


class Session:
    """Signs in when it must, keeps the token while it is good, renews it when it is not."""

    def __init__(self, endpoint: str, client_id: str, username: str, password: str) -> None:
        """Keep what a sign-in needs; nothing is sent yet."""
        self._endpoint, self._client_id = endpoint, client_id
        # No secret, no audience, no scope: the article lists them under unused parameters.
        self._user = {"grant_type": "password", "username": username, "password": password, "client_id": client_id}
        self._access_token, self._refresh_token, self._end = "", "", 0.0

    def get(self, url: str) -> Answer:
        """Call the API; if it refuses the token, renew once and repeat once."""
        if time.monotonic() >= self._end:
            self._renew()
        answer = send(url, token=self._access_token)
        if answer.status == 401:
            self._renew()
            answer = send(url, token=self._access_token)
        return answer

    def _renew(self) -> None:
        if self._refresh_token:
            form = {"grant_type": "refresh_token", "refresh_token": self._refresh_token, "client_id": self._client_id}
            answer = send(self._endpoint, form=form)
            if answer.status == 200:
                return self._keep(answer.json())
            self._refresh_token = ""
        answer = send(self._endpoint, form=self._user)
        if answer.status != 200:
            code = str(answer.json().get("error"))
            # Quoted only if it looks like a code: a server could echo what was sent.
            raise SignInError(f"the sign-in was refused: {code if code.isidentifier() and len(code) < 40 else 'odd'}")
        return self._keep(answer.json())

    def _keep(self, members: Mapping[str, object]) -> None:
        token = members.get("access_token")
        if not isinstance(token, str) or not token:
            raise SignInError("the answer holds no access token")
        # RFC 6749 7.1: never use a token of a type that one does not understand; the name has no case.
        if str(members.get("token_type")).lower() != "bearer":
            raise SignInError("the token is of a type that this client does not understand")
        self._access_token, self._end = token, time.monotonic() + _lifetime(members.get("expires_in"))
        # RFC 6749 6: the newest refresh token, or the old one if none came.
        self._refresh_token = str(members.get("refresh_token") or self._refresh_token)


def _lifetime(seconds: object) -> float:
    # By our own clock, never by the token's claims; if it is unknown, until the API refuses the token.
    with suppress(ValueError):
        return max(0.0, float(str(seconds)) - _MARGIN)
    return float("inf")


def work(environment: Mapping[str, str]) -> None:
    """Sign in and make the calls one after the other, a second apart; raises SignInError if anything fails."""
    names = [f"BLASTIQ_{name}" for name in ("AUTHORITY", "CLIENT_ID", "USERNAME", "PASSWORD", "API_URL")]
    if missing := [name for name in names if not environment.get(name)]:
        raise SignInError(f"not set: {', '.join(missing)}")
    authority, client_id, username, password, api_url = (environment[name] for name in names)
    session = Session(discover(authority), client_id, username, password)
    for call in range(int(environment.get("BLASTIQ_API_CALLS", "1"))):
        time.sleep(1 if call else 0)
        answer = session.get(api_url)
        if answer.status != 200:
            raise SignInError(f"the API answered {answer.status}")


if __name__ == "__main__":
    try:
        work(os.environ)
    except SignInError as problem:
        sys.exit(f"failed: {problem}")
