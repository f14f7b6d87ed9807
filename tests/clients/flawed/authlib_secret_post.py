"""Authlib: the method "client_secret_post", which discovery lists; without a secret it sends an empty one."""

import os
import sys

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session


def main() -> None:
    authority = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
    document = requests.get(f"{authority}/.well-known/openid-configuration", timeout=10).json()
    method = document["token_endpoint_auth_methods_supported"][-1]
    session = OAuth2Session(os.environ["BLASTIQ_CLIENT_ID"], token_endpoint_auth_method=method, default_timeout=10)
    session.fetch_token(
        document["token_endpoint"],
        username=os.environ["BLASTIQ_USERNAME"],
        password=os.environ["BLASTIQ_PASSWORD"],
    )
    session.get(os.environ["BLASTIQ_API_URL"]).raise_for_status()


try:
    main()
except (requests.RequestException, AuthlibBaseError) as problem:
    sys.exit(f"BlastIQ: {problem}")
