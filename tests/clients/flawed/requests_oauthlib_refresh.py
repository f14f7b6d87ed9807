"""requests-oauthlib: the switch for the first request is set, but `refresh_token` still leaves the client id out."""

import os
import sys
import time

import requests
from oauthlib.oauth2 import LegacyApplicationClient, OAuth2Error
from requests_oauthlib import OAuth2Session

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"


def main() -> None:
    authority = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
    endpoint = requests.get(f"{authority}/.well-known/openid-configuration", timeout=10).json()["token_endpoint"]
    session = OAuth2Session(client=LegacyApplicationClient(client_id=os.environ["BLASTIQ_CLIENT_ID"]))
    user, password = os.environ["BLASTIQ_USERNAME"], os.environ["BLASTIQ_PASSWORD"]
    session.fetch_token(endpoint, username=user, password=password, include_client_id=True, timeout=10)
    for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
        time.sleep(1 if call else 0)
        answer = session.get(os.environ["BLASTIQ_API_URL"], timeout=10)
        if answer.status_code == requests.codes.unauthorized:
            session.refresh_token(endpoint, timeout=10)
            answer = session.get(os.environ["BLASTIQ_API_URL"], timeout=10)
        answer.raise_for_status()


try:
    main()
except (requests.RequestException, OAuth2Error) as problem:
    sys.exit(f"BlastIQ: {problem}")
