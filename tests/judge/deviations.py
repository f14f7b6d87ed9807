"""Single deviations from the article, each with the rules that are due: none less, and none more."""

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from blastiq_conformance.evidence import WrittenFile
from fake_idp.wire import Response
from tests.judge.right_client import API, AUTHORITY, WELL_KNOWN, Draft, RightClient, Style

Change: TypeAlias = Callable[[Draft, RightClient], None]


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """What is done otherwise, and the rules that must see it."""

    name: str
    rules: frozenset[str]
    client: Callable[[Style, str, str], RightClient]


def _rules(numbers: str) -> frozenset[str]:
    return frozenset(f"BIQ{number}" for number in numbers.split())


def _sending(when: Callable[[Draft], bool], name: str, numbers: str, change: Change) -> Deviation:
    class Client(RightClient):
        def send(self, draft: Draft) -> Response:
            if when(draft):
                change(draft, self)
            return super().send(draft)

    return Deviation(name=name, rules=_rules(numbers), client=Client)


_sign_in = partial(_sending, lambda draft: bool(draft.fields))
_api = partial(_sending, lambda draft: draft.url == API)


def _discovery(name: str, numbers: str, first: Change) -> Deviation:
    class Client(RightClient):
        def discover(self) -> str:
            draft = Draft(method="GET", url=AUTHORITY + WELL_KNOWN)
            first(draft, self)
            self.send(draft)
            return super().discover()

    return Deviation(name=name, rules=_rules(numbers), client=Client)


def _leak(name: str, numbers: str, change: Callable[[RightClient], None]) -> Deviation:
    class Client(RightClient):
        def call_api(self) -> Response:
            change(self)
            return super().call_api()

    return Deviation(name=name, rules=_rules(numbers), client=Client)


class _Fixed(RightClient):
    """It knows the token endpoint by heart."""

    def discover(self) -> str:
        return AUTHORITY + "/connect/token"


def _add(name: str, value: str) -> Change:
    return lambda draft, _: draft.fields.append((name, value))


def _put(name: str, value: str) -> Change:
    def change(draft: Draft, _: RightClient) -> None:
        draft.fields = [(field, value if field == name else old) for field, old in draft.fields]

    return change


def _scope(value: str) -> Change:
    def change(draft: Draft, _: RightClient) -> None:
        draft.fields = [*((name, old) for name, old in draft.fields if name != "scope"), ("scope", value)]

    return change


def _drop(name: str) -> Change:
    def change(draft: Draft, _: RightClient) -> None:
        draft.fields = [(field, value) for field, value in draft.fields if field != name]

    return change


def _rename(name: str, other: str) -> Change:
    def change(draft: Draft, _: RightClient) -> None:
        draft.fields = [(other if field == name else field, value) for field, value in draft.fields]

    return change


def _header(name: str, value: str) -> Change:
    def change(draft: Draft, client: RightClient) -> None:
        draft.headers = [pair for pair in draft.headers if pair[0] != name]
        draft.headers.append((name, value.format(token=client.token, password=client.password)))

    return change


def _type(value: str | None, body: Callable[[Draft, RightClient], bytes] | None = None) -> Change:
    def change(draft: Draft, client: RightClient) -> None:
        draft.headers = [] if value is None else [("Content-Type", value)]
        draft.body = None if body is None else body(draft, client)

    return change


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _own_basic(draft: Draft, client: RightClient) -> None:
    draft.headers.append(("Authorization", _basic(client.username, client.password)))


def _id_in_basic(draft: Draft, client: RightClient) -> None:
    _drop("client_id")(draft, client)
    draft.headers.append(("Authorization", _basic("external.customer", "")))


def _method(method: str) -> Change:
    return lambda draft, _: setattr(draft, "method", method)


def _as_get(draft: Draft, client: RightClient) -> None:
    draft.method, draft.query, draft.body, draft.headers = "GET", client.form(draft.fields), b"", []


def _grant_in_query(draft: Draft, client: RightClient) -> None:
    draft.query = "grant_type=password"
    _drop("grant_type")(draft, client)


def _multipart(draft: Draft, _: RightClient) -> bytes:
    part = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    return ("".join(part.format(*pair) for pair in draft.fields) + "--b--\r\n").encode()


def _form(draft: Draft, client: RightClient) -> bytes:
    return client.form(draft.fields).encode()


def _zipped(draft: Draft, client: RightClient) -> None:
    draft.headers.append(("Content-Encoding", "gzip"))
    draft.body = gzip.compress(_form(draft, client))


def _bare_secret(draft: Draft, client: RightClient) -> None:
    draft.body = _form(draft, client) + b"&client_secret"


