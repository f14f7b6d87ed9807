"""HAR files for tests, entry by entry, as a proxy would write them."""

import json
from pathlib import Path

from fake_idp.wire import FORM, Json

PRODUCTION = "https://www.blastiq.com/identity"
DISCOVERY = "/.well-known/openid-configuration"
TOKEN = "eyJhbGciOiJub25lIn0.eyJhIjoiYiJ9.c2lnbmF0dXJlMTIz"
Entry = dict[str, Json]


def entry(
    url: str,
    method: str = "GET",
    body: str | None = None,
    *,
    answer: object = None,
    status: int = 200,
    authorization: str = "",
) -> Entry:
    """Give an exchange."""
    fields: list[Json] = [{"name": "Authorization", "value": authorization}] if authorization else []
    request: Entry = {"method": method, "url": url, "headers": fields}
    if body is not None:
        request["postData"] = {"mimeType": FORM, "text": body}
    told: Json = [{"name": "Content-Type", "value": "application/json"}]
    response: Entry = {"status": status, "headers": told, "content": {"text": json.dumps(answer or {})}}
    return {"startedDateTime": "2026-01-01T00:00:00Z", "time": 1, "request": request, "response": response}


def discovery(authority: str = PRODUCTION, at: str = "") -> Entry:
    """Give the discovery document of an authority, asked for there or at another address."""
    document = {"issuer": authority, "token_endpoint": f"{authority}/connect/token"}
    return entry((at or authority) + DISCOVERY, answer=document)


def sign_in(url: str = f"{PRODUCTION}/connect/token", client_id: str = "external.customer", more: str = "") -> Entry:
    """Give a sign-in that was answered with a token."""
    fields = f"grant_type=password&username=u%40mine.example&password=p9X2mK4vQ7wZ&client_id={client_id}"
    answer = {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}
    return entry(url, "POST", fields + more, answer=answer)


def refusal(error: str = "invalid_scope", more: str = "", url: str = f"{PRODUCTION}/connect/token") -> Entry:
    """Give a sign-in that was refused."""
    return sign_in(url, more=more) | {"response": entry(url, answer={"error": error}, status=400)["response"]}


def call(url: str) -> Entry:
    """Give a call with the token in its header."""
    return entry(url, authorization=f"Bearer {TOKEN}")


def write_har(path: Path, *entries: Json) -> Path:
    """Write the entries as a file."""
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries)}}), encoding="utf-8")
    return path
