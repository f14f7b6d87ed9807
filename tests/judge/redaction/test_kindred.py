"""Secrets that have something in common with each other, with a name, or with a word of the protocol."""

import base64
from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import renewal, story
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.redaction.whole import redact
from blastiq_conformance.sources.recording import write
from fake_idp.wire import parse_pairs
from tests.judge.example import read_example
from tests.judge.redaction.numbered import short, usual
from tests.judge.redaction.test_redaction import verdict

REFUSED = "\nHTTP/1.1 400 Bad Request\n\n"


def sign_in(username: str, password: str, more: str = "") -> str:
    return renewal(f"grant_type=password&username={username}&password={password}{more}") + REFUSED


def recording(*blocks: str) -> Evidence:
    return replace(read_example(story(*blocks)), facts=Facts())


def values(evidence: Evidence) -> list[tuple[str, str]]:
    """Give the secrets of all bodies in order, as they are called and as they stand there."""
    pairs = (pair for exchange in evidence.exchanges for pair in parse_pairs(exchange.request.body))
    return [(pair.name, pair.value) for pair in pairs if pair.name not in {"grant_type", "client_id"}]


@pytest.mark.parametrize("word", ["password", "cosmos", "external.customer", "refresh_token", "Bearer"])
def test_a_word_of_the_protocol_is_hidden_where_it_is_a_secret(word: str) -> None:
    """And nowhere else, for there it is judged."""
    client = "&client_id=external.customer&scope=cosmos"
    evidence = recording(sign_in("svc", word, f"{client}&client_secret={word}"))
    new = redact(evidence)
    special = "".join(each for each in word if not each.isalnum())
    hidden = usual(2, special) if len(word) >= 12 else short(2)
    assert values(new) == [
        ("username", short(1)),
        ("password", hidden),
        ("scope", "cosmos"),
        ("client_secret", hidden),
    ]
    assert b"grant_type=password&" in new.exchanges[0].request.body
    assert b"client_id=external.customer" in new.exchanges[0].request.body
    assert verdict(new) == verdict(evidence)


@pytest.mark.parametrize(
    "password", ["external.customer2", "external.custom", "external.custody-7", "1external.customer"]
)
def test_a_password_that_begins_like_the_client_id_leaves_it_alone(password: str) -> None:
    """The id stays where it is judged, and the password goes wherever it stands."""
    evidence = recording(
        sign_in("svc", password, "&client_id=external.customer"),
        f"GET /api?x={password}&y=external.customer\nHTTP/1.1 401 Unauthorized\n\n",
    )
    new = redact(evidence)
    hidden = usual(2, "-." if "-" in password else ".")
    assert new.exchanges[0].request.body.endswith(f"password={hidden}&client_id=external.customer".encode())
    assert new.exchanges[1].request.target == f"/api?x={hidden}&y=external.customer"
    assert verdict(new) == verdict(evidence)


def test_a_password_that_has_the_name_in_it_is_another_value() -> None:
    """Prefix, suffix, both, equal: each value has its own mark, an equal one the same."""
    sent = [
        ("svc", "svc2"),
        ("svc2", "svc"),
        ("svc", "svc-Kq7vN2xW4mZ8"),
        ("svc", "svc-Kq7vN2xW4mZ8tR1p"),
        ("svc", "svc"),
    ]
    evidence = recording(*(sign_in(*one) for one in sent))
    new = redact(evidence)
    old = [value for _, value in values(evidence)]
    pairs = set(zip(old, [value for _, value in values(new)], strict=True))
    assert len(pairs) == len(set(old)) == len({mark for _, mark in pairs})
    assert not any(value in write(new) for value in ("svc", "Kq7v"))
    assert verdict(new) == verdict(evidence)


def test_two_refresh_tokens_that_begin_alike_stay_two() -> None:
    """Twelve characters in common are not an equality; the same one sent again is."""
    refresh_tokens = [f"5D7A0E92C4B1{end}" for end in ("486F", "99AA", "486F")]
    evidence = recording(
        *(renewal(f"grant_type=refresh_token&refresh_token={one}") + REFUSED for one in refresh_tokens)
    )
    marks = [value for _, value in values(redact(evidence))]
    assert marks == [usual(1), usual(2), usual(1)]


def test_a_client_that_is_named_in_basic_stays_the_client() -> None:
    """Its id is not a secret there, whatever other values are equal to it."""
    credentials = base64.b64encode(b"external.customer:external.customer").decode()
    evidence = recording(
        "POST /identity/connect/token\nContent-Type: application/x-www-form-urlencoded\n"
        f"Authorization: Basic {credentials}\n\ngrant_type=password&username=svc&password=external.customer" + REFUSED
    )
    header = redact(evidence).exchanges[0].request.headers.get("authorization") or ""
    assert base64.b64decode(header.partition(" ")[2]).decode().startswith("external.customer:S")
    assert verdict(redact(evidence)) == verdict(evidence)


@pytest.mark.parametrize("name", ["X-Api-Key", "X-Session-Token", "Cookie"])
def test_a_key_goes_whole_where_only_a_piece_of_it_is_known(name: str) -> None:
    """What is around the name of a user in it is as secret."""
    key = "Wq5Nf8Ls3Kd6.north.Gh1Zx9Cv4Bn7"
    value = f"session={key}" if name == "Cookie" else key
    evidence = recording(sign_in("north", "hunter2"), f"GET /api\n{name}: {value}\nHTTP/1.1 401 Unauthorized\n\n")
    text = write(redact(evidence))
    assert not any(piece in text for piece in ("Wq5Nf8Ls3Kd6", "Gh1Zx9Cv4Bn7"))
    assert verdict(redact(evidence)) == verdict(evidence)


def test_a_short_key_is_hidden_too() -> None:
    """However short, it is one by its name."""
    assert "hunter2" not in write(redact(recording("GET /api\nX-Api-Key: hunter2\nHTTP/1.1 401 Unauthorized\n\n")))


@pytest.mark.parametrize(
    ("before", "after"), [("Wq5Nf8Ls3Kd6Gh1Zx9.", ".Cv4Bn7Mq2Ws8Ed3"), ("Wq5Nf8L", "Cv4Bn7M"), ("", ".Cv4Bn7Mq2Ws8Ed3")]
)
def test_a_password_is_still_seen_in_the_middle_of_a_key(before: str, after: str) -> None:
    """BIQ708 looks for it, and what is around it is hidden all the same."""
    password = "Kq7vN2xW4mZ8tR1pLs9d"
    header = f"X-Api-Key: {before}{password}{after}"
    evidence = recording(sign_in("svc", password), f"GET /api\n{header}\nHTTP/1.1 401 Unauthorized\n\n")
    new = redact(evidence)
    text = write(new)
    assert not any(piece in text for piece in ("Wq5Nf8Ls3Kd6", "Cv4Bn7Mq2Ws8", password))
    assert usual(2) in (new.exchanges[1].request.headers.get("x-api-key") or "")
    assert verdict(new) == verdict(evidence)
    assert write(redact(new)) == text
