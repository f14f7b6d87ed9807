"""Our own journal as evidence."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from blastiq_conformance.evidence import Child, Evidence, Facts
from blastiq_conformance.evidence.facts import WrittenFile
from blastiq_conformance.sources import SourceError, read, recording
from blastiq_conformance.sources.facts import to_child, to_facts, to_members
from fake_idp.classify import Kind
from fake_idp.journal import Connection, Entry, Exchange
from fake_idp.journal.jsonl import to_jsonl
from fake_idp.secrets.search import Secret
from fake_idp.wire import Request
from tests.fake_idp import traffic

FACTS = Facts(
    scenario="sign-in",
    client_id="other",
    username="u",
    password="p",
    authority="http://127.0.0.1:1/identity",
    api_calls=3,
    issued=(Secret("password", "p"),),
    other_users=(("a", "b"),),
    client_timeout=2.5,
)
CHILD = Child(
    argv=("node", "app.js"),
    exit_status=-9,
    timed_out=True,
    stdout=b"\xff",
    processes=(("node",), ("sh", "-c")),
    files=(WrittenFile(path="x", content=b"\x00", mode=0o600), WrittenFile(path="y", content=b"")),
)


def exchange(number: int, scenario: str = "") -> Exchange:
    return Exchange(number=number, kind=Kind.OTHER, request=Request(method="GET", target="/"), scenario=scenario)


def test_facts_and_child_come_back_whole() -> None:
    """What the judge knew at the run, it knows again at the recording."""
    assert replace(to_facts(to_members(FACTS)), issued=FACTS.issued) == FACTS
    assert to_child(to_members(CHILD)) == CHILD


@given(traffic.entries)
def test_evidence_comes_back_whole(entries: list[Entry]) -> None:
    """A written play is read as the same evidence, but for the place in the file."""
    entries = [replace(entry, scenario="sign-in") for entry in sorted(entries, key=lambda entry: entry.number)]
    evidence = Evidence(
        exchanges=tuple(replace(x, source=x.source or f"f#{x.number}") for x in entries if isinstance(x, Exchange)),
        connections=tuple(x for x in entries if isinstance(x, Connection)),
        child=CHILD,
        facts=FACTS,
    )
    assert recording.read("f", recording.write(evidence)) == (evidence,)


def test_plays_and_scenarios_are_told_apart(tmp_path: Path) -> None:
    """A section is a play of its own, even of the same scenario; without facts, the scenario tells."""
    path = tmp_path / "any.name"
    runs = [Evidence(exchanges=(exchange(1),), facts=Facts(scenario="a", password=word)) for word in ("x", "y")]
    live = to_jsonl([exchange(1, "b"), exchange(2, "c"), exchange(3, "b")])
    path.write_text("".join(map(recording.write, runs)) + live)
    first, second, third, fourth = read(path, client_id="given", authority="https://a")
    assert (first.facts.password, second.facts.password, third.facts.password) == ("x", "y", None)
    assert [evidence.facts.scenario for evidence in (first, second, third, fourth)] == ["a", "a", "b", "c"]
    assert [x.number for x in third.exchanges] == [1, 3]
    assert (first.facts.client_id, third.facts.client_id, third.facts.authority) == (
        "external.customer",
        "given",
        "https://a",
    )
    assert first.exchanges[0].source == f"{path}:3"


def test_an_integration_that_never_called_is_evidence_too() -> None:
    """Facts without traffic are a play that saw nothing."""
    evidence = Evidence(exchanges=(), child=CHILD, facts=FACTS)
    assert recording.read("f", recording.write(evidence)) == (evidence,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"journal":"blastiq-journal/1"}\n', "f: a journal without an exchange; record again"),
        ('{"journal":"blastiq-journal/1"}\n{"exchange":\n{"exchange":', "f, line 2: Expecting value"),
        ('{"facts":{"colour":"red"}}\n', "f, a facts line: colour is none of scenario"),
        ('{"facts":{"api_calls":"many"}}\n', "f, a facts line: api_calls is str"),
        ('{"facts":{"api_calls":true}}\n', "f, a facts line: api_calls is bool"),
        ('{"facts":{},"child":{"stdout":{"base64":"*"}}}\n', "f, a facts line: "),
    ],
)
def test_a_broken_journal_is_named(text: str, said: str) -> None:
    """The error says which line, and what to do."""
    with pytest.raises(SourceError) as caught:
        recording.read("f", text)
    assert str(caught.value).startswith(said)
    assert "record again" in str(caught.value)
