"""requests-oauthlib: `LegacyApplicationClient` as its page on the backend flow shows, with `include_client_id=True`."""

import os
import sys
import time

import requests
from oauthlib.oauth2 import LegacyApplicationClient, OAuth2Error
from requests_oauthlib import OAuth2Session

# The library asks for https unless told that this is a trial; here the server is on loopback.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
AUTHORITY = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
CLIENT_ID = os.environ["BLASTIQ_CLIENT_ID"]
API_URL = os.environ["BLASTIQ_API_URL"]
USERNAME = os.environ["BLASTIQ_USERNAME"]
PASSWORD = os.environ["BLASTIQ_PASSWORD"]


def discover() -> str:
    found = requests.get(f"{AUTHORITY}/.well-known/openid-configuration", timeout=10)
    found.raise_for_status()
    document = found.json()
    if document["issuer"].rstrip("/") != AUTHORITY:
        raise ValueError("the issuer is not the authority")
    return str(document["token_endpoint"])


def sign_in(session: OAuth2Session, endpoint: str) -> None:
    # Without include_client_id the library sends an empty secret in a Basic header, and no client_id in the form.
    tokens = session.fetch_token(endpoint, username=USERNAME, password=PASSWORD, include_client_id=True, timeout=10)
    if tokens["token_type"].lower() != "bearer":
        raise ValueError("the answer holds no bearer token")


def renew(session: OAuth2Session, endpoint: str) -> None:
    if not session.token.get("refresh_token"):
        return sign_in(session, endpoint)
    try:
        # The session keeps the old refresh token where none comes back; of itself it leaves client_id out.
        session.refresh_token(endpoint, client_id=CLIENT_ID, timeout=10)
    except OAuth2Error:
        sign_in(session, endpoint)


def main() -> None:
    if not (USERNAME and PASSWORD):
        raise ValueError("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
    endpoint = discover()
    session = OAuth2Session(client=LegacyApplicationClient(client_id=CLIENT_ID))
    session.max_redirects = 0  # a redirect of the token endpoint would take the password along
    sign_in(session, endpoint)
    for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
        time.sleep(1 if call else 0)
        answer = session.get(API_URL, timeout=10)
        if answer.status_code == requests.codes.unauthorized:
            renew(session, endpoint)
            answer = session.get(API_URL, timeout=10)
        answer.raise_for_status()


try:
    main()
except (requests.RequestException, OAuth2Error, ValueError, KeyError, TypeError, AttributeError) as problem:
    sys.exit(f"BlastIQ: {type(problem).__name__}: {problem}")
