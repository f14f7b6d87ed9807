"""urllib: `urlencode` and `Request(data=...)`, as the standard library's HOWTO shows; signs in again on 401."""

import json
import os
import sys
import time
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

AUTHORITY = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
API_URL = os.environ["BLASTIQ_API_URL"]
SIGN_IN = {
    "grant_type": "password",
    "username": os.environ["BLASTIQ_USERNAME"],
    "password": os.environ["BLASTIQ_PASSWORD"],
    "client_id": os.environ["BLASTIQ_CLIENT_ID"],
}


def discover() -> str:
    with urlopen(f"{AUTHORITY}/.well-known/openid-configuration", timeout=10) as found:
        document = json.load(found)
    if document["issuer"].rstrip("/") != AUTHORITY:
        raise ValueError("the issuer is not the authority")
    return str(document["token_endpoint"])


def sign_in(endpoint: str) -> str:
    with urlopen(Request(endpoint, data=urlencode(SIGN_IN).encode()), timeout=10) as answer:
        tokens = json.load(answer)
    if not tokens["access_token"] or tokens["token_type"].lower() != "bearer":
        raise ValueError("the answer holds no bearer token")
    return str(tokens["access_token"])


def call_api(token: str) -> None:
    request = Request(API_URL)
    # A header of another kind is sent on to wherever a redirect leads.
    request.add_unredirected_header("Authorization", f"Bearer {token}")
    urlopen(request, timeout=10).close()


def main() -> None:
    if not (SIGN_IN["username"] and SIGN_IN["password"]):
        raise ValueError("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
    endpoint = discover()
    token = sign_in(endpoint)
    for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
        time.sleep(1 if call else 0)
        try:
            call_api(token)
        except HTTPError as refused:
            if refused.code != 401:
                raise
            token = sign_in(endpoint)
            call_api(token)


try:
    main()
except (OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError) as problem:
    sys.exit(f"BlastIQ: {problem!r}")
