"""A desktop program as AppAuth does it, standard library alone: the system's browser, PKCE, state, a loopback port."""

import base64
import hashlib
import json
import os
import secrets
import sys
import time
import webbrowser
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen

AUTHORITY = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
API_URL = os.environ["BLASTIQ_API_URL"]
CLIENT_ID = os.environ["BLASTIQ_CLIENT_ID"]


class Redirects(HTTPServer):
    """Waits for the browser to come back; what else is asked for is not there."""

    answer: dict[str, str] | None = None
    timeout = 60


class Page(BaseHTTPRequestHandler):
    """What the browser is shown in the end."""

    server: Redirects

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        found = parts.path == "/callback"
        if found:
            self.server.answer = dict(parse_qsl(parts.query))
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(b"You can close this page." if found else b"")

    def log_message(self, *_: object) -> None:
        """The code stands in the address: it belongs into no log."""


def discover() -> dict[str, Any]:
    with urlopen(f"{AUTHORITY}/.well-known/openid-configuration", timeout=10) as found:
        document: dict[str, Any] = json.load(found)
    if document["issuer"].rstrip("/") != AUTHORITY:
        raise ValueError("the issuer is not the authority")
    return document


def sign_in(document: dict[str, Any]) -> dict[str, Any]:
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    with Redirects(("127.0.0.1", 0), Page) as server:
        redirect_uri = f"http://127.0.0.1:{server.server_port}/callback"
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": redirect_uri,
            "scope": "openid cosmos offline_access",
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        webbrowser.open(f"{document['authorization_endpoint']}?{urlencode(asked)}")
        deadline = time.monotonic() + server.timeout
        while server.answer is None and time.monotonic() < deadline:
            server.handle_request()
    answer = server.answer or {}
    if not secrets.compare_digest(answer.get("state", ""), state):
        raise ValueError("the answer has another state")
    if answer.get("iss", AUTHORITY) != AUTHORITY:
        raise ValueError("the answer is of another server")
    if "code" not in answer:
        raise ValueError(f"the sign-in ended with {answer.get('error', 'nothing')}")
    exchange = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": redirect_uri,
        "client_id": CLIENT_ID,
        "code_verifier": verifier,
    }
    return ask(document["token_endpoint"], exchange)


def ask(endpoint: str, form: dict[str, str]) -> dict[str, Any]:
    with urlopen(Request(endpoint, data=urlencode(form).encode()), timeout=10) as answer:
        tokens: dict[str, Any] = json.load(answer)
    if not tokens["access_token"] or tokens["token_type"].lower() != "bearer":
        raise ValueError("the answer holds no bearer token")
    return tokens


def call_api(token: str) -> None:
    urlopen(Request(API_URL, headers={"Authorization": f"Bearer {token}"}), timeout=10).close()


def main() -> None:
    document = discover()
    tokens = sign_in(document)
    for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
        time.sleep(1 if call else 0)
        try:
            call_api(tokens["access_token"])
        except HTTPError as refused:
            if refused.code != 401:
                raise
            form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": CLIENT_ID}
            tokens |= ask(document["token_endpoint"], form)
            call_api(tokens["access_token"])


try:
    main()
except (OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError) as problem:
    sys.exit(f"BlastIQ: {problem!r}")
