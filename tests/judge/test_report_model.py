"""The JSON model: its shape, its bytes, and no secret in it."""

import json
from collections.abc import Callable
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.catalogue import Profile, catalogue
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.report import Judgement, Report, Reproduction, several
from blastiq_conformance.report.shape import Model
from blastiq_conformance.schemas import shipped_schema
from blastiq_conformance.writers import FORMATS, writer
from fake_idp.secrets.encodings import encodings
from fake_idp.secrets.search import Secret, find
from tests.judge.judged import AUDIENCE, GOOD, SCOPE, SECRET, judged, report, rules

pytestmark = pytest.mark.slow

VALIDATOR = jsonschema.Draft202012Validator(shipped_schema("report"))


def recorded() -> Report:
    judgement = judged(SCOPE, "")
    exchanges = tuple(replace(x, source="a.har#1", at="2026-01-01T00:00:00Z") for x in judgement.evidence.exchanges)
    judgement = replace(judgement, evidence=replace(judgement.evidence, exchanges=exchanges))
    return Report([judgement], rules=rules(), source_kind="check", target="a.har")


def every() -> Model:
    runs = [judged(rule.bad, rule.name) for rule in catalogue().values()]
    return Report(runs, rules=rules(), left_out={"hangs": "slow: --slow runs it"}, notes=("n",)).to_model()


