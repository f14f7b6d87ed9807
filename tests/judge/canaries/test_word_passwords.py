"""A Service User whose password is a word: the journal of `serve` can be read, hides it, and is judged as live."""

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import quote, quote_plus, unquote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.redaction.journal import LiveRedaction
from blastiq_conformance.sources import recording
from blastiq_conformance.sources.facts import to_members
from fake_idp.core import FakeIdp
from fake_idp.journal.jsonl import Opening, Record
from fake_idp.server_config import ServerConfig, ServiceUser
from fake_idp.wire import FORM, Headers, Request
from tests.judge.redaction.test_redaction import verdict

pytestmark = pytest.mark.slow

HOST = ("Host", "127.0.0.1:8080")
TOKEN_URL = "/identity/connect/token"
# Words of the protocol, of a journal's own lines, of headers and of every day; and what is too short to be a word.
WORDS = (
    *(
        "pass",
        "token",
        "client",
        "e",
        "password",
        "exchange",
        "kind",
        "request",
        "response",
        "headers",
        "body",
        "target",
    ),
    *("grant", "grant_type", "access_token", "access", "username", "user", "scope", "cosmos", "identity", "connect"),
    *(
        "form",
        "POST",
        "Bearer",
        "Basic",
        "application",
        "json",
        "http",
        "host",
        "api",
        "secret",
        "id",
        "issued",
        "facts",
    ),
    *("external.customer", "customer", "external", "1", "0", "200", "127.0.0.1", "8080", "started"),
    *(
        "openid",
        "discovery",
        "value",
        "x",
        "=",
        "&",
        "%",
        '"',
        "\\",
        ":",
        "a b",
        "é",
        "pässe",
        "1.1",
        "[]",
        "{}",
        "u00e9",
    ),
)
words = st.sampled_from(WORDS)
characters = st.characters(min_codepoint=32, max_codepoint=255, exclude_categories=["C"])
# A form that nobody encoded makes blanks of plus signs alone: nothing, and nobody's secret.
passwords = words | st.text(characters, min_size=1, max_size=3).filter(lambda text: text.strip("+ \N{NO-BREAK SPACE}"))
users = st.sampled_from(("svc@mine.example", "svc@mine.example", "e", "client", "user", "svc", "api", "1", "admin"))
wrongs = st.sampled_from(
    (
        {},
        {"audience": "https://api.example"},
        {"client_secret": ""},
        {"client_secret": "s3cr3t-of-somebody"},
        {"scope": "openid"},
        {"grant_type": "Password"},
        {"client_id": "other-app"},
        {"password": "anothers-one"},
    )
)
encoders: st.SearchStrategy[Callable[[str], str]] = st.sampled_from((quote_plus, quote, str))


def post(body: bytes, *headers: tuple[str, str], target: str = TOKEN_URL) -> Request:
    return Request(method="POST", target=target, headers=Headers((HOST, ("Content-Type", FORM), *headers)), body=body)


@st.composite
def requests(draw: st.DrawFn, user: str, password: str) -> Request:
    """Give a sign-in, right or wrong in some way."""
    fields = {"grant_type": "password", "username": user, "password": password, "client_id": "external.customer"}
    fields |= draw(wrongs)
    encode = draw(encoders)
    body = "&".join(f"{name}={encode(value)}" for name, value in fields.items()).encode("latin-1", "replace")
    basic = base64.b64encode(f"{user}:{password}".encode()).decode()
    match draw(st.sampled_from(("form", "form", "form", "basic", "json", "query", "latin-1"))):
        case "basic":
            return post(body, ("Authorization", f"Basic {basic}"))
        case "json":
            sent = post(json.dumps(fields).encode())
            return replace(sent, headers=Headers((HOST, ("Content-Type", "application/json"))))
        case "query":
            return post(b"", target=f"{TOKEN_URL}?{urlencode(fields)}")
        case "latin-1":
            return post(urlencode(fields, encoding="latin-1", errors="replace").encode())
    return post(body)


def seen(user: str, password: str, sign_ins: Iterable[Request]) -> Evidence:
    """Give what a `serve --user` saw: discovery, sign-ins, and a call of the API after each that succeeded."""
    idp = FakeIdp(ServerConfig(users=(ServiceUser(username=user, password=password),)))
    idp.ports.add(8080)
    idp.handle(Request(method="GET", target="/identity/.well-known/openid-configuration", headers=Headers((HOST,))))
    for request in sign_ins:
        answer = idp.handle(request).json
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if isinstance(token, str):
            fields = Headers((HOST, ("Authorization", f"Bearer {token}")))
            idp.handle(Request(method="GET", target="/api/v3/blasts", headers=fields))
    facts = Facts(username=user, password=password, authority="http://127.0.0.1:8080/identity")
    journal = idp.journal
    return Evidence(exchanges=journal.exchanges, facts=replace(facts, issued=journal.issued))


