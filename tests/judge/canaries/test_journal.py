"""What the kit did not issue is in no journal and in no bundle: in whatever place, and written in whatever way."""

import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, quote, quote_plus, unquote

import pytest
from hypothesis import given, settings

from blastiq_conformance.bundle import write_bundle
from blastiq_conformance.bundle.verification import verify
from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.redaction.journal import LiveRedaction
from blastiq_conformance.report import Judgement, Report
from blastiq_conformance.sources import recording
from blastiq_conformance.sources.facts import to_members
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.journal.jsonl import Opening, Record
from fake_idp.secrets.search import Search, Secret, find
from fake_idp.secrets.stand_in import STAND_IN
from fake_idp.wire import Headers, Request
from tests.judge.canaries.planted import ISSUED, planted, texts
from tests.judge.redaction.problem_traffic import runs
from tests.judge.redaction.test_redaction import verdict

# A fixture of one test would be shared by all its examples too.
_FOLDER = tempfile.TemporaryDirectory()


def leaking(value: str, evidences: Iterable[Evidence]) -> list[str]:
    return [text for evidence in evidences for text in texts(evidence) if find(text, [Secret("told", value)])]


@settings(max_examples=60)
@given(planted())
def test_a_bundle_lets_none_out(told: tuple[str, Evidence]) -> None:
    """Neither as it stands in a file nor once that is read; and it can be verified."""
    value, evidence = told
    rules = catalogue()
    judged = Judgement(scenario="sign-in", evidence=evidence, results=tuple(judge(evidence, rules.values())))
    path = Path(_FOLDER.name, "b.zip")
    write_bundle(path, [Report([judged], rules=rules)])
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not [name for name, text in files.items() if find(text, [Secret("told", value)])]
    (again,) = recording.read("e", files["evidence/1/0001.jsonl"])
    assert leaking(value, [again]) == []
    assert verify(path).differences == ()


def records_of(evidence: Evidence) -> list[Record]:
    opening = Opening(facts=to_members(evidence.facts))
    return [Opening(), opening, *evidence.facts.issued, *evidence.exchanges, *evidence.connections]


@settings(max_examples=300)
@given(planted())
def test_a_journal_lets_none_out(told: tuple[str, Evidence]) -> None:
    """Line by line as it grows; what the kit issued is there as it was."""
    value, evidence = told
    text = "".join(map(LiveRedaction(evidence.facts).line, records_of(evidence)))
    assert not find(text, [Secret("told", value)])
    assert leaking(value, recording.read("j", text)) == []
    assert ISSUED.value in text


@settings(max_examples=60)
@given(runs())
def test_a_journal_is_judged_like_one_with_all_in_it(evidence: Evidence) -> None:
    """Rule, outcome, severity, parameter and exchange are what they were: nothing else than secrets is missing.

    Of the journal as a whole: line by line, a value that was first sent as something else keeps that mark.
    """
    seen = replace(evidence, child=None)
    (whole,) = recording.read("j", recording.write(seen))
    (again,) = recording.read("j", LiveRedaction(seen.facts).lines(records_of(seen)))
    assert verdict(again) == verdict(whole)


def test_a_user_that_was_given_is_nobodys_in_the_journal() -> None:
    """In his place, in another character set, across an & that nobody encoded; equal values have one mark."""
    password = "zQ7\u00e9&pass w\u00f6rd9Kx"
    facts = Facts(username="svc@mine.example", password=password)
    bodies = (
        f"grant_type=password&username=svc%40mine.example&password={quote(password)}".encode(),
        f"grant_type=password&username=svc%40mine.example&password={quote_plus(password)}".encode(),
        f"grant_type=password&password={password}".encode("latin-1"),
        f"note={password}".encode(),
    )
    form = Headers((("Content-Type", "application/x-www-form-urlencoded"),))
    writer = LiveRedaction(facts, [("svc@mine.example", password)])
    exchanges = []
    for number, body in enumerate(bodies, start=1):
        request = Request(method="POST", target="/identity/connect/token", headers=form, body=body)
        line = writer.line(Exchange(number=number, kind=Kind.TOKEN, request=request))
        ((again,),) = (read.exchanges for read in recording.read("j", line))
        exchanges.append(again)
    assert parse_qs(exchanges[0].request.body.decode()) == parse_qs(exchanges[1].request.body.decode())
    for exchange in exchanges:
        text = unquote(exchange.request.body.decode("utf-8", "surrogateescape"))
        assert STAND_IN.search(text)
        assert "9Kx" not in text
        assert "svc@" not in text


def test_what_came_first_is_known_in_the_journal_as_a_whole() -> None:
    """A value that was met before it was sent as a secret is not in what the control surface shows."""
    value = "zQ7e-of-another-system-9Kx"
    said = Exchange(number=1, kind=Kind.OTHER, request=Request(method="GET", target=f"/v1/{value}"))
    sent = Exchange(number=2, kind=Kind.API, request=Request(method="GET", target=f"/api?access_token={value}"))
    assert value not in LiveRedaction(Facts()).lines((Opening(), said, sent))


def test_what_a_journal_costs_does_not_grow_with_what_was_issued(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server signs in thousands: what was issued before is not prepared for the search once more."""
    prepared: list[str] = []

    add = Search.add

    def counted(search: Search, secrets: Iterable[Secret]) -> None:
        new = tuple(secrets)
        prepared.extend(secret.value for secret in new)
        add(search, new)

    monkeypatch.setattr(Search, "add", counted)
    writer = LiveRedaction(Facts())
    costs = []
    for number in range(200):
        token = f"eyJhbGciOiJSUzI1NiJ9.{number:04}aZ0-bY1_cX2.dW3-eV4_fU5"
        call = Request(method="GET", target="/api", headers=Headers((("Authorization", f"Bearer {token}"),)))
        before = len(prepared)
        writer.line(Secret("access_token", token))
        assert token in writer.line(Exchange(number=number + 1, kind=Kind.API, request=call))
        costs.append(len(prepared) - before)
    assert max(costs[100:]) <= max(costs[1:20])
