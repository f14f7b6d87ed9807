"""httpx: a `Client` with a timeout and `post(data=...)`, as its quick start shows; redirects stay off, its default."""

import os
import sys
import time

import httpx

AUTHORITY = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
CLIENT_ID = os.environ["BLASTIQ_CLIENT_ID"]
API_URL = os.environ["BLASTIQ_API_URL"]
USERNAME = os.environ["BLASTIQ_USERNAME"]
PASSWORD = os.environ["BLASTIQ_PASSWORD"]


def discover(http: httpx.Client) -> str:
    document = http.get(f"{AUTHORITY}/.well-known/openid-configuration").raise_for_status().json()
    if document["issuer"].rstrip("/") != AUTHORITY:
        raise ValueError("the issuer is not the authority")
    if AUTHORITY.startswith("https:") and not document["token_endpoint"].startswith("https:"):
        raise ValueError("the token endpoint is not an https:// address")
    return str(document["token_endpoint"])


def request_token(http: httpx.Client, endpoint: str, grant: dict[str, str]) -> dict[str, str]:
    answer = http.post(endpoint, data={**grant, "client_id": CLIENT_ID})
    tokens = answer.raise_for_status().json()
    if not tokens["access_token"] or tokens["token_type"].lower() != "bearer":
        raise ValueError("the answer holds no bearer token")
    return dict(tokens)


def renew(http: httpx.Client, endpoint: str, tokens: dict[str, str]) -> dict[str, str]:
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens.get("refresh_token", "")}
    if refresh["refresh_token"]:
        try:
            # A refresh token stays in force where the answer brings no new one.
            return tokens | request_token(http, endpoint, refresh)
        except httpx.HTTPStatusError as refused:
            if refused.response.status_code != httpx.codes.BAD_REQUEST:
                raise
    return request_token(http, endpoint, {"grant_type": "password", "username": USERNAME, "password": PASSWORD})


def main() -> None:
    if not (USERNAME and PASSWORD):
        raise ValueError("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
    with httpx.Client(timeout=10) as http:
        endpoint = discover(http)
        tokens = renew(http, endpoint, {})
        for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
            time.sleep(1 if call else 0)
            answer = http.get(API_URL, headers={"Authorization": f"Bearer {tokens['access_token']}"})
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                tokens = renew(http, endpoint, tokens)
                answer = http.get(API_URL, headers={"Authorization": f"Bearer {tokens['access_token']}"})
            answer.raise_for_status()


try:
    main()
except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as problem:
    sys.exit(f"BlastIQ: {problem!r}")
