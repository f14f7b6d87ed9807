"""Secrets of other systems in what a program says at last: named, in a URL, or shaped as nobody writes a word."""

import pytest

from blastiq_conformance.evidence import Child, Evidence, Facts
from blastiq_conformance.redaction import Redaction
from blastiq_conformance.runner.not_run import Words
from tests.judge.redaction.numbered import short

SECRETS = [
    "postgres://app:{}@db.mine.example/x",
    "aws_secret_access_key = {}",
    'RuntimeError: login failed with password "{}"',
    "{{'api_key': '{}'}}",
    "MYSQL_PWD={}",
    "X-Auth-Token: {}",
    "Authorization: Basic {}",
    "dbPassword => {}",
]


@pytest.mark.parametrize("line", SECRETS)
@pytest.mark.parametrize("value", ["hunter2x", "wJalrXUtnFEMI/K7MDENG/bPxRfiCY"])
def test_what_is_named_a_secret_is_hidden(line: str, value: str) -> None:
    """As long as it may be, in a line of a log as in the text of an exception."""
    child = Child(exit_status=1, stderr=line.format(value).encode())
    (shown,) = Words(Evidence(exchanges=(), child=child, facts=Facts())).last()
    assert value not in shown
    assert shown.partition("<")[0] == line.format(value).partition(value)[0]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "E: no https\n    at f (x.js:1:2)\n    at async g {\n  [cause]: none\n}\n\nNode.js v20.1.0\n",
            ["E: no https", "[cause]: none"],
        ),
        ("Error: a\n\tat b.C(D.java:1)\n\t... 12 more\n", ["Error: a"]),
        ("  at the end of the line", ["at the end of the line"]),
        ("}\n", ["}"]),
    ],
    ids=["node", "java", "one line", "nothing else"],
)
def test_the_last_words_are_the_error_and_not_its_frames(written: str, told: list[str]) -> None:
    """The error is printed before them; where nothing else was written, they are told."""
    child = Child(exit_status=1, stderr=written.encode())
    assert [line.strip() for line in Words(Evidence(exchanges=(), child=child, facts=Facts())).last()] == told


def test_a_quoted_value_may_have_blanks() -> None:
    """It ends where its quote does."""
    assert Redaction().prose('password = "two words" more') == f'password = "{short(1, " .")}" more'


@pytest.mark.parametrize("word", ["Zx81yQ44mPq2", "0123456789abcdef0123456789abcdef", "sk-proj4xYz09AbCdEfGh"])
def test_what_a_machine_has_drawn_is_hidden_without_a_name(word: str) -> None:
    """An exception may show nothing but the value."""
    assert word[-12:] not in Redaction().last_words(f"ValueError: cannot use {word} here")


@pytest.mark.parametrize(
    "line",
    [
        '  File "/tmp/tmp8x2k_9d/app.py", line 3, in <module>',
        "at com.mine.Http2Connection.run(Http2Connection.java:33)",
        'FATAL: password authentication failed for user "app"',
        "token_endpoint: https://mine.example/connect/token",
        "ConnectionError: http://127.0.0.1:8080/@scope/x cannot be reached",
    ],
)
def test_what_helps_to_find_the_fault_stays(line: str) -> None:
    """Places, names and addresses are not secrets."""
    assert Redaction().last_words(line) == line
