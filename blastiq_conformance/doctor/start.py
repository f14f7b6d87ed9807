"""Starting the command for real: how far it gets, and with which options it can be judged."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from blastiq_conformance.doctor.check import Check, Status, problem
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.conduct import conduct
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.proxy.enclosure import enclosed
from blastiq_conformance.report.other_hosts import name_hosts, other_hosts
from blastiq_conformance.runner.not_run import NotRun
from blastiq_conformance.runner.run import run
from blastiq_conformance.runner.scenario_run import ScenarioRun
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import Scenario, scenarios
from blastiq_conformance.secrets.cleaner import Cleaner
from fake_idp.server_config import PRODUCTION_NAMES

_NAME = "start"
# Seconds; a single sign-in needs few.
_PATIENCE = 60.0
_TLS = "It refuses an address that is not https. Judge it by: blastiq run --tls"
_INTERCEPT = "It calls the production host, whatever BLASTIQ_AUTHORITY says. Judge it by: blastiq run --intercept"
_ENCLOSE = "It calls the production host, and ignores HTTPS_PROXY. Judge it by: blastiq run --intercept --enclose"
_ELSEWHERE = (
    "It never calls BlastIQ, whatever BLASTIQ_AUTHORITY says: put that in place of the address that it has. A host "
    "that stands for BlastIQ at your site is named by `intercept` in blastiq.toml."
)
_COMMAND = "Correct the command that stands after `--`, or in blastiq.toml."


def check_start(
    target: Target, scenario_run: Callable[[Target, Sequence[Scenario]], Sequence[ScenarioRun]] = run
) -> Check:
    """Start a target where nothing is odd; if it never calls, again over TLS, by its own names, and enclosed."""
    plain = replace(target, timeout=min(target.timeout, _PATIENCE))
    led = replace(plain, intercept=target.intercept or PRODUCTION_NAMES)
    ways = [
        (plain, ""),
        *([] if target.secured else [(replace(plain, tls=True), _TLS)]),
        *([] if target.intercept else [(led, _INTERCEPT)]),
        (replace(led, command=enclosed(target.command)), _ENCLOSE),
    ]
    scenario = scenarios()["attended-sign-in" if target.attended else "sign-in"]
    refusals: list[NotRun] = []
    for way, advice in ways:
        try:
            runs = scenario_run(way, [scenario])
        except NotRun as error:
            refusals.append(error)
            if error.kind != "never-called":
                break
            continue
        evidence = next((each for one in runs for each in one.evidences if each.child is not None), None)
        return _seen(evidence, advice)
    # The first refusal counts, but only behind a proxy does it show that the proxy is not trusted.
    telling = next((error for error in refusals if "TLS" in error.text), refusals[0])
    return problem(_NAME, telling.text, _COMMAND if telling.kind == "not-started" else "")


def _seen(evidence: Evidence | None, advice: str) -> Check:
    if evidence is None or evidence.child is None:
        return Check(name=_NAME, status=Status.NOTE, found="It was interrupted, and nothing was seen.")
    found: str = Text(f"The integration {conduct(evidence, evidence.child)}.")
    hosts = other_hosts([evidence], Cleaner([evidence], live=True))
    if hosts:
        found += f" It called hosts that are not BlastIQ's, and was refused: {name_hosts(hosts)}."
    if hosts and sum(host["requests"] for host in hosts) >= len(evidence.exchanges):
        advice = _ELSEWHERE
    if not advice and not evidence.failed and evidence.api_calls:
        return Check(name=_NAME, found=found)
    return problem(_NAME, found, advice or _advice(evidence))


def _advice(evidence: Evidence) -> str:
    if evidence.child is not None and evidence.child.timed_out:
        return "A service that stays up: set `quiet = 5` in blastiq.toml (`blastiq init`)."
    if not evidence.access_tokens:
        return "It failed before it was signed in: `blastiq run --quick -- …` says what is wrong with its requests."
    return "It was signed in and failed afterwards: it is to GET BLASTIQ_API_URL with the token, and to exit with 0."
