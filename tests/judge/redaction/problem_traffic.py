"""Traffic of clients with flaws of every kind, for properties: secrets in every place that rules look at."""

import base64
import gzip
import json
from dataclasses import dataclass, replace
from urllib.parse import quote, quote_plus

from hypothesis import strategies as st

from blastiq_conformance.evidence import Child, Evidence, Facts, WrittenFile
from fake_idp.classify import Endpoints, classify
from fake_idp.journal import Connection, Exchange
from fake_idp.secrets.search import Secret
from fake_idp.wire import Headers, Request, Response
from tests.judge.redaction.secret_pools import REFRESH_TOKEN, SECRETS, USERS, Pool, pools

FORM = "application/x-www-form-urlencoded"

names = st.sampled_from(
    ("password", "username", "client_secret", "refresh_token", "access_token", "Password", "client_assertion", "code")
)
plain = st.sampled_from(
    (
        ("grant_type", "password"),
        ("client_id", "external.customer"),
        ("client_id", "other-app"),
        ("scope", "cosmos"),
        ("scope", "openid profile"),
        ("audience", "https://api.example"),
        ("realm", "mine"),
        ("client_Id", "external.customer"),
    )
)
encoders = st.sampled_from(
    (
        quote_plus,
        quote,
        str,
        lambda text: quote(text, safe=";,/?:@&=+$!'()*#"),
        lambda text: quote(text.encode("latin-1", "replace")),
    )
)


@st.composite
def fields(draw: st.DrawFn, pool: Pool) -> list[tuple[str, str]]:
    sign_in = [
        ("grant_type", "password"),
        ("username", draw(st.sampled_from(pool.users))),
        ("password", draw(pool.named("password"))),
    ]
    refresh = [("grant_type", "refresh_token"), ("refresh_token", draw(pool.named("refresh_token")))]
    start = draw(st.sampled_from(([], sign_in, [*sign_in, ("client_id", "external.customer")], refresh)))
    more = draw(st.lists(names.flatmap(lambda name: st.tuples(st.just(name), pool.named(name))) | plain, max_size=3))
    return [*start, *more]


