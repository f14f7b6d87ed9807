"""Redaction: no form of a secret survives, stand-ins keep equality, all else stays as it was."""

import base64

from hypothesis import assume, example, given
from hypothesis import strategies as st

from fake_idp.secrets.basic import packed
from fake_idp.secrets.encodings import encodings
from fake_idp.secrets.patterns import NUMBERED
from fake_idp.secrets.redact import Redactor
from fake_idp.secrets.search import Secret, find

characters = st.characters(exclude_categories=["Cs"])
values = st.text(characters, min_size=12, max_size=30)
prose = st.text(characters, max_size=20)


@given(values, values, prose, prose)
def test_no_form_of_a_secret_survives(one: str, two: str, before: str, after: str) -> None:
    """Whatever encoded it and whatever stands beside it; twelve characters of it are too many."""
    secrets = [Secret("password", one), Secret("access_token", two)]
    redactor = Redactor(secrets)
    for form in encodings(one) | encodings(two) | {one[:12]}:
        text = redactor.text(f"{before} {form} {after}")
        assert find(NUMBERED.sub("\n", text), secrets) == []
        assert "<password:1>" in text or "<access_token:1>" in text


@given(prose, values)
def test_a_text_without_secrets_is_unchanged(text: str, value: str) -> None:
    """Only secrets are replaced."""
    assume(not find(text, [Secret("password", value)]))
    assert Redactor([Secret("password", value)]).text(text) == text


@given(st.lists(values, min_size=1, max_size=3, unique=True), st.lists(st.integers(0, 2), max_size=6))
@example(["000000000000", "ACCESS_TOKEN"], [0, 1])
def test_redacting_twice_changes_nothing(secrets: list[str], order: list[int]) -> None:
    """A stand-in is not a secret, even beside another."""
    redactor = Redactor(Secret("password", value) for value in secrets)
    once = redactor.text("".join(secrets[index % len(secrets)] for index in order))
    assert redactor.text(once) == once


def test_equal_values_equal_stand_ins() -> None:
    """Numbers count per kind, in the order given; the same value has the same number in every form."""
    redactor = Redactor(
        [
            Secret("password", "first-password"),
            Secret("username", "the-username"),
            Secret("password", "second%password"),
        ]
    )
    text = redactor.text("second%25password first-password the-username Zmlyc3QtcGFzc3dvcmQ= second%password")
    assert text == "<password:2> <password:1> <username:1> <password:1> <password:2>"
    assert redactor.stand_in("first-password") == "<password:1>"
    assert redactor.stand_in("no secret") == "no secret"


def test_a_stand_in_keeps_its_number() -> None:
    """A recording that was redacted before is redacted further, and no number means two values."""
    redactor = Redactor([Secret("password", "<password:1>"), Secret("password", "hunter2-hunter2")])
    assert redactor.text("<password:1> hunter2-hunter2") == "<password:1> <password:2>"


def test_a_secret_that_a_stand_in_contains_leaves_it_whole() -> None:
    """A password like `word:1` must not break the stand-ins of others."""
    assert Redactor([Secret("password", "word:1")]).text("<password:1> word:1") == "<password:1> <password:1>"


def test_overlapping_secrets_leave_nothing() -> None:
    """Both are named, and neither end stays."""
    redactor = Redactor([Secret("password", "abcdefghijklmnop"), Secret("access_token", "mnopqrstuvwxyz01")])
    assert redactor.text("abcdefghijklmnopqrstuvwxyz01") == "<password:1><access_token:1>"


def test_credentials_of_a_basic_header_are_one_secret() -> None:
    """The header's value goes as a whole."""
    secret = Secret("basic", packed("user", "first-password"))
    redactor = Redactor([Secret("password", "first-password"), secret])
    assert secret.value == base64.b64encode(b"user:first-password").decode()
    assert redactor.text(f"Basic {secret.value}") == "Basic <basic:1>"
