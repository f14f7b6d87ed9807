"""urllib3: `request_encode_body` with `encode_multipart=False`, as its user guide posts a form; refreshes on 401."""

import os
import sys
import time

import urllib3

AUTHORITY = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
API_URL = os.environ["BLASTIQ_API_URL"]
PASSWORD_GRANT = {
    "grant_type": "password",
    "username": os.environ["BLASTIQ_USERNAME"],
    "password": os.environ["BLASTIQ_PASSWORD"],
}
# Neither a retry nor a redirect: each would send the password again.
http = urllib3.PoolManager(timeout=10, retries=False)


def discover() -> str:
    found = http.request("GET", f"{AUTHORITY}/.well-known/openid-configuration")
    document = read(found)
    if document["issuer"].rstrip("/") != AUTHORITY:
        raise ValueError("the issuer is not the authority")
    return document["token_endpoint"]


def read(answer: urllib3.BaseHTTPResponse) -> dict[str, str]:
    if answer.status != 200:
        raise ValueError(f"the answer is {answer.status}")
    return dict(answer.json())


def ask(endpoint: str, grant: dict[str, str]) -> urllib3.BaseHTTPResponse:
    form = {**grant, "client_id": os.environ["BLASTIQ_CLIENT_ID"]}
    return http.request_encode_body("POST", endpoint, fields=form, encode_multipart=False)


def renew(endpoint: str, tokens: dict[str, str]) -> dict[str, str]:
    answer = None
    if refresh := tokens.get("refresh_token"):
        answer = ask(endpoint, {"grant_type": "refresh_token", "refresh_token": refresh})
    if answer is None or answer.status == 400:
        answer = ask(endpoint, PASSWORD_GRANT)
    newest = read(answer)
    if not newest["access_token"] or newest["token_type"].lower() != "bearer":
        raise ValueError("the answer holds no bearer token")
    return tokens | newest


def call_api(tokens: dict[str, str]) -> int:
    return http.request("GET", API_URL, headers={"Authorization": f"Bearer {tokens['access_token']}"}).status


def main() -> None:
    if "" in PASSWORD_GRANT.values():
        raise ValueError("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
    endpoint = discover()
    tokens = renew(endpoint, {})
    for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
        time.sleep(1 if call else 0)
        status = call_api(tokens)
        if status == 401:
            tokens = renew(endpoint, tokens)
            status = call_api(tokens)
        if status != 200:
            raise ValueError(f"the API answered {status}")


try:
    main()
except (urllib3.exceptions.HTTPError, ValueError, KeyError, TypeError, AttributeError) as problem:
    sys.exit(f"BlastIQ: {problem!r}")
