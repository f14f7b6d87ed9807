"""aiohttp: one `ClientSession` with a total timeout, `post(url, data=dict)`, as its quick start shows."""

import asyncio
import os
import sys

import aiohttp

AUTHORITY = os.environ["BLASTIQ_AUTHORITY"].rstrip("/")
CLIENT_ID = os.environ["BLASTIQ_CLIENT_ID"]
API_URL = os.environ["BLASTIQ_API_URL"]
USERNAME = os.environ["BLASTIQ_USERNAME"]
PASSWORD = os.environ["BLASTIQ_PASSWORD"]


async def discover(http: aiohttp.ClientSession) -> str:
    async with http.get(f"{AUTHORITY}/.well-known/openid-configuration", raise_for_status=True) as found:
        document = await found.json()
    if document["issuer"].rstrip("/") != AUTHORITY:
        raise ValueError("the issuer is not the authority")
    return str(document["token_endpoint"])


async def request_token(http: aiohttp.ClientSession, endpoint: str, grant: dict[str, str]) -> dict[str, str]:
    form = {**grant, "client_id": CLIENT_ID}
    async with http.post(endpoint, data=form, raise_for_status=True, allow_redirects=False) as answer:
        tokens = await answer.json()
    if not tokens["access_token"] or tokens["token_type"].lower() != "bearer":
        raise ValueError("the answer holds no bearer token")
    return dict(tokens)


async def renew(http: aiohttp.ClientSession, endpoint: str, tokens: dict[str, str]) -> dict[str, str]:
    if refresh := tokens.get("refresh_token"):
        try:
            grant = {"grant_type": "refresh_token", "refresh_token": refresh}
            return tokens | await request_token(http, endpoint, grant)
        except aiohttp.ClientResponseError as refused:
            if refused.status != 400:
                raise
    return await request_token(http, endpoint, {"grant_type": "password", "username": USERNAME, "password": PASSWORD})


async def call_api(http: aiohttp.ClientSession, tokens: dict[str, str]) -> bool:
    async with http.get(API_URL, headers={"Authorization": f"Bearer {tokens['access_token']}"}) as answer:
        if answer.status != 401:
            answer.raise_for_status()
        return answer.ok


async def main() -> None:
    if not (USERNAME and PASSWORD):
        raise ValueError("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
        endpoint = await discover(http)
        tokens = await renew(http, endpoint, {})
        for call in range(int(os.environ["BLASTIQ_API_CALLS"])):
            await asyncio.sleep(1 if call else 0)
            if not await call_api(http, tokens):
                tokens = await renew(http, endpoint, tokens)
                if not await call_api(http, tokens):
                    raise ValueError("the API refuses a new token")


try:
    asyncio.run(main())
except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError, AttributeError) as problem:
    sys.exit(f"BlastIQ: {type(problem).__name__}: {problem}")
