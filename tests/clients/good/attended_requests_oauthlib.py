"""requests-oauthlib: `OAuth2Session` with pkce="S256" as its page on PKCE shows, on a loopback port."""

import os
import sys
import time
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer

from oauthlib.oauth2 import OAuth2Error
from requests import RequestException
from requests_oauthlib import OAuth2Session

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
AUTHORITY = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
CLIENT_ID = os.environ["BLASTIQ_CLIENT_ID"]
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
    session = OAuth2Session(CLIENT_ID, scope=["openid", "cosmos", "offline_access"], pkce="S256")
    document = session.request(
        "GET", f"{AUTHORITY}/.well-known/openid-configuration", withhold_token=True, timeout=TIMEOUT
    ).json()
    if document["issuer"].rstrip("/") != AUTHORITY:
        raise ValueError("the issuer is not the authority")
    with Redirects(("127.0.0.1", 0), Page) as server:
        session.redirect_uri = f"http://127.0.0.1:{server.server_port}/"
        address, _ = session.authorization_url(document["authorization_endpoint"])
        webbrowser.open(address)
        server.handle_request()
    # The library compares the state; another server's answer it does not know.
    if f"iss={AUTHORITY}".replace(":", "%3A").replace("/", "%2F") not in server.path and "iss=" in server.path:
        raise ValueError("another server has answered")
    session.fetch_token(
        document["token_endpoint"],
        authorization_response=session.redirect_uri.rstrip("/") + server.path,
        include_client_id=True,
        timeout=TIMEOUT,
    )
    for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
        time.sleep(1 if call else 0)
        answer = session.get(os.environ["BLASTIQ_API_URL"], timeout=TIMEOUT)
        if answer.status_code == 401:
            session.refresh_token(document["token_endpoint"], client_id=CLIENT_ID, timeout=TIMEOUT)
            answer = session.get(os.environ["BLASTIQ_API_URL"], timeout=TIMEOUT)
        answer.raise_for_status()


try:
    main()
except (OAuth2Error, RequestException, ValueError, KeyError) as problem:
    sys.exit(f"BlastIQ: {type(problem).__name__}")
