"""A secret that the kit did not issue: shown to be one at one place, and hidden in some encoding at any other."""

import base64
import json
from collections.abc import Callable, Iterator
from urllib.parse import quote_plus

from hypothesis import strategies as st

from blastiq_conformance.evidence import Child, Evidence, Facts, WrittenFile
from fake_idp.classify import Kind
from fake_idp.journal import Connection, Exchange
from fake_idp.secrets.charset_variants import as_bytes, as_text
from fake_idp.secrets.encodings import encodings
from fake_idp.secrets.search import Secret
from fake_idp.wire import Headers, Request, Response

ISSUED = Secret("password", "k7Fq2vN9xW4mZ8tR1pLs")
_FORM = ("Content-Type", "application/x-www-form-urlencoded")

# What people make up begins and ends as no part of a message does, so that its end is seen wherever it is cut out.
passwords = st.text(st.characters(exclude_categories=["Cs"]), min_size=16, max_size=30).map(
    lambda x: f"zQ7\u00e9{x}9Kx"
)
# As RFC 6750 allows a token.
tokens = st.text("abcXYZ0189-._~+/", min_size=16, max_size=30).map(lambda x: f"zQ7e{x}9Kx")


def _token_request(body: str, *headers: tuple[str, str], target: str = "/identity/connect/token") -> Request:
    return Request(method="POST", target=target, headers=Headers(headers), body=body.encode("utf-8", "surrogatepass"))


def _form(name: str) -> Callable[[str], Request]:
    return lambda value: _token_request(f"grant_type=password&{name}={quote_plus(value)}", _FORM)


def _basic(value: str) -> Request:
    credentials = base64.b64encode(f"external.customer:{value}".encode()).decode()
    return _token_request("grant_type=password", _FORM, ("Authorization", f"Basic {credentials}"))


def _multipart(value: str) -> Request:
    part = f'--b0\r\nContent-Disposition: form-data; name="password"\r\n\r\n{value}\r\n--b0--\r\n'
    return _token_request(part, ("Content-Type", "multipart/form-data; boundary=b0"))


def _json(value: str) -> Request:
    return _token_request(
        json.dumps({"grant_type": "password", "password": value}), ("Content-Type", "application/json")
    )


# Where traffic itself shows that a value is a secret; those that take any text, and those that take tokens.
TEXTS: dict[str, Callable[[str], Request]] = {
    "form": _form("password"),
    "form, client_secret": _form("client_secret"),
    "query": lambda value: _token_request("", target=f"/identity/connect/token?password={quote_plus(value)}"),
    "JSON": _json,
    "multipart": _multipart,
    "Basic": _basic,
}
TOKENS: dict[str, Callable[[str], Request]] = {
    "form, refresh_token": _form("refresh_token"),
    "Bearer": lambda value: Request(
        method="GET", target="/api", headers=Headers((("Authorization", f"Bearer {value}"),))
    ),
    "header": lambda value: Request(method="GET", target="/api", headers=Headers((("X-Api-Key", value),))),
    "cookie": lambda value: Request(
        method="GET", target="/api", headers=Headers((("Cookie", f"lang=en; sid={value}"),))
    ),
}
ANSWERS: dict[str, Callable[[str], Response]] = {
    "answer": lambda value: Response(status=200, body=json.dumps({"access_token": value}).encode()),
    "Set-Cookie": lambda value: Response(status=200, headers=Headers((("Set-Cookie", f"sid={value}; path=/"),))),
}


@st.composite
def shown(draw: st.DrawFn) -> tuple[str, Exchange]:
    """Give a secret that the kit did not issue, and an exchange that shows it as one."""
    carrier = draw(st.sampled_from(sorted((*TEXTS, *TOKENS, *ANSWERS))))
    value = draw(passwords if carrier in TEXTS else tokens)
    make = {**TEXTS, **TOKENS}.get(carrier)
    request = make(value) if make else _token_request("grant_type=password", _FORM)
    kind = Kind.API if request.method == "GET" else Kind.TOKEN
    answer = ANSWERS[carrier](value) if carrier in ANSWERS else Response(status=400)
    return value, Exchange(number=1, kind=kind, request=request, response=answer)


