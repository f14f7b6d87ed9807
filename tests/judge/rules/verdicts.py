"""One rule over one example, as a word: what a table row of the rules' tests expects."""

from blastiq_conformance.catalogue import Profile, Result, catalogue
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.judge.engine import judge
from tests.judge.example import read_example


def result(rule: str, example: str | Evidence, profile: Profile = Profile.ARTICLE) -> Result:
    """Judge an example by a single rule."""
    evidence = read_example(example) if isinstance(example, str) else example
    (found,) = judge(evidence, [catalogue()[rule]], profile)
    return found


def verdict(rule: str, example: str | Evidence, profile: Profile = Profile.ARTICLE) -> str:
    """Give the severities of the findings, in order; the outcome where there are none."""
    found = result(rule, example, profile)
    return " ".join(finding.severity for finding in found.findings) or found.outcome
