"""A stand-in tells what docs/secrets.md says, and nothing else of the value that it stands for."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from blastiq_conformance.catalogue.example_messages import called, granted, signed_in, story
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.redaction.document import redacted
from blastiq_conformance.redaction.redacted import NOTED, mask_of
from blastiq_conformance.redaction.whole import redact
from blastiq_conformance.sources.recording import write
from fake_idp.secrets.stand_in import is_stand_in, stand_in, told
from tests.judge.example import read_example
from tests.judge.redaction.test_document import as_cassette, as_har
from tests.judge.redaction.test_written import WRITERS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "secrets.md").read_text(encoding="utf-8")
_JUDGE = ("catalogue", "evidence", "judge", "rules", "scenarios", "sources")
FORM = "POST /identity/connect/token\nContent-Type: application/x-www-form-urlencoded\n\ngrant_type=password"

# Neither an escape, which the table tells of, nor the form of another tool's mask.
passwords = st.text(st.characters(codec="utf-8", exclude_characters="%<>[]{}$*"), min_size=12, max_size=60)
letters = st.text("abcXYZ019", min_size=12, max_size=40)
short_ones = st.text("abcXYZ019", min_size=5, max_size=11)
refresh_tokens = st.text("0123456789ABCDEF", min_size=24, max_size=90)


def recording(*messages: str) -> Evidence:
    """Give traffic of which nobody told the secrets."""
    return replace(read_example(story(*messages)), facts=Facts())


def with_password(password: str) -> str:
    sent = f"{FORM}&username=svc.north%40mine.example&password={quote(password, safe='')}&client_id=external.customer"
    return write(redact(recording(f"{sent}\nHTTP/1.1 400 Bad Request\n\n")))


@given(passwords, letters)
def test_of_a_password_neither_length_nor_letters_are_told(one: str, other: str) -> None:
    """The redacted recordings are the same text where the same special characters occur, wherever and how often."""
    special = {character for character in one if not (character.isascii() and character.isalnum())}
    assert with_password(f"Q{one}q") == with_password(f"Q{other}{''.join(sorted(special))}q")


@given(short_ones, short_ones)
def test_of_a_short_password_only_that_is_told(one: str, other: str) -> None:
    """That it is shorter than twelve characters."""
    assert with_password(f"Q{one}"[:11]) == with_password(f"Q{other}"[:11])


@given(refresh_tokens, refresh_tokens)
def test_of_a_refresh_token_neither_length_nor_characters_are_told(one: str, other: str) -> None:
    """The redacted recordings are the same text."""

    def text(token: str) -> str:
        return write(redact(recording(signed_in(granted("Kq7vN2xW4mZ8tR1pLs9d", f"Z{token}")))))

    assert text(one) == text(other)


@example("0000000000..", "access_token")
@given(st.text(min_size=12, max_size=60), st.sampled_from(("password", "username", "access_token", "basic", "cookie")))
def test_a_stand_in_is_of_the_same_kind(value: str, kind: str) -> None:
    """It tells the same as the value, is known as one, and begins as no other does; all JWTs begin alike."""
    tells = told(kind, value)
    one, other = (stand_in(tells, number).strip() for number in (1, 2))
    again = told(kind, stand_in(tells, 1))
    assert again == tells or tells.payload is not None
    assert is_stand_in(one)
    assert not is_stand_in(value)
    if tells.payload is not None:
        one, other = (text.rpartition(".")[2] for text in (one, other))
    assert one[:12] != other[:12]
    assert not {one[at : at + 4] for at in range(17)} & {other[at : at + 4] for at in range(17)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hunter2-hunter2", "swordfish-99-x"),
        ("Grüße aus Hof, 12", "Jürgen, 4711 Aix"),
        (" Kq7vN2xW4mZ8tR1p", " hunter2hunter2"),
        ("x" * 101, "y" * 999),
        ("пароль-Москва", "Привет-товарищ"),
    ],
)
def test_values_of_one_row_have_one_stand_in(one: str, other: str) -> None:
    """What the table does not tell apart."""
    assert told("password", one) == told("password", other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("password", "hunter2-hunter2", "hunter2+hunter2"),
        ("password", "hunter2hunter2 ", "hunter2hunter2"),
        ("password", "hunter2", "hunter2hunter2"),
        ("password", "x" * 100, "x" * 101),
        ("access_token", "0A" * 16, "0X" * 16),
        ("access_token", "x" * 4096, "x" * 4097),
        ("code_verifier", "x" * 43, "x" * 42),
    ],
)
def test_what_a_rule_asks_for_is_told(kind: str, one: str, other: str) -> None:
    """A row of the table each."""
    assert told(kind, one) != told(kind, other)


def test_of_a_jwt_length_and_times_are_told_and_no_other_claim() -> None:
    """Neither header nor signature."""

    def jwt(**claims: object) -> str:
        parts = ({"alg": "RS256", "kid": str(claims)}, claims)
        head, payload = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
        return f"{head}.{payload}.{'x' * (400 - len(head) - len(payload))}"

    one, other = jwt(sub="svc.north", nbf=1, exp=3601), jwt(name="somebody else", nbf=1, exp=3601)
    assert told("access_token", one) == told("access_token", other) != told("access_token", jwt(nbf=1, exp=7201))
    made = stand_in(told("access_token", one), 1)
    claims = json.loads(base64.urlsafe_b64decode(made.split(".")[1] + "=="))
    assert (claims, len(made)) == ({"001": "standin", "nbf": 1, "exp": 3601}, len(one))


def test_the_page_shows_what_is_made() -> None:
    """Each form that the table shows is that of a value of its row, and each bound stands there."""
    table = PAGE.partition("## What a stand-in tells")[2].partition("## What people read")[0]
    rows = [told("password", value) for value in ("Kq7vN2xW4mZ8", "Kq7+vN2x&W4mZ\u00fc", "hunter2")]
    rows += [told("password", "pin", given=True), told("access_token", "9A" * 16)]
    made = [stand_in(tells, number) for number, tells in enumerate(rows, start=1)]
    assert all(f"`{form}`" in table for form in made[:-1])
    assert f"`{made[-1][:24]}" in table
    masks = ("[REDACTED-of-old]", "[HIDDEN]", "{{password}}", "{{p}}")
    assert all(f"`{str(mask_of('password', mask)).format(1)}`" in table for mask in masks)
    assert all(bound in table for bound in ("shorter than 12", "longer than 100", "4,096", "three characters at most"))


@pytest.mark.parametrize("form", [*WRITERS.values(), as_har, lambda evidence: yaml.safe_dump(as_cassette(evidence))])
def test_a_file_says_once_what_stands_in_it(tmp_path: Path, form: Callable[[Evidence], str]) -> None:
    """That it is redacted, and by which version; twice is as once, and a shell still finds its first line."""
    path, new = tmp_path / "recording", tmp_path / "redacted"
    path.write_text(form(recording(signed_in(), called())), encoding="utf-8")
    new.write_text(once := redacted(path), encoding="utf-8")
    assert once.count(NOTED) == 1
    assert redacted(new) == once


def test_the_note_stands_behind_the_line_that_names_a_shell(tmp_path: Path) -> None:
    """A script that was redacted can still be run."""
    (tmp_path / "x.sh").write_text("#!/bin/sh\ncurl https://idp.example/identity/connect/token\n")
    assert redacted(tmp_path / "x.sh").splitlines()[:2] == ["#!/bin/sh", f"# {NOTED}"]


def test_no_rule_knows_the_form() -> None:
    """Rules judge a redacted recording without knowing that it is one."""
    files = [file for part in _JUDGE for file in (ROOT / "blastiq_conformance" / part).rglob("*.py")]
    assert files
    assert not [file for file in files if re.search(r"NUMBERED|stand_in", file.read_text(encoding="utf-8"))]
