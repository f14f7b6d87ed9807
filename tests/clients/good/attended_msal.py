"""MSAL: `acquire_token_interactive` at an authority of any maker, as its reference shows; https alone."""

import os
import sys
import time
from typing import Any

from msal import PublicClientApplication
from requests import RequestException, Response, get

# The library passes an answer with another state over and waits for the right one: this is for how long.
PATIENCE = 8
TIMEOUT = 10
SCOPES = ["cosmos"]


def renew(application: PublicClientApplication) -> dict[str, Any]:
    (account,) = application.get_accounts()
    return found(application.acquire_token_silent(SCOPES, account, force_refresh=True))


def found(tokens: dict[str, Any] | None) -> dict[str, Any]:
    if not tokens or "access_token" not in tokens:
        raise ValueError(f"the sign-in ended with {(tokens or {}).get('error', 'nothing')}")
    return tokens


def call_api(tokens: dict[str, Any]) -> Response:
    header = {"Authorization": f"Bearer {tokens['access_token']}"}
    return get(os.environ["BLASTIQ_API_URL"], headers=header, timeout=TIMEOUT)


def main() -> None:
    application = PublicClientApplication(
        os.environ["BLASTIQ_CLIENT_ID"],
        oidc_authority=os.environ["BLASTIQ_AUTHORITY"].rstrip("/"),
        timeout=TIMEOUT,
    )
    tokens = found(application.acquire_token_interactive(SCOPES, timeout=PATIENCE))
    for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
        time.sleep(1 if call else 0)
        answer = call_api(tokens)
        if answer.status_code == 401:
            tokens = renew(application)
            answer = call_api(tokens)
        answer.raise_for_status()


try:
    main()
except (RequestException, RuntimeError, ValueError) as problem:
    sys.exit(f"BlastIQ: {type(problem).__name__}")