@st.composite
def token_requests(draw: st.DrawFn, pool: Pool) -> Request:
    pairs, encode = draw(fields(pool)), draw(encoders)
    form = "&".join(f"{name}={encode(value)}" for name, value in pairs)
    headers: list[tuple[str, str]] = []
    target, body = "/identity/connect/token", b""
    match draw(st.sampled_from(("form", "form", "form", "query", "json", "multipart", "text", "gzip"))):
        case "form":
            headers, body = [("Content-Type", FORM)], form.encode()
        case "query":
            target += "?" + quote(form, safe="%&=+")
        case "json":
            headers, body = [("Content-Type", "application/json")], json.dumps(dict(pairs)).encode()
        case "text":
            headers, body = [("Content-Type", "text/plain")], form.encode()
        case "gzip":
            headers = [("Content-Type", FORM), ("Content-Encoding", "gzip")]
            body = gzip.compress(form.encode(), mtime=0)
        case _:
            parts = [f'--b0\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in pairs]
            headers = [("Content-Type", "multipart/form-data; boundary=b0")]
            body = ("".join(parts) + "--b0--\r\n").encode()
    headers += draw(st.lists(extra_headers(pool), max_size=2))
    method = draw(st.sampled_from(("POST", "POST", "POST", "GET")))
    return Request(method=method, target=target, headers=Headers(tuple(headers)), body=body)


@st.composite
def extra_headers(draw: st.DrawFn, pool: Pool) -> tuple[str, str]:
    value, user = draw(pool.values), draw(st.sampled_from((*pool.users, "external.customer", "other-app")))
    basic = base64.b64encode(f"{user}:{value}".encode()).decode()
    encoded = base64.b64encode(f"{quote(user)}:{quote(value)}".encode()).decode()
    header = value.encode().decode("latin-1")
    return draw(
        st.sampled_from(
            (
                ("Authorization", f"Basic {basic}"),
                ("Authorization", f"Basic {encoded}"),
                ("Authorization", f"Basic {base64.b64encode(value.encode()).decode()}"),
                ("Authorization", f"Bearer {header}"),
                ("Cookie", f"lang=en; session={quote(value)}"),
                ("Referer", f"https://{quote(user)}:{quote(value)}@mine.example/a?password={quote(value)}"),
                ("X-Api-Key", header),
                ("X-Trace", f"id-{quote(value)}-1"),
                ("Accept", "application/json"),
            )
        )
    )


@st.composite
def answers(draw: st.DrawFn, pool: Pool) -> Response | None:
    members: dict[str, object] = {"access_token": draw(pool.tokens), "expires_in": 3600, "token_type": "Bearer"}
    members |= draw(
        st.sampled_from(({}, {"refresh_token": draw(pool.named("refresh_token"))}, {"id_token": draw(pool.tokens)}))
    )
    text = json.dumps(members, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from((None, 1))))
    headers = Headers.of({"Content-Type": "application/json"})
    return draw(
        st.sampled_from(
            (
                Response(status=200, headers=headers, body=text.encode()),
                Response(status=200, headers=headers, body=text.encode()[: len(text) // 2]),
                Response(status=400, headers=headers, body=b'{"error":"invalid_grant"}'),
                Response(status=503, headers=Headers((("Set-Cookie", f"s={quote(draw(pool.values))}; path=/"),))),
                None,
            )
        )
    )


@st.composite
def api_calls(draw: st.DrawFn, pool: Pool) -> Request:
    token = draw(pool.tokens)
    shapes = (f"Bearer {token}", f'Bearer "{token}"', f"Bearer <{token}>", f"Bearer  {token}", f"bearer {token}")
    more = (
        f"Bearer {quote(token, safe='')}",
        f"Bearer Bearer {token}",
        f"Bearer {REFRESH_TOKEN[:14]}",
        token,
        f"Token {token}",
    )
    header = ("Authorization", draw(st.sampled_from((*shapes, *more))))
    target = draw(st.sampled_from(("/api", f"/api?access_token={quote(token)}", f"/api/v1/{quote(token)}?a=b")))
    headers = draw(st.sampled_from(((header,), (), (("X-Token", token),), (("Cookie", f"t={quote(token)}"),))))
    return Request(method="GET", target=target, headers=Headers(headers))


others = st.sampled_from(
    (
        Request(method="GET", target="/identity/.well-known/openid-configuration"),
        Request(method="GET", target="/identity/.well-known/openid-configuration?x=1"),
        Request(method="POST", target="/v1/telemetry", body=b'{"p": "Kq7vN2xW4mZ8tR1pLs9d", "n": [1, null]}'),
    )
)


# How far a Content-Length is off: what cut a body, or edited a recording, left the old one.
untruths = st.sampled_from((None, None, 0, 0, 25, -25, 400, -400))


@st.composite
def measured(draw: st.DrawFn, fields: Headers, body: bytes) -> Headers:
    """Give header fields with a Content-Length, most of the time a right one."""
    off = draw(untruths)
    return fields if off is None else Headers((*fields.raw, ("Content-Length", str(max(0, len(body) + off)))))


@dataclass(frozen=True)
class _Loss:
    edited: str = ""
    lost: frozenset[str] = frozenset()


losses = st.sampled_from((_Loss(), _Loss(), _Loss("edited"), _Loss("edited", frozenset({"body"}))))


@st.composite
def exchanges(draw: st.DrawFn, pool: Pool) -> tuple[Exchange, ...]:
    found = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        sent, got = draw(token_requests(pool) | api_calls(pool) | others), draw(answers(pool))
        sent = replace(sent, headers=draw(measured(sent.headers, sent.body)))
        if got is not None:
            got = replace(got, headers=draw(measured(got.headers, got.body)))
        loss = draw(losses)
        exchange = Exchange(
            number=number,
            kind=classify(sent, Endpoints()),
            request=sent,
            response=got,
            started=number * 1.5,
            ended=number * 1.5 + 0.1,
            edited=loss.edited,
            lost=loss.lost,
        )
        found.append(exchange)
    return tuple(found)


@st.composite
def recordings(draw: st.DrawFn) -> Evidence:
    """Traffic of which nobody told the secrets."""
    return Evidence(exchanges=draw(exchanges(draw(pools()))))


@st.composite
def runs(draw: st.DrawFn) -> Evidence:
    """Traffic of a scenario, with what the kit issued, and what the process did."""
    pool = draw(pools())
    # Canaries are long, N7, and no JWTs, which all have something in common.
    given = [value for value in pool.secrets if len(value) >= 20 and not value.startswith("eyJ")] or [SECRETS[0]]
    username, password = draw(st.sampled_from(USERS[:2])), draw(st.sampled_from(given))
    issued = [Secret("username", username), Secret("password", password)]
    issued += [
        Secret("access_token", token) for token in draw(st.lists(st.sampled_from(pool.refresh_tokens), max_size=1))
    ]
    scenario = draw(st.sampled_from(("sign-in", "special-characters", "verbose")))
    facts = Facts(username=username, password=password, issued=tuple(issued), scenario=scenario)
    secret = draw(pool.values)
    masked = f"{secret[: draw(st.integers(4, 11))]}***" if len(secret) >= 12 else "***"
    texts = ("ok", f"token: {secret}", f"x {secret[:15]} y", f"k={quote(secret)}", masked, f"token: {masked}")
    text = draw(st.sampled_from(texts))
    file = WrittenFile(path="cache/x", content=f"v {secret}\n".encode(), mode=draw(st.sampled_from((0o600, 0o644))))
    child = Child(
        exit_status=draw(st.sampled_from((0, 1))), stdout=text.encode(), files=(file,), processes=(("a", text),)
    )
    lone = Connection(number=9, received=f"GET /?password={quote(secret)} X".encode())
    return replace(Evidence(exchanges=draw(exchanges(pool))), facts=facts, child=child, connections=(lone,))
