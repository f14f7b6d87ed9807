"""The clean core where a person signs in: the same client, with a browser in place of the password."""

import base64
import hashlib
import secrets
import time
import webbrowser
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.clients.flawed.mutants.core import BlastiqError, Client, Form


class Redirects(HTTPServer):
    """Listens for the browser's return."""

    answer: dict[str, str] | None = None
    timeout = 20


class Page(BaseHTTPRequestHandler):
    """Takes the answer out of the address."""

    server: Redirects

    def do_GET(self) -> None:
        self.server.answer = dict(parse_qsl(urlsplit(self.path).query))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class AttendedClient(Client):
    """Each method is a seam for one flaw."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__(environment)
        self.document: dict[str, Any] = {}
        self.verifier, self.state, self.redirect_uri = secrets.token_urlsafe(48), secrets.token_urlsafe(24), ""

    def fetch_document(self) -> dict[str, Any]:
        self.document = super().fetch_document()
        return self.document

    def asked(self) -> dict[str, str]:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid cosmos offline_access",
            "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }

    def exchange(self, code: str) -> Form:
        return [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri),
            ("client_id", self.client_id),
            ("code_verifier", self.verifier),
        ]

    def check_answer(self, answer: dict[str, str]) -> None:
        if answer.get("state") != self.state:
            raise BlastiqError("the answer has another state")

    def sign_in(self) -> None:
        with Redirects(("127.0.0.1", 0), Page) as server:
            self.redirect_uri = f"http://127.0.0.1:{server.server_port}/callback"
            webbrowser.open(f"{self.document['authorization_endpoint']}?{urlencode(self.asked())}")
            deadline = time.monotonic() + server.timeout
            while server.answer is None and time.monotonic() < deadline:
                server.handle_request()
        answer = server.answer or {}
        self.check_answer(answer)
        if "code" not in answer:
            raise BlastiqError(f"the sign-in ended with {answer.get('error')}")
        self.tokens = {}
        self.keep(self.ask(self.exchange(answer["code"])))
