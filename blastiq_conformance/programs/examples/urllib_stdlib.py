"""urllib: `urlencode` and `Request(data=...)`, as the standard library's HOWTO shows; renews by the refresh token.

`blastiq run --demo` judges this program.
"""

import json
import os
import sys
import time
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

AUTHORITY = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
API_URL = os.environ["BLASTIQ_API_URL"]
CLIENT_ID = os.environ["BLASTIQ_CLIENT_ID"]
SIGN_IN = {
    "grant_type": "password",
    "username": os.environ["BLASTIQ_USERNAME"],
    "password": os.environ["BLASTIQ_PASSWORD"],
    "client_id": CLIENT_ID,
}
# Seconds for a whole answer, and seconds by which a token is renewed ahead of its end.
TIMEOUT, MARGIN = 10, 30


class Session:
    """Keeps a token while it is good, and renews it when it is not."""

    def __init__(self) -> None:
        """Find the token endpoint; nothing secret is sent yet."""
        self.endpoint = discover()
        self.access_token = self.refresh_token = ""
        self.end = 0.0

    def call_api(self) -> None:
        """Call the API; if it refuses the token, renew once and repeat once."""
        if time.monotonic() >= self.end:
            self.renew()
        try:
            call_api(self.access_token)
        except HTTPError as refused:
            if refused.code != 401:
                raise
            self.renew()
            call_api(self.access_token)

    def renew(self) -> None:
        """Renew the token, or sign in if there is no refresh token or it is refused."""
        if self.refresh_token:
            form = {"grant_type": "refresh_token", "refresh_token": self.refresh_token, "client_id": CLIENT_ID}
            try:
                self.ask(form)
            except HTTPError as refused:
                if refused.code != 400:
                    raise
                self.refresh_token = ""
        if not self.refresh_token:
            self.ask(SIGN_IN)

    def ask(self, form: dict[str, str]) -> None:
        """Ask for a token, and keep what came."""
        tokens = load(Request(self.endpoint, data=urlencode(form).encode()))
        if not tokens["access_token"] or tokens["token_type"].lower() != "bearer":
            raise ValueError("the answer holds no bearer token")
        self.access_token = str(tokens["access_token"])
        # If no new one came, the old one stays (RFC 6749 6).
        self.refresh_token = str(tokens.get("refresh_token") or self.refresh_token)
        self.end = time.monotonic() + lifetime(tokens.get("expires_in"))


def discover() -> str:
    document = load(Request(f"{AUTHORITY}/.well-known/openid-configuration"))
    if document["issuer"].rstrip("/") != AUTHORITY:
        raise ValueError("the issuer is not the authority")
    # The password goes nowhere else, nor over plain HTTP where the authority has TLS.
    if not document["token_endpoint"].startswith(document["issuer"].rstrip("/") + "/"):
        raise ValueError("the token endpoint is not below the authority")
    return str(document["token_endpoint"])


def load(request: Request) -> dict[str, Any]:
    """Give the members of an answer; the timeout of urllib starts anew with each byte, the deadline does not."""
    deadline, body = time.monotonic() + TIMEOUT, b""
    with urlopen(request, timeout=TIMEOUT) as answer:
        while piece := answer.read1(1 << 16):
            body += piece
            if time.monotonic() > deadline:
                raise TimeoutError(f"no whole answer within {TIMEOUT} s")
    members = json.loads(body)
    return members if isinstance(members, dict) else {}


def lifetime(seconds: object) -> float:
    """Give the seconds for which a token is used; one of unknown lifetime until the API refuses it."""
    try:
        return float(str(seconds)) - MARGIN
    except ValueError:
        return float("inf")


def call_api(token: str) -> None:
    request = Request(API_URL)
    # A header of another kind is sent on to wherever a redirect leads.
    request.add_unredirected_header("Authorization", f"Bearer {token}")
    urlopen(request, timeout=TIMEOUT).close()


def main() -> None:
    if not (SIGN_IN["username"] and SIGN_IN["password"]):
        raise ValueError("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
    session = Session()
    for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
        time.sleep(1 if call else 0)
        session.call_api()


try:
    main()
except (OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError) as problem:
    sys.exit(f"BlastIQ: {problem!r}")
