"""httpx: a form that holds `None`; the library sends such a field, empty."""

import os
import sys

import httpx


def main() -> None:
    authority = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
    document = httpx.get(f"{authority}/.well-known/openid-configuration").json()
    form = {
        "grant_type": "password",
        "client_id": os.environ["BLASTIQ_CLIENT_ID"],
        "client_secret": os.environ.get("BLASTIQ_CLIENT_SECRET"),
        "username": os.environ["BLASTIQ_USERNAME"],
        "password": os.environ["BLASTIQ_PASSWORD"],
    }
    tokens = httpx.post(document["token_endpoint"], data=form).raise_for_status().json()
    api = {"Authorization": f"Bearer {tokens['access_token']}"}
    httpx.get(os.environ["BLASTIQ_API_URL"], headers=api).raise_for_status()


try:
    main()
except httpx.HTTPError as problem:
    sys.exit(f"BlastIQ: {problem}")
