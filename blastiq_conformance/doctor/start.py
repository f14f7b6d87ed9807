"""What becomes of a command that is started in earnest: how far it comes, and by which options it can be judged."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from blastiq_conformance.doctor.check import Check, Status
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.conduct import conduct
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.proxy.enclosure import enclosed
from blastiq_conformance.runner import NotRun, ScenarioRun, run
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import Scenario, scenarios
from fake_idp.server_config import PRODUCTION_NAMES

_NAME = "start"
# Seconds; who signs in once needs few.
_PATIENCE = 60.0


def check_start(
    command: Sequence[str], scenario_run: Callable[[Target, Sequence[Scenario]], Sequence[ScenarioRun]] = run
) -> Check:
    """Start a command where nothing is odd, once; where it never calls, again by its own names, and enclosed."""
    plain = Target(command=tuple(command), timeout=_PATIENCE)
    ways = (
        (plain, ""),
        (
            replace(plain, intercept=PRODUCTION_NAMES),
            "It calls the production host, whatever BLASTIQ_AUTHORITY says. Judge it by: blastiq run --intercept",
        ),
        (
            replace(plain, command=enclosed(command), intercept=PRODUCTION_NAMES),
            "It calls the production host, and ignores HTTPS_PROXY. Judge it by: blastiq run --intercept --enclose",
        ),
    )
    refusals: list[NotRun] = []
    for target, advice in ways:
        try:
            runs = scenario_run(target, [scenarios()["sign-in"]])
        except NotRun as error:
            refusals.append(error)
            if error.kind != "never-called":
                break
            continue
        evidence = next((each for one in runs for each in one.evidences if each.child is not None), None)
        return _seen(evidence, advice)
    # What it did the first time is what it does; that a proxy is not trusted shows only behind one.
    telling = next((error for error in refusals if "TLS" in error.text), refusals[0])
    return Check(name=_NAME, status=Status.PROBLEM, found=telling.text)


def _seen(evidence: Evidence | None, advice: str) -> Check:
    if evidence is None or evidence.child is None:
        return Check(name=_NAME, status=Status.NOTE, found="It was interrupted, and nothing was seen.")
    found = Text(f"The integration {conduct(evidence, evidence.child)}.")
    if not advice and not evidence.failed and evidence.api_calls:
        return Check(name=_NAME, found=found)
    return Check(name=_NAME, status=Status.PROBLEM, found=found, advice=advice or _advice(evidence))


def _advice(evidence: Evidence) -> str:
    if evidence.child is not None and evidence.child.timed_out:
        return "A service that stays up: set `quiet = 5` in blastiq.toml (`blastiq init`)."
    if not evidence.access_tokens:
        return "It failed before it was signed in: `blastiq run --quick -- …` says what is wrong with its requests."
    return "It was signed in and failed afterwards: it is to GET BLASTIQ_API_URL with the token, and to exit with 0."