MODELS: dict[str, Callable[[], Model]] = {
    "good": lambda: report(GOOD).to_model(),
    "bad": lambda: report(AUDIENCE, SCOPE, SECRET, ids=()).to_model(),
    "every": every,
    "recorded": lambda: recorded().to_model(),
    "interrupted": lambda: Report([judged(GOOD)], rules=rules(), interrupted=True).to_model(),
    "not-run": lambda: Report(text="no such program").to_model(),
    "several": lambda: several([report(GOOD).to_model(), report(AUDIENCE).to_model()]),
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.unmeasured
def test_a_report_meets_the_shipped_schema(name: str) -> None:
    """Whatever is reported, scripts can rely on its shape."""
    VALIDATOR.validate(MODELS[name]())


def test_the_schema_is_one() -> None:
    """It is valid itself, and refuses what is not a report."""
    jsonschema.Draft202012Validator.check_schema(shipped_schema("report"))
    assert not VALIDATOR.is_valid({**report(GOOD).to_model(), "colour": "red"})


@pytest.mark.unmeasured
def test_the_same_input_gives_the_same_bytes() -> None:
    """Judged twice, reported twice, written twice: no difference in any format."""
    one, other = every(), every()
    for name in FORMATS:
        assert writer(name)(one) == writer(name)(other)


def test_ports_and_times_of_a_run_make_no_difference() -> None:
    """Two runs that saw the same on other ports, at other times, differ in the marked block alone."""
    seen = []
    for port, at in ((40001, "2026-01-01T00:00:00Z"), (50002, "2026-02-02T00:00:00Z")):
        text = AUDIENCE.replace("Content-Type", f"Host: 127.0.0.1:{port}\nDate: {at}\nContent-Type", 1)
        judgement = judged(text, ids=("BIQ211",))
        exchanges = tuple(replace(x, at=at, started=float(port)) for x in judgement.evidence.exchanges)
        evidence = replace(judgement.evidence, exchanges=exchanges)
        seen.append(Report([replace(judgement, evidence=evidence)], rules=rules("BIQ211")).to_model())
    assert {seen[0]["volatile"][name] for name in ("first", "last")} == {"2026-01-01T00:00:00Z"}
    for model in seen:
        model["volatile"] = {}
    assert seen[0] == seen[1]
    assert ["Host", "127.0.0.1:PORT"] in seen[0]["exchanges"][0]["request"]["headers"]


def test_the_exchanges_that_findings_name_are_there_once() -> None:
    """A finding points into the list; others are left out, but for the sign-in, which comes first."""
    model = report(GOOD, AUDIENCE, AUDIENCE.rstrip() + "&scope=x").to_model()
    shown = [finding["shown"] for result in model["results"] for finding in result["findings"]]
    assert shown == [1, 2, 2]
    assert [(x["scenario"], x["exchange"]) for x in model["exchanges"]] == [("s0", 1), ("s1", 1), ("s2", 1)]


def test_at_most_a_thousand_exchanges_are_kept() -> None:
    """All findings stay; those whose exchange has no room point nowhere."""
    judgement = judged(AUDIENCE, ids=("BIQ211",))
    (exchange,), (result,) = judgement.evidence.exchanges, judgement.results
    numbers = range(1, 1_011)
    evidence = replace(judgement.evidence, exchanges=tuple(replace(exchange, number=number) for number in numbers))
    findings = tuple(replace(result.findings[0], exchange=number) for number in (*numbers, None, 5_000))
    results = (replace(result, findings=findings),)
    model = Report([Judgement(scenario="s", evidence=evidence, results=results)], rules=rules("BIQ211")).to_model()
    places = [finding["shown"] for finding in model["results"][0]["findings"]]
    assert places == [*range(1_000), *[None] * 12]
    assert len(model["exchanges"]) == 1_000


def test_long_values_are_cut() -> None:
    """A body of megabytes does not make a report of megabytes, and the reader is told."""
    model = report(AUDIENCE.rstrip() + "&x=" + "y" * 1_000_000).to_model()
    body = model["exchanges"][0]["request"]["body"]
    assert len(body) < 5_000
    assert body.endswith("characters more)")


# It begins as no word of a format does: those who share twelve characters with one have not leaked.
SECRETS = st.text(min_size=20, max_size=40).map(lambda text: f"zQ7\u00e9{text}")


@given(SECRETS, SECRETS, st.data())
def test_no_secret_leaves_in_any_encoding(issued: str, told: str, data: st.DataObject) -> None:
    """Neither what the kit issued nor what the traffic carried, however a rule or a client has written it."""
    form = data.draw(st.sampled_from(sorted(encodings(issued))))
    judgement = judged(AUDIENCE, ids=("BIQ211",))
    (exchange,), (result,) = judgement.evidence.exchanges, judgement.results
    body = json.dumps({"grant_type": "password", "password": told, "x": issued}).encode("utf-8", "backslashreplace")
    request = replace(exchange.request, target=f"/identity/connect/token?a={form}", body=body)
    finding = replace(result.findings[0], received=Text(f"x={form}"), message=Text(told), reproduce=form)
    facts = replace(judgement.evidence.facts, issued=(Secret("password", issued),))
    model = Report(
        [
            Judgement(
                scenario="s",
                evidence=replace(judgement.evidence, exchanges=(replace(exchange, request=request),), facts=facts),
                results=(replace(result, findings=(finding,)),),
            )
        ],
        rules=rules("BIQ211"),
        notes=(form,),
        command=("run", told),
    ).to_model()
    secrets = [Secret("password", issued), Secret("password", told)]
    for name in FORMATS:
        assert not find(writer(name)(model), secrets)


@pytest.mark.parametrize(
    ("text", "profile", "severity"),
    [
        (GOOD, Profile.ARTICLE, "warning error"),
        (GOOD, Profile.STRICT, "error error"),
        (GOOD.rstrip() + "&scope=", Profile.ARTICLE, "warning warning"),
        (SCOPE, Profile.ARTICLE, "warning error"),
    ],
)
def test_the_severity_is_that_of_the_findings_or_of_the_rule(text: str, profile: Profile, severity: str) -> None:
    """Where nothing was found, it is what a finding would have."""
    model = report(text, ids=("BIQ204", "BIQ212"), profile=profile).to_model()
    assert [result["severity"] for result in model["results"]] == severity.split()


@pytest.mark.parametrize("flow", ["attended", "unattended"])
def test_a_recording_is_judged_again_in_its_flow(flow: str) -> None:
    """Who repeats the line gets the same finding."""
    judgement = judged(AUDIENCE, "", ids=("BIQ211",))
    evidence = judgement.evidence
    exchanges = tuple(replace(exchange, source="a.har#1") for exchange in evidence.exchanges)
    evidence = replace(evidence, exchanges=exchanges, facts=replace(evidence.facts, flow=flow))
    judgement = replace(judgement, evidence=evidence)
    made = Report([judgement], rules=rules("BIQ211"), source_kind="check", again=Reproduction(way="check"))
    again = {finding.reproduce for result in made.results for finding in result.findings}
    assert ["--attended" in line for line in again] == [flow == "attended"]
