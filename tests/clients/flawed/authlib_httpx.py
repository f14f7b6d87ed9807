"""Authlib: `OAuth2Client` over httpx, auth method "none": raises for a password beyond ASCII, before Python 3.13."""

import os
import sys

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client


def main() -> None:
    authority = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
    document = httpx.get(f"{authority}/.well-known/openid-configuration").json()
    with OAuth2Client(os.environ["BLASTIQ_CLIENT_ID"], token_endpoint_auth_method="none") as session:
        session.fetch_token(
            document["token_endpoint"],
            username=os.environ["BLASTIQ_USERNAME"],
            password=os.environ["BLASTIQ_PASSWORD"],
        )
        session.get(os.environ["BLASTIQ_API_URL"]).raise_for_status()


try:
    main()
except (httpx.HTTPError, AuthlibBaseError, UnicodeError) as problem:
    sys.exit(f"BlastIQ: {type(problem).__name__}")
