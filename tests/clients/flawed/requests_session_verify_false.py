"""requests: `session.verify = False`, which a CA file in the environment would undo."""

import os
import sys

import requests
import urllib3


def main() -> None:
    urllib3.disable_warnings()
    authority = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
    with requests.Session() as session:
        session.verify = False
        found = session.get(f"{authority}/.well-known/openid-configuration", timeout=10)
        grant = {
            "grant_type": "password",
            "client_id": os.environ["BLASTIQ_CLIENT_ID"],
            "username": os.environ["BLASTIQ_USERNAME"],
            "password": os.environ["BLASTIQ_PASSWORD"],
        }
        answer = session.post(found.json()["token_endpoint"], data=grant, timeout=10, allow_redirects=False)
        answer.raise_for_status()
        api = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        session.get(os.environ["BLASTIQ_API_URL"], headers=api, timeout=10).raise_for_status()


try:
    main()
except requests.RequestException as problem:
    sys.exit(f"BlastIQ: {type(problem).__name__}")
