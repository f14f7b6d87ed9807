"""The report for a person."""

import re
from dataclasses import replace

import pytest

from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.report import Judgement, Report, Reproduction, several
from blastiq_conformance.writers.terminal import findings_text, write
from tests.judge.judged import AUDIENCE, GOOD, SCOPE, judged, report, rules

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
FINDING = """\
FAIL  BIQ211 audience-sent  MUST NOT
      received   POST /identity/connect/token (exchange 1): audience=https://api.example (form field
                 5 of 5)
      expected   no audience parameter: absent, not empty
      why        The article lists audience under unused parameters and asks not to send it. It
                 usually comes from samples written for Auth0, whose servers demand it;
                 IdentityServer ignores it, so only this check tells you.
      source     article A33, A25
      fix        Leave the parameter out altogether: absent, not empty.
                 Auth0 SDKs and samples: remove the audience option
                 Guzzle: no audience among form_params
                 IdentityModel: no audience among the Parameters of PasswordTokenRequest
                 Postman: untick the row audience in the body
      again      blastiq run --scenario s0 --rule BIQ211 -- node app.js
"""


def test_a_finding_has_its_six_parts() -> None:
    """Exactly as the design lays it out; the same as the text of a failed test."""
    model = report(AUDIENCE).to_model()
    assert FINDING in write(model)
    assert findings_text(model, {"BIQ211"}) == FINDING
    assert findings_text(model, {"BIQ212"}) == ""


def test_a_clean_run() -> None:
    """Three lines, and a verdict that says what it means."""
    assert write(report(GOOD, GOOD).to_model()) == (
        "PASS        no audience               2 token requests checked\n"
        "UNTESTED    no client_secret          no token request was seen\n"
        "PASS        scope absent or cosmos    2 token requests checked\n"
        "\n"
        "CONFORMS    node app.js, 2 scenarios, profile article, edition 2026-12\n"
        "findings    none\n"
        "rules       2 passed\n"
        "subject     not bound to a build\n"
        "exit 0      no finding of severity error, and every binding rule of these scenarios was judged\n"
    )


def test_the_demo_has_a_name() -> None:
    """It was started by a flag, not by a command."""
    made = Report([judged(GOOD, ids=("BIQ211",))], rules=rules("BIQ211"), command=("--demo",))
    assert "CONFORMS    the kit's own demo, 1 scenario, profile article, edition 2026-12\n" in write(made.to_model())


def test_equal_findings_are_shown_once() -> None:
    """With their number and where; what differs in a number that the run gave is still equal."""
    text = write(report(AUDIENCE, AUDIENCE, GOOD, AUDIENCE).to_model())
    assert text.count("BIQ211 audience-sent  MUST NOT") == 1
    assert "      seen       3 times: s0, s1, s3\n" in text
    assert "FAIL        no audience               3 findings in 4 token requests\n" in text


def test_many_places_are_cut() -> None:
    """Eight are named, repeats counted, the rest counted together."""
    runs = [judged(AUDIENCE, f"s{index}", ids=("BIQ211",)) for index in range(10)] + [judged(AUDIENCE, "s0")]
    text = write(Report(runs, rules=rules("BIQ211")).to_model())
    assert "seen       11 times: s0 (2), s1, s2, s3, s4, s5, s6, s7 and 2 more" in text


def test_what_stayed_open_is_listed_by_reason() -> None:
    """Binding rules first; the reason stands once."""
    text = write(report(GOOD, ids=("BIQ601", "BIQ602", "BIQ211")).to_model())
    assert (
        "UNTESTED    nothing was seen that this rule could judge; in s0 the integration asked for a token and\n"
        "            got none, ended with exit status 0\n"
        "            MUST       BIQ601 token-outside-authorization-header\n"
        "            MUST NOT   BIQ602 token-in-query\n"
    ) in text
    assert "INCOMPLETE  node app.js, 1 scenario, profile article, edition 2026-12\n" in text
    assert "\nexit 4      no violation, but binding rules" in text
    assert "\nbecause     nothing was seen that this rule could judge; in s0 the integration asked for" in text


def test_edited_evidence_says_why() -> None:
    """The reason stands at the line that it concerns and at the list of rules."""
    judgement = judged(GOOD, "", ids=("BIQ211",))
    exchanges = tuple(replace(x, source="a.har#1") for x in judgement.evidence.exchanges)
    results = tuple(replace(r, outcome=r.outcome.CANT_TELL, reason="the body is gone") for r in judgement.results)
    made = Judgement(scenario="", evidence=replace(judgement.evidence, exchanges=exchanges), results=results)
    text = write(Report([made], rules=rules("BIQ211"), source_kind="check").to_model())
    assert "CAN'T TELL  no audience               the body is gone\n" in text
    assert "CAN'T TELL  the body is gone\n            MUST NOT   BIQ211 audience-sent\n" in text
    assert "CONFORMS    a.har, profile article, edition 2026-12\n" in text


