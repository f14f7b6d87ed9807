"""requests: `params=` where `data=` was meant; all goes into the address."""

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
    answer = requests.post(document["token_endpoint"], params=grant, timeout=10)
    if not answer.ok:
        sys.exit(f"BlastIQ: sign-in was answered {answer.status_code}")
    api = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    requests.get(os.environ["BLASTIQ_API_URL"], headers=api, timeout=10).raise_for_status()


main()
