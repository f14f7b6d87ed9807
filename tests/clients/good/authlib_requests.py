"""Authlib: `OAuth2Session` over requests with `fetch_token(username=, password=)` and the client auth method "none"."""

import os
import sys
import time

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

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


def sign_in(session: OAuth2Session) -> None:
    tokens = session.fetch_token(username=USERNAME, password=PASSWORD, grant_type="password")
    if not tokens["access_token"] or tokens["token_type"].lower() != "bearer":
        raise ValueError("the answer holds no bearer token")


def renew(session: OAuth2Session) -> None:
    if not session.token.get("refresh_token"):
        return sign_in(session)
    try:
        session.refresh_token()
    except AuthlibBaseError:
        sign_in(session)


def main() -> None:
    if not (USERNAME and PASSWORD):
        raise ValueError("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
    session = OAuth2Session(CLIENT_ID, token_endpoint_auth_method="none", token_endpoint=discover(), default_timeout=10)
    session.max_redirects = 0  # a redirect of the token endpoint would take the password along
    sign_in(session)
    for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
        time.sleep(1 if call else 0)
        answer = session.get(API_URL)
        if answer.status_code == requests.codes.unauthorized:
            renew(session)
            answer = session.get(API_URL)
        answer.raise_for_status()


try:
    main()
except (requests.RequestException, AuthlibBaseError, ValueError, KeyError, TypeError, AttributeError) as problem:
    sys.exit(f"BlastIQ: {type(problem).__name__}: {problem}")