def test_a_recording_names_file_and_place() -> None:
    """Before the request that the finding is about."""
    judgement = judged(AUDIENCE, "", ids=("BIQ211",))
    exchanges = tuple(replace(x, source="c.yaml:12") for x in judgement.evidence.exchanges)
    (result,) = judgement.results
    result = replace(result, findings=tuple(replace(f, source="c.yaml:12") for f in result.findings))
    made = Judgement(scenario="", evidence=replace(judgement.evidence, exchanges=exchanges), results=(result,))
    again = Reproduction(way="check")
    text = write(Report([made, made], rules=rules("BIQ211"), source_kind="check", again=again).to_model(), width=200)
    assert "received   c.yaml:12 POST /identity/connect/token (exchange 1): audience=" in text
    assert "seen       2 times: c.yaml:12 (2)\n" in text
    assert "again      blastiq check c.yaml\n" in text


def test_a_finding_without_an_exchange() -> None:
    """What a process did has no request; what found no room has a number only."""
    judgement = judged(AUDIENCE, "s", ids=("BIQ211",))
    (result,) = judgement.results
    found = tuple(
        replace(result.findings[0], exchange=x, received=Text(f"r{x}"), parameter=Text("")) for x in (None, 77)
    )
    made = replace(judgement, results=(replace(result, findings=found),))
    text = write(
        Report([made], rules=rules("BIQ211"), notes=("a note",), left_out={"hangs": "slow: --slow runs it"}).to_model()
    )
    assert "received   rNone\n" in text
    assert "or         (exchange 77): r77\n" in text
    assert "\na note\nleft out: hangs\n\nVIOLATES" in text


def test_what_did_not_run() -> None:
    """The text stands before the verdict, its lines kept."""
    text = write(Report(text="node could not be started.\nCheck the path.", command=("node",)).to_model())
    assert (
        "\nnode could not be started.\nCheck the path.\n\nNOT RUN     node, profile article, edition 2026-12\n" in text
    )
    assert "\nsubject     not bound to a build\nexit 3 " in text


def test_several_targets_follow_each_other() -> None:
    """Each under its name."""
    runs = [judged(GOOD, ids=("BIQ211",))]
    made = [Report(runs, rules=rules("BIQ211"), target=target).to_model() for target in ("one", "two")]
    text = write(several(made))
    assert text.startswith("── one \n".replace(" \n", "\n"))
    assert text.count("CONFORMS") == 2
    assert findings_text(several(made), {"BIQ211"}) == ""


@pytest.mark.parametrize("text", [GOOD, AUDIENCE, SCOPE])
def test_colour_changes_no_word(text: str) -> None:
    """Plain output has no escape code; with them taken out, the coloured one is the same."""
    model = report(text, ids=()).to_model()
    plain, colored = write(model), write(model, color=True)
    assert "\x1b" not in plain
    assert [line.rstrip() for line in ESCAPE.sub("", colored).splitlines()] == plain.splitlines()


def test_the_offending_parameter_is_marked() -> None:
    """It stands out with its value, and nothing else on the line does."""
    text = write(report(AUDIENCE).to_model(), color=True)
    assert "(exchange 1): \x1b[1;4;31maudience=https://api.example\x1b[0m (form field" in text


def test_a_value_is_marked_whole() -> None:
    """Blanks in it, and the end of a line, do not end it."""
    text = write(report(GOOD.rstrip() + "&scope=openid+profile+email\n").to_model(), color=True, width=85)
    assert "\x1b[1;4;31mscope=openid profile\x1b[0m\n" in text
    assert " \x1b[0m\x1b[1;4;31memail\x1b[0m (form field" in text


def test_no_line_but_a_command_is_wider_than_the_terminal() -> None:
    """The three lines, what stayed open and the verdict fit a terminal of 40 columns as well."""
    lines = write(report(GOOD, AUDIENCE, ids=("BIQ211", "BIQ601")).to_model(), width=40).splitlines()
    wide = [line for line in lines if len(line) > 40]
    assert all(line.startswith("      again ") for line in wide)
    assert lines[:2] == ["FAIL        no audience", "            1 finding in 2 token"]
    assert "VIOLATES    node app.js, 2 scenarios," in lines


def test_a_warning_is_not_called_a_failure() -> None:
    """An empty scope is a warning, in its line as in its finding."""
    text = write(report(GOOD.rstrip() + "&scope=\n").to_model())
    assert "WARN        scope absent or cosmos    1 finding in 1 token request\n" in text
    assert "\nWARN  BIQ212 unexpected-scope  SHOULD NOT\n" in text
    assert "findings    1 warning\n" in text


def test_traffic_cannot_steer_the_terminal() -> None:
    """Control characters of a client are shown as escapes."""
    text = write(report(AUDIENCE.rstrip() + "%1B%5B2J%0A%E2%80%AE\n").to_model())
    assert "api.example\\x1b[2J\\n\\u202e" in text
    assert "\x1b" not in text


@pytest.mark.parametrize("width", [20, 40, 72, 200])
def test_lines_fit_the_terminal(width: int) -> None:
    """All but the command to copy; never narrower than can be read."""
    text = write(report(AUDIENCE, SCOPE, ids=()).to_model(), width=width)
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("again", "FAIL", "WARN", "VIOLATES"))]
    assert max(map(len, lines)) <= max(width, 20 + 38)
