"""httpx: an `AsyncClient` with an `Auth` class that renews on 401, the way its page on custom authentication shows."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator

import httpx

AUTHORITY = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
API_URL = os.environ["BLASTIQ_API_URL"]
SIGN_IN = {
    "grant_type": "password",
    "username": os.environ["BLASTIQ_USERNAME"],
    "password": os.environ["BLASTIQ_PASSWORD"],
    "client_id": os.environ["BLASTIQ_CLIENT_ID"],
}


class BlastiqAuth(httpx.Auth):
    """Signs in before the first call and once more when a call is answered 401."""

    def __init__(self) -> None:
        self.token = ""

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        if not self.token:
            self.token = await sign_in()
        request.headers["Authorization"] = f"Bearer {self.token}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            self.token = await sign_in()
            request.headers["Authorization"] = f"Bearer {self.token}"
            yield request


async def sign_in() -> str:
    async with httpx.AsyncClient(timeout=10) as http:
        found = await http.get(f"{AUTHORITY}/.well-known/openid-configuration")
        document = found.raise_for_status().json()
        if document["issuer"].rstrip("/") != AUTHORITY:
            raise ValueError("the issuer is not the authority")
        answer = await http.post(document["token_endpoint"], data=SIGN_IN)
        tokens = answer.raise_for_status().json()
        if not tokens["access_token"] or tokens["token_type"].lower() != "bearer":
            raise ValueError("the answer holds no bearer token")
        return str(tokens["access_token"])


async def main() -> None:
    if not (SIGN_IN["username"] and SIGN_IN["password"]):
        raise ValueError("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
    async with httpx.AsyncClient(auth=BlastiqAuth(), timeout=10) as api:
        for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
            await asyncio.sleep(1 if call else 0)
            (await api.get(API_URL)).raise_for_status()


try:
    asyncio.run(main())
except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as problem:
    sys.exit(f"BlastIQ: {problem!r}")
