"""requests-oauthlib: the backend flow to the letter of its page; of itself the client id goes to a Basic header."""

import os
import sys

import requests
from oauthlib.oauth2 import LegacyApplicationClient, OAuth2Error
from requests_oauthlib import OAuth2Session

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"


def main() -> None:
    authority = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
    document = requests.get(f"{authority}/.well-known/openid-configuration", timeout=10).json()
    session = OAuth2Session(client=LegacyApplicationClient(client_id=os.environ["BLASTIQ_CLIENT_ID"]))
    session.fetch_token(
        document["token_endpoint"],
        username=os.environ["BLASTIQ_USERNAME"],
        password=os.environ["BLASTIQ_PASSWORD"],
        timeout=10,
    )
    session.get(os.environ["BLASTIQ_API_URL"], timeout=10).raise_for_status()


try:
    main()
except (requests.RequestException, OAuth2Error) as problem:
    sys.exit(f"BlastIQ: {problem}")
