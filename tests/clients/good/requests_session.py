"""requests: a `Session`, `post(url, data=dict)` and `raise_for_status`, as its quick start shows."""

import os
import sys
import time

import requests

AUTHORITY = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
CLIENT_ID = os.environ["BLASTIQ_CLIENT_ID"]
API_URL = os.environ["BLASTIQ_API_URL"]
USERNAME = os.environ["BLASTIQ_USERNAME"]
PASSWORD = os.environ["BLASTIQ_PASSWORD"]


class Blastiq:
    """Signs in, keeps the newest tokens and calls the API."""

    def __init__(self) -> None:
        self.http = requests.Session()
        found = self.http.get(f"{AUTHORITY}/.well-known/openid-configuration", timeout=10)
        found.raise_for_status()
        document = found.json()
        if document["issuer"].rstrip("/") != AUTHORITY:
            raise ValueError("the issuer is not the authority")
        if AUTHORITY.startswith("https:") and not document["token_endpoint"].startswith("https:"):
            raise ValueError("the token endpoint is not an https:// address")
        self.endpoint: str = document["token_endpoint"]
        self.access_token = self.refresh_token = ""
        self.sign_in()

    def sign_in(self) -> None:
        self.keep(self.ask(grant_type="password", username=USERNAME, password=PASSWORD))

    def renew(self) -> None:
        if self.refresh_token:
            answer = self.ask(grant_type="refresh_token", refresh_token=self.refresh_token)
            if answer.status_code != requests.codes.bad_request:
                self.keep(answer)
                return
            self.refresh_token = ""
        self.sign_in()

    def ask(self, **grant: str) -> requests.Response:
        # A redirect would carry the password on: none is followed.
        form = {**grant, "client_id": CLIENT_ID}
        return self.http.post(self.endpoint, data=form, timeout=10, allow_redirects=False)

    def keep(self, answer: requests.Response) -> None:
        answer.raise_for_status()
        tokens = answer.json()
        if not tokens["access_token"] or tokens["token_type"].lower() != "bearer":
            raise ValueError("the answer holds no bearer token")
        self.access_token = tokens["access_token"]
        self.refresh_token = tokens.get("refresh_token") or self.refresh_token

    def get(self) -> requests.Response:
        # Not a header of the session: that one would go to the token endpoint, too.
        return self.http.get(API_URL, timeout=10, headers={"Authorization": f"Bearer {self.access_token}"})


def main() -> None:
    if not (USERNAME and PASSWORD):
        raise ValueError("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
    blastiq = Blastiq()
    for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
        time.sleep(1 if call else 0)
        answer = blastiq.get()
        if answer.status_code == requests.codes.unauthorized:
            blastiq.renew()
            answer = blastiq.get()
        answer.raise_for_status()


try:
    main()
except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as problem:
    sys.exit(f"BlastIQ: {problem!r}")