@st.composite
def served(draw: st.DrawFn) -> Evidence:
    user, password = draw(users), draw(passwords)
    return seen(user, password, draw(st.lists(requests(user, password), min_size=1, max_size=2)))


def records_of(evidence: Evidence) -> list[Record]:
    facts = replace(evidence.facts, issued=())
    return [Opening(), Opening(facts=to_members(facts)), *evidence.facts.issued, *evidence.exchanges]


def journals_of(evidence: Evidence) -> tuple[str, str]:
    """Write its journal as it grows, and as a whole."""
    facts, records = evidence.facts, records_of(evidence)
    user = (facts.username or "", facts.password or "")
    given = replace(facts, issued=())
    return "".join(map(LiveRedaction(given, [user]).line, records)), LiveRedaction(given, [user]).lines(records)


def demand_the_same(evidence: Evidence) -> Evidence:
    """Demand the verdict of the run of both its journals; give what is read from the one that grew."""
    live = verdict(evidence)
    read = [again for journal in journals_of(evidence) for again in recording.read("j", journal)]
    for again in read:
        assert [x.kind for x in again.exchanges] == [x.kind for x in evidence.exchanges]
        told = verdict(again)
        assert {rule: (live[rule], told[rule]) for rule in live if live[rule] != told[rule]} == {}
        assert again.facts.password != evidence.facts.password
        for request in again.token_requests:
            assert evidence.facts.password not in {field.value for field in request.all("password")}
    grown, _ = read
    return grown


@pytest.mark.parametrize("password", WORDS)
def test_a_word_is_hidden_in_its_place_alone(password: str) -> None:
    """Paths, names of parameters and of the journal's own members stay, whatever the password is."""
    right = {"grant_type": "password", "username": "svc@mine.example", "password": password}
    sign_in = urlencode({**right, "client_id": "external.customer"}).encode()
    evidence = seen("svc@mine.example", password, [post(sign_in), post(sign_in + b"&audience=x")])
    again = demand_the_same(evidence)
    assert [x.request.target for x in again.exchanges] == [x.request.target for x in evidence.exchanges]
    assert [x.request.headers.get("host") for x in again.exchanges] == ["127.0.0.1:8080"] * 5


@settings(max_examples=150)
@given(served())
def test_a_journal_is_judged_as_live(evidence: Evidence) -> None:
    """Whatever is wrong with the client, and however short or odd the password is."""
    demand_the_same(evidence)


# What clients make of a password.
MADE: tuple[Callable[[str], str], ...] = (
    quote_plus,
    lambda value: value,
    lambda value: value.replace(" ", "+"),
    lambda value: quote(value.strip()),
    lambda value: quote(value.upper()),
    lambda value: quote(value[:6]),
    lambda value: quote(quote(value, safe="")),
    lambda value: quote(value.encode("latin-1", "replace")),
    lambda value: quote(value.encode("ascii", "replace")),
    lambda value: quote(value.encode().decode("latin-1")),
    lambda value: "".join(c if c.isascii() else f"%u{ord(c):04X}" for c in value),
    lambda value: quote(f"{value}x"),
    lambda value: quote(f'"{value}"'),
    lambda value: quote(f"{value}\n"),
    lambda value: quote(unquote(value), safe=""),
    lambda value: quote(value.replace("+", " "), safe=""),
    lambda _: "something-else-Qq77",
)


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "password",
    ["pässwörd-€-5dK2", "k7Fq2vN9xW4m", "a+b c&d=e%41#f", " at both ends ", "Grüße", "tiger", "$HOME/xyz"],
)
@pytest.mark.parametrize("number", range(len(MADE)))
def test_what_became_of_a_given_password_is_judged_as_live(password: str, number: int) -> None:
    """Its stand-in became of the other's in the same way; beside it the right one, which stays right."""
    fields = "grant_type=password&username=svc%40mine.example&client_id=external.customer&password="
    sent = (fields + form for form in (MADE[number](password), quote(password, safe="")))
    demand_the_same(seen("svc@mine.example", password, [post(body.encode("latin-1", "replace")) for body in sent]))
