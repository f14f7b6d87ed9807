"""A stand-in tells what docs/secrets.md says, and nothing else of the value that it stands for."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.catalogue.example_messages import called, granted, signed_in, story
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.evidence.credential import MARKED
from blastiq_conformance.redaction.document import redacted
from blastiq_conformance.redaction.marks import form_of, note
from blastiq_conformance.redaction.whole import redact
from blastiq_conformance.sources.recording import write
from tests.judge.example import read_example
from tests.judge.redaction.test_document import as_cassette, as_har
from tests.judge.redaction.test_written import WRITERS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "secrets.md").read_text(encoding="utf-8")
_JUDGE = ("catalogue", "evidence", "judge", "rules", "scenarios", "sources")
FORM = "POST /identity/connect/token\nContent-Type: application/x-www-form-urlencoded\n\ngrant_type=password"

# Neither an escape, which the table tells of, nor the form of another tool's mask.
passwords = st.text(st.characters(codec="utf-8", exclude_characters="%<>[]{}$*"), min_size=12, max_size=60)
short_ones = st.text("abcXYZ019+&= äß", min_size=5, max_size=11)
refresh_tokens = st.text("0123456789ABCDEF", min_size=24, max_size=90)


def recording(*messages: str) -> Evidence:
    """Give traffic of which nobody told the secrets."""
    return replace(read_example(story(*messages)), facts=Facts())


def with_password(password: str) -> str:
    sent = f"{FORM}&username=svc.north%40mine.example&password={quote(password, safe='')}&client_id=external.customer"
    return write(redact(recording(f"{sent}\nHTTP/1.1 400 Bad Request\n\n")))


@given(passwords, passwords)
def test_of_a_password_neither_length_nor_characters_are_told(one: str, other: str) -> None:
    """The redacted recordings are the same text."""
    assert with_password(f"Q{one}") == with_password(f"Q{other}")


@given(short_ones, short_ones)
def test_of_a_short_password_only_that_is_told(one: str, other: str) -> None:
    """That it is shorter than twelve characters."""
    text = with_password(f"Q{one}"[:11])
    assert text == with_password(f"Q{other}"[:11])
    assert "short_password" in text


@given(refresh_tokens, refresh_tokens)
def test_of_a_refresh_token_neither_length_nor_characters_are_told(one: str, other: str) -> None:
    """The redacted recordings are the same text."""

    def text(token: str) -> str:
        return write(redact(recording(signed_in(granted("Kq7vN2xW4mZ8tR1pLs9d", f"Z{token}")))))

    assert text(one) == text(other)


def test_the_page_names_every_form() -> None:
    """Each quality that a stand-in may tell stands in the table, and each form of a whole value."""
    table = PAGE.partition("## What a stand-in tells")[2].partition("## What people read")[0]
    told = {"odd", "long", "wild", "short"}.union(*(qualities.values() for qualities in MARKED.values()))
    assert set(re.findall(r"<([a-z]+)_(?:password|username|access_token):1>", table)) == told
    values = ("Kq7vN2xW4mZ8", "[REDACTED-of-old]", "[HIDDEN]", "{{password}}", "{{p}}")
    assert all(f"`{form_of('password', value, '').format(1)}`" in table for value in values)


@pytest.mark.parametrize("form", [*WRITERS.values(), as_har, lambda evidence: yaml.safe_dump(as_cassette(evidence))])
def test_a_file_says_once_what_stands_in_it(tmp_path: Path, form: Callable[[Evidence], str]) -> None:
    """That it is redacted, and by which version; twice is as once, and a shell still finds its first line."""
    path, new = tmp_path / "recording", tmp_path / "redacted"
    path.write_text(form(recording(signed_in(), called())), encoding="utf-8")
    new.write_text(once := redacted(path), encoding="utf-8")
    assert once.count(note()) == 1
    assert redacted(new) == once


def test_the_note_stands_behind_the_line_that_names_a_shell(tmp_path: Path) -> None:
    """A script that was redacted can still be run."""
    (tmp_path / "x.sh").write_text("#!/bin/sh\ncurl https://idp.example/identity/connect/token\n")
    assert redacted(tmp_path / "x.sh").splitlines()[:2] == ["#!/bin/sh", f"# {note()}"]


def test_one_module_of_the_judge_knows_the_form() -> None:
    """Rules ask it, so that another form of stand-in changes no rule."""
    files = [file for part in _JUDGE for file in (ROOT / "blastiq_conformance" / part).rglob("*.py")]
    knowing = {file.stem for file in files if re.search(r"\bPLACEHOLDER\b|:\\d\+>", file.read_text(encoding="utf-8"))}
    assert knowing == {"stand_in"}
