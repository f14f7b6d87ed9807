"""requests: `post` follows 307 and 308 by itself, with the whole form, to whatever host they name."""

import os
import sys

import requests


def main() -> None:
    authority = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
    document = requests.get(f"{authority}/.well-known/openid-configuration", timeout=10).json()
    grant = {
        "grant_type": "password",
        "client_id": os.environ["BLASTIQ_CLIENT_ID"],
        "username": os.environ["BLASTIQ_USERNAME"],
        "password": os.environ["BLASTIQ_PASSWORD"],
    }
    answer = requests.post(document["token_endpoint"], data=grant, timeout=10)
    answer.raise_for_status()
    api = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    requests.get(os.environ["BLASTIQ_API_URL"], headers=api, timeout=10).raise_for_status()


try:
    main()
except requests.RequestException as problem:
    sys.exit(f"BlastIQ: {type(problem).__name__}")
