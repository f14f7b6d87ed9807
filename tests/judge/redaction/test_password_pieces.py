"""A password that was sent as it is, with an & in it: no piece of it is in a report, and no sentence loses a word."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.cli.live import tell_arrivals
from blastiq_conformance.control.shown import Showing
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.report import Judgement, Report
from blastiq_conformance.report.shape import ReportShape
from fake_idp.server_config import ServiceUser
from tests.judge.example import read_example
from tests.judge.judged import rules

# No word of ours has these letters in a row.
pieces = st.text("ZQXJVK", min_size=4, max_size=20)
passwords = st.lists(st.tuples(pieces, st.sampled_from("&=+#%;")), min_size=2, max_size=6).map(
    lambda parts: "".join(piece + cut for piece, cut in parts) + "ZZQQ"
)


def sign_in(password: str, given: str | None = None, place: str = "form") -> Evidence:
    """Give a sign-in with a password that nobody encoded."""
    form = f"grant_type=password&username=svc&password={password}&client_id=external.customer"
    head = "POST /identity/connect/token" + (f"?{form}" if place == "query" else "")
    body = form if place == "form" else "a=b"
    evidence = read_example(
        f"{head}\nContent-Type: application/x-www-form-urlencoded\n\n{body}\n"
        'HTTP/1.1 400 Bad Request\nContent-Type: application/json\n\n{"error":"invalid_grant"}'
    )
    return replace(evidence, facts=Facts(scenario="sign-in", username="svc", password=given or password))


def report(evidence: Evidence) -> ReportShape:
    results = tuple(judge(evidence, rules().values()))
    judgement = Judgement(scenario="sign-in", evidence=evidence, results=results)
    return Report([judgement], rules=rules(), command=("node", "app.js")).to_model()


@given(passwords, st.sampled_from(("form", "query")))
def test_no_piece_is_in_a_report(password: str, place: str) -> None:
    """Nor in the requests that it shows."""
    text = json.dumps(report(sign_in(password, place=place)))
    cut = password
    for sign in "=+#%;":
        cut = cut.replace(sign, "&")
    assert [piece for piece in cut.split("&") if piece in text] == []


def test_equal_pieces_are_visibly_equal() -> None:
    """And others are others."""
    model = report(sign_in("ZQXJ&KVZZ&QQXX=VVKK", given="ZQXJ&KVZZ&QQXX=VVKK"))
    foreign = next(result for result in model["results"] if result["rule"] == "BIQ215")
    names = [finding["parameter"] for finding in foreign["findings"]]
    assert len(set(names)) == len(names) == 2
    assert all(finding["message"].endswith(name) for finding, name in zip(foreign["findings"], names, strict=True))
    assert all(f["received"].startswith(name) for f, name in zip(foreign["findings"], names, strict=True))


WORDS = "Send&Leave&integration&given&value&encoded&server&form&field&configured&error&this&parameter&BlastIQ&node&run"


@pytest.mark.unmeasured
@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: str(rule.id))
def test_the_words_of_the_kit_stay(rule: object) -> None:
    """A password may be made of any words; where none of them is a parameter, all is said as it always is."""
    evidence = read_example(getattr(rule, "bad"))  # noqa: B009 - any rule
    known = replace(evidence, facts=replace(evidence.facts, other_users=(("zq-other", WORDS),)))
    results = tuple(judge(evidence, [rule]))  # type: ignore[list-item]  # as above

    def said(one: Evidence) -> str:
        played = Judgement(scenario="sign-in", evidence=one, results=results)
        return json.dumps(Report([played], rules=rules(), command=("node", "app.js")).to_model())

    assert said(known) == said(evidence)


def test_what_serve_prints_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a user that somebody gave."""
    evidence = sign_in("ZQXJ&KVZZ=QQXX+JJKK")
    findings = [finding for result in judge(evidence, rules().values()) for finding in result.findings]
    people = [ServiceUser(username="svc", password="ZQXJ&KVZZ=QQXX+JJKK")]
    Showing(Facts(), people, (tell_arrivals,))([(evidence.exchanges[0], findings)], evidence)
    printed = capsys.readouterr().out
    assert "BIQ215" in printed
    assert not [piece for piece in ("ZQXJ", "KVZZ", "QQXX", "JJKK") if piece in printed]
