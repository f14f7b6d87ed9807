"""authlib: `OAuth2Session` with PKCE as its page on the authorization code shows, on a loopback port."""

import json
import os
import sys
import time
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer

from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from requests import RequestException

AUTHORITY = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
TIMEOUT = 10


class Redirects(HTTPServer):
    """Waits for the browser to come back."""

    path = ""
    timeout = 60


class Page(BaseHTTPRequestHandler):
    """What the browser is shown in the end."""

    server: Redirects

    def do_GET(self) -> None:
        self.server.path = self.path
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"You can close this page.")

    def log_message(self, *_: object) -> None:
        """The code stands in the address: it belongs into no log."""


def main() -> None:
    client = OAuth2Session(
        client_id=os.environ["BLASTIQ_CLIENT_ID"],
        scope="openid cosmos offline_access",
        token_endpoint_auth_method="none",
        code_challenge_method="S256",
    )
    found = client.request("GET", f"{AUTHORITY}/.well-known/openid-configuration", withhold_token=True, timeout=TIMEOUT)
    document = found.json()
    if document["issuer"].rstrip("/") != AUTHORITY:
        raise ValueError("the issuer is not the authority")
    client.metadata["token_endpoint"] = document["token_endpoint"]
    verifier = generate_token(48)
    with Redirects(("127.0.0.1", 0), Page) as server:
        client.redirect_uri = f"http://127.0.0.1:{server.server_port}/"
        address, state = client.create_authorization_url(document["authorization_endpoint"], code_verifier=verifier)
        webbrowser.open(address)
        server.handle_request()
    if "code=" not in server.path:
        # The library would go on to the token endpoint with what is left.
        raise ValueError("the sign-in brought no code")
    client.fetch_token(
        document["token_endpoint"],
        authorization_response=client.redirect_uri.rstrip("/") + server.path,
        state=state,
        code_verifier=verifier,
        timeout=TIMEOUT,
    )
    for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
        time.sleep(1 if call else 0)
        answer = client.get(os.environ["BLASTIQ_API_URL"], timeout=TIMEOUT)
        if answer.status_code == 401:
            client.refresh_token(document["token_endpoint"], client.token["refresh_token"], timeout=TIMEOUT)
            answer = client.get(os.environ["BLASTIQ_API_URL"], timeout=TIMEOUT)
        answer.raise_for_status()


try:
    main()
except (AuthlibBaseError, RequestException, json.JSONDecodeError, ValueError, KeyError) as problem:
    sys.exit(f"BlastIQ: {type(problem).__name__}")
