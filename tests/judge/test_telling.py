"""What a report shows of a secret that a client changed: what became of it, and nothing of the secret."""

import base64
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.catalogue.example_messages import SIGN_IN, TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import Evidence, Facts, quotation
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.report import Judgement, Report
from blastiq_conformance.secrets.cleaner import Cleaner
from fake_idp.secrets.search import Secret, find
from tests.judge.example import read_example
from tests.judge.judged import rules

GIVEN = "k7Fq2vN9xW4mZ8tR1pLs"
PASSWORD = "zQ7é pass+wörd%419Kx"
BASE64 = base64.b64encode(TOKEN_1.encode()).decode()


def received(rule: str, example: str, facts: Facts | None = None) -> str:
    """Give what a report shows of the first finding."""
    evidence = read_example(example)
    evidence = replace(evidence, facts=facts or evidence.facts)
    judgement = Judgement(scenario="s", evidence=evidence, results=tuple(judge(evidence, [catalogue()[rule]])))
    (result,) = Report([judgement], rules=rules(rule)).to_model()["results"]
    return result["findings"][0]["received"]


@pytest.mark.parametrize(
    ("rule", "example", "shown"),
    [
        (
            "BIQ410",
            story(signed_in("{}"), called("").replace("Bearer ", "Bearer")),
            "Authorization: Bearer with no token",
        ),
        ("BIQ410", story(signed_in("{}"), called("undefined")), "Authorization: Bearer undefined"),
        ("BIQ604", story(signed_in(), called(BASE64)), "Authorization: Bearer <access_token:1 in base64>"),
        ("BIQ604", story(signed_in(), called(f'"{TOKEN_1}"')), 'Authorization: Bearer "<access_token:1>"'),
        ("BIQ604", story(signed_in(), called(f"Bearer {TOKEN_1}")), "Authorization: Bearer Bearer <access_token:1>"),
        ("BIQ604", story(signed_in(), called(f"<{TOKEN_1}>")), "Authorization: Bearer <access_token:1 in brackets>"),
        ("BIQ604", story(signed_in(), called(TOKEN_1[:-9])), "Authorization: Bearer <access_token:1 cut short>"),
    ],
)
def test_what_became_of_a_token_is_told(rule: str, example: str, shown: str) -> None:
    """Whoever reads it knows what to look for."""
    assert received(rule, example).endswith(shown)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (PASSWORD.encode("latin-1"), "in Latin-1"),
        (PASSWORD.encode("utf-16-le"), "in UTF-16"),
        (PASSWORD.encode().decode("latin-1"), "read as Latin-1"),
        (quote(PASSWORD), "percent-encoded"),
        (PASSWORD.replace("+", " "), "with a blank for each +"),
        (PASSWORD.replace("%41", "A"), "percent-decoded"),
        (PASSWORD.upper(), "in other case"),
        (PASSWORD[:9], "cut short"),
    ],
)
def test_what_became_of_a_password_is_told(value: str | bytes, shown: str) -> None:
    """By its bytes, its encoding, its end; another password altogether has a number of its own."""
    facts = Facts(username="svc.pit-42@mine.example", password=PASSWORD, issued=(Secret("password", PASSWORD),))
    example = story(SIGN_IN.replace(GIVEN, quote(value, safe="")))
    rule = "BIQ214" if isinstance(value, bytes) or shown.startswith("read") else "BIQ208"
    assert received(rule, example, facts).startswith(f"password=<password:1 {shown}> (")
    assert received("BIQ305", story(SIGN_IN), facts).startswith("password=<password:2> (")


def test_ports_that_differ_are_kept_apart() -> None:
    """The fake's own has no number, so that two runs have one report; another one is another."""
    issuer = (
        '{"issuer":"http://127.0.0.1:%s/identity","token_endpoint":"http://127.0.0.1:41001/identity/connect/token"}'
    )
    document = (
        "GET /identity/.well-known/openid-configuration\nHost: 127.0.0.1:41001\nHTTP/1.1 200 OK\n\n" + issuer % 41002
    )
    sign_in = SIGN_IN.replace("\nContent-Type", "\nHost: 127.0.0.1:41001\nContent-Type", 1)
    assert received("BIQ104", story(document, sign_in)) == (
        "issuer http://127.0.0.1:OTHER_PORT/identity, then POST http://127.0.0.1:PORT/identity/connect/token"
    )
    text = "http://127.0.0.1:1001 http://127.0.0.1:1002 http://localhost:1001 http://127.0.0.1:8080"
    cleaner = Cleaner([Evidence(exchanges=(), facts=Facts(authority="http://127.0.0.1:8080/identity"))], live=True)
    assert cleaner.text(text) == (
        "http://127.0.0.1:OTHER_PORT http://127.0.0.1:OTHER_PORT2 http://localhost:OTHER_PORT http://127.0.0.1:PORT"
    )


CHANGES = st.sampled_from(
    (
        str.upper,
        str.strip,
        quote,
        lambda text: text[:13],
        lambda text: text.replace("+", " "),
        lambda text: text.encode("latin-1", "replace").decode("latin-1"),
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: f"<{text}>",
    )
)


@given(st.text(st.characters(codec="latin-1", exclude_categories=["C"]), min_size=14, max_size=30), st.lists(CHANGES))
def test_no_change_lets_a_secret_out(password: str, changes: list[object]) -> None:
    """Whatever became of it, in a sentence there is nothing of it."""
    value = password
    for change in changes[:3]:
        assert callable(change)
        value = change(value)
    example = story(SIGN_IN.replace(GIVEN, quote(value)))
    evidence = read_example(example)
    evidence = replace(
        evidence, facts=replace(evidence.facts, password=password, issued=(Secret("password", password),))
    )
    shown = Cleaner([evidence], live=True).text(Text(f"password={quotation.quote(value)} (form field 3 of 4)"))
    assert not [leak for leak in find(shown, [Secret("password", password), Secret("password", value)]) if leak.whole]
