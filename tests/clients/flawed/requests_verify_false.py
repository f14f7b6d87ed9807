"""requests: `verify=False`, from an answer to CERTIFICATE_VERIFY_FAILED."""

import os
import sys

import requests
import urllib3


def main() -> None:
    urllib3.disable_warnings()
    authority = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
    with requests.Session() as session:
        session.verify = False
        # In a session a CA file of the environment wins over the switch: so each call says it again.
        found = session.get(f"{authority}/.well-known/openid-configuration", timeout=10, verify=False)
        grant = {
            "grant_type": "password",
            "client_id": os.environ["BLASTIQ_CLIENT_ID"],
            "username": os.environ["BLASTIQ_USERNAME"],
            "password": os.environ["BLASTIQ_PASSWORD"],
        }
        endpoint = found.json()["token_endpoint"]
        answer = session.post(endpoint, data=grant, timeout=10, verify=False, allow_redirects=False)
        answer.raise_for_status()
        api = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        session.get(os.environ["BLASTIQ_API_URL"], headers=api, timeout=10, verify=False).raise_for_status()


try:
    main()
except requests.RequestException as problem:
    sys.exit(f"BlastIQ: {type(problem).__name__}")