def _get(target: str = "/v1/status", *headers: tuple[str, str], body: bytes = b"") -> Request:
    return Request(method="POST" if body else "GET", target=target, headers=Headers(headers), body=body)


# Where else it may stand, and show nothing: a head is Latin-1 on the wire, whatever a client wrote there.
REQUESTS: dict[str, Callable[[str], Request]] = {
    "path": lambda form: _get(f"/v1/{_latin(form)}/x"),
    "query": lambda form: _get(f"/v1/status?note={_latin(form)}"),
    "header": lambda form: _get("/v1/status", ("X-Trace", f"id {_latin(form)} .")),
    "referer": lambda form: _get("/v1/status", ("Referer", f"https://mine.example/a?b={_latin(form)}")),
    "text body": lambda form: _get(body=as_bytes(f"said: {form}\n")),
    "JSON body": lambda form: _get(body=json.dumps({"note": form}).encode()),
}
RESPONSES: dict[str, Callable[[str], Response]] = {
    "response header": lambda form: Response(status=302, headers=Headers((("Location", f"/x?c={_latin(form)}"),))),
    "response body": lambda form: Response(status=400, body=as_bytes(f"<p>you sent {form} .</p>")),
}
CHILDREN: dict[str, Callable[[str], Child]] = {
    "stdout": lambda form: Child(exit_status=0, stdout=as_bytes(f"read {form} .\n")),
    "stderr": lambda form: Child(exit_status=1, stderr=as_bytes(f"Error: {form} .\n")),
    "argv": lambda form: Child(exit_status=0, argv=("app", f"--with={form}")),
    "process": lambda form: Child(exit_status=0, processes=(("sh", "-c", f"app '{form}'"),)),
    "file name": lambda form: Child(exit_status=0, files=(WrittenFile(path=f"cache/{form}.json", content=b"x"),)),
    "file": lambda form: Child(exit_status=0, files=(WrittenFile(path="x", content=as_bytes(f"v {form} .\n")),)),
}
PLACES = (*REQUESTS, *RESPONSES, *CHILDREN, "connection")


def _latin(form: str) -> str:
    return as_bytes(form).decode("latin-1")


def hiding(first: Exchange, form: str, place: str) -> Evidence:
    """Give a run whose second request, or whose process, holds a written form of a secret."""
    request = REQUESTS[place](form) if place in REQUESTS else _get()
    response = RESPONSES[place](form) if place in RESPONSES else None
    hello = Connection(number=3, received=as_bytes(f"HELLO {form} .\r\n"), ending="no HTTP")
    return Evidence(
        exchanges=(first, Exchange(number=2, kind=Kind.OTHER, request=request, response=response)),
        connections=(hello,) if place == "connection" else (),
        child=CHILDREN[place](form) if place in CHILDREN else None,
        facts=Facts(scenario="sign-in", username="svc@mine.example", password=ISSUED.value, issued=(ISSUED,)),
    )


@st.composite
def planted(draw: st.DrawFn) -> tuple[str, Evidence]:
    """Give a secret that the kit did not issue, and a run that holds it twice: as what it is, and hidden."""
    value, first = draw(shown())
    form = draw(st.sampled_from(sorted(encodings(value))))
    return value, hiding(first, form, draw(st.sampled_from(PLACES)))


def texts(evidence: Evidence) -> Iterator[str]:
    """Give every text in evidence, bytes read as such."""
    for exchange in evidence.exchanges:
        request, response = exchange.request, exchange.response
        yield from (request.target, as_text(request.body))
        yield from (value for _, value in request.headers)
        if response is not None:
            yield as_text(response.body)
            yield from (value for _, value in response.headers)
    yield from (as_text(connection.received) for connection in evidence.connections)
    if evidence.child is not None:
        child = evidence.child
        yield from (as_text(child.stdout), as_text(child.stderr), *child.argv)
        for words in child.processes:
            yield from words
        for file in child.files:
            yield from (file.path, as_text(file.content))