class _RefreshTokenToApi(RightClient):
    """With scope=cosmos it would get none."""

    def __init__(self, style: Style, username: str, password: str) -> None:
        super().__init__(replace(style, scope=False), username, password)

    def call_api(self) -> Response:
        headers = [("Authorization", f"Bearer {self.token}"), ("X-Refresh", self.refresh_token)]
        return self.send(Draft(method="GET", url=API, headers=headers))


def _token_in_query(draft: Draft, client: RightClient) -> None:
    draft.query = f"access_token={client.token}"


def _telemetry(client: RightClient) -> None:
    headers = [("Authorization", f"Bearer {client.token}")]
    client.send(Draft(method="POST", url="https://collector.example/v1/metrics", headers=headers))


def _print(client: RightClient) -> None:
    client.child = replace(client.child, stdout=f"token {client.token}\n".encode())


def _argument(client: RightClient) -> None:
    client.child = replace(client.child, processes=(("curl", "--data", client.password),))


def _cache(client: RightClient) -> None:
    file = WrittenFile(path="token.json", content=client.token.encode(), mode=0o644)
    client.child = replace(client.child, files=(file,))


DEVIATIONS = (
    _sign_in("audience", "211", _add("audience", "https://api.example")),
    _sign_in("empty audience", "211", _add("audience", "")),
    _sign_in("secret", "209", _add("client_secret", "s3cr3t-of-another")),
    _sign_in("empty secret", "210", _add("client_secret", "")),
    _sign_in("bare secret", "210", _bare_secret),
    _sign_in("secret in Basic", "209", _header("Authorization", _basic("external.customer", "s3cr3t"))),
    _sign_in("id in Basic too", "216", _header("Authorization", _basic("external.customer", ""))),
    _sign_in("id in Basic alone", "206 216", _id_in_basic),
    _sign_in("user in Basic", "217", _own_basic),
    _sign_in("client assertion", "223", _add("client_assertion", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln")),
    _sign_in("another scope", "212", _scope("openid profile")),
    _sign_in("openid beside cosmos", "212", _scope("openid cosmos")),
    _sign_in("empty scope", "212", _scope("")),
    _sign_in("scope null", "212 221", _scope("null")),
    _sign_in("JSON", "202", _type("application/json", lambda draft, _: json.dumps(dict(draft.fields)).encode())),
    _sign_in("text", "202", _type("text/plain", _form)),
    _sign_in("no media type", "202", _type(None)),
    _sign_in("multipart", "202", _type("multipart/form-data; boundary=b", _multipart)),
    _sign_in("GET", "201 203 704", _as_get),
    _sign_in("PUT", "201", _method("PUT")),
    _sign_in("grant in the query", "203", _grant_in_query),
    _sign_in("no client id", "206", _drop("client_id")),
    _sign_in("another client id", "206", _put("client_id", "External.Customer")),
    _sign_in("client id twice", "213", _add("client_id", "external.customer")),
    _sign_in("another case", "218", _rename("client_id", "client_Id")),
    _sign_in("Password", "205", _put("grant_type", "Password")),
    _sign_in("no grant type", "205", _drop("grant_type")),
    _sign_in("another password", "305", _put("password", "Zz9!Zz9!Zz9!Zz9!")),
    _sign_in("no username", "207", _drop("username")),
    _sign_in("foreign parameter", "215", _add("realm", "Username-Password-Authentication")),
    _sign_in("compressed", "220", _zipped),
    _sign_in("XML alone", "219", _header("Accept", "text/xml")),
    _sign_in(
        "a line after the body", "215", lambda draft, client: setattr(draft, "body", _form(draft, client) + b"&x=")
    ),
    Deviation(name="fixed endpoint", rules=_rules("103"), client=_Fixed),
    _discovery("discovery by POST", "102", _method("POST")),
    _discovery("doubled slash", "101", lambda draft, _: setattr(draft, "url", AUTHORITY + "/" + WELL_KNOWN)),
    _discovery("secret for discovery", "108", _header("Authorization", "Bearer of-another-session")),
    _api("token in the query", "602 704", _token_in_query),
    _api("token in a cookie too", "603", _header("Cookie", "token={token}")),
    _api("own scheme", "601", _header("Authorization", "Token {token}")),
    _api("quotes", "604", _header("Authorization", 'Bearer "{token}"')),
    _api("lower case", "604", _header("Authorization", "bearer {token}")),
    Deviation(name="refresh token", rules=_rules("509"), client=_RefreshTokenToApi),
    _api("password", "708", _header("X-Key", "{password}")),
    _leak("token elsewhere", "610", _telemetry),
    _leak("token printed", "701", _print),
    _leak("password as argument", "703", _argument),
    _leak("token in a file", "705", _cache),
)
