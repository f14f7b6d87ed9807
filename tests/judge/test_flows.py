"""Clients recorded with the products themselves: each has the verdict that it is due, from HAR and from YAML."""

from pathlib import Path

import pytest

from blastiq_conformance.catalogue import Severity
from blastiq_conformance.report import Report
from blastiq_conformance.sources import SourceError
from blastiq_conformance.trial.recordings import Reading
from tests.judge.flows import CASSETTES, FLOWS, Flow, to_yaml
from tests.judge.judged import rules

NAMES = {name: flow for flow in FLOWS for name in flow.names}


def report(file: Path) -> Report:
    judged = Reading().judge(file)
    assert not isinstance(judged, SourceError)
    return Report(judged, rules=rules(), source_kind="check", target=str(file))


def found(made: Report, severity: Severity) -> str:
    numbers = {f.rule[3:] for result in made.results for f in result.findings if f.severity is severity}
    return " ".join(sorted(numbers))


@pytest.mark.parametrize("ending", ["har", "yaml"])
@pytest.mark.parametrize(("name", "flow"), NAMES.items(), ids=NAMES)
def test_a_client_has_the_verdict_that_it_is_due(name: str, flow: Flow, ending: str) -> None:
    """Right ones break nothing, wrong ones what they do wrong and no more, whatever server forgave it."""
    made = report(CASSETTES / f"{name}.{ending}")
    assert (found(made, Severity.ERROR), found(made, Severity.WARNING)) == (flow.errors, flow.warnings)
    assert found(made, Severity.INFO) == ""
    assert made.exit_code == (1 if flow.errors else 0)
    # The token was seen where it belongs: nothing of the recording stayed unread.
    refused = flow.errors in {"202", "212"}
    assert [len(judgement.evidence.api_calls) > 5 for judgement in made.judgements] == [not refused]


@pytest.mark.parametrize("name", NAMES)
def test_both_forms_hold_the_same(name: str) -> None:
    """The YAML is made of the HAR."""
    har = (CASSETTES / f"{name}.har").read_text(encoding="utf-8")
    assert to_yaml(har) == (CASSETTES / f"{name}.yaml").read_text(encoding="utf-8")


def test_every_recording_is_in_the_table() -> None:
    """One that is not judged documents nothing."""
    there = {str(path.relative_to(CASSETTES).with_suffix("")) for path in CASSETTES.glob("*/*--*.*")}
    assert there == set(NAMES)


@pytest.mark.parametrize("secret", ["k7Fq2vN9xW4mZ8tR1pLs", "svc.pit-42", "eyJhbGci"])
def test_no_secret_was_kept(secret: str) -> None:
    """Neither of the invented users nor of their tokens."""
    files = [file for file in CASSETTES.rglob("*") if file.is_file()]
    assert [str(file) for file in files if secret in file.read_text(encoding="utf-8")] == []
