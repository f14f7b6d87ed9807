"""The words of findings, pinned in words.txt: `python -m tests.judge.rules.test_words` writes it anew, to be read."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from blastiq_conformance.catalogue import Finding, catalogue
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFRESH_2,
    REFUSED,
    SIGN_IN,
    TOKEN_1,
    TOKEN_2,
    TOKEN_3,
    called,
    died,
    granted,
    refreshed,
    signed_in,
    story,
)
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result

PAGE = Path(__file__).with_name("words.txt")
RENEWAL = refreshed(REFRESH_1, granted(TOKEN_2, REFRESH_2))
LATER = signed_in("", "503 Service Unavailable\nRetry-After: 2")
PARTS = ("body", "headers", "response")
HIDDEN = "<access_token:1>"
SHARED = "facts: concurrency = 2, api_calls = 2"
SITE = '\n\n{"site":"%s"}'
OTHER = "grant_type=password&username=b&password=c&client_id=external.customer"


def of(site: str, token: str) -> str:
    return called(token).rstrip() + SITE % site


# What is said otherwise than of a rule's own bad example.
MORE = {
    "BIQ214": [SIGN_IN.replace("/token", "/token?x=%E9", 1), SIGN_IN.replace("k7Fq2", "k7%E9")],
    "BIQ306": [
        story(
            "facts: other_user = b:c",
            signed_in(),
            of("pit", TOKEN_1),
            signed_in(granted(TOKEN_2)).replace(SIGN_IN.rpartition("\n\n")[2], OTHER),
            of("quarry", TOKEN_2),
            called(TOKEN_1, "403 Forbidden").replace("/api", "/api/sites/quarry"),
        )
    ],
    "BIQ415": [
        story(signed_in(granted(TOKEN_1, "")), called(), RENEWAL.replace(REFRESH_1, "", 1)),
        story(signed_in(granted(TOKEN_1, "")), called(), RENEWAL.replace(f"refresh_token={REFRESH_1}&", "", 1)),
    ],
    "BIQ501": [
        story("facts: api_calls = 2", signed_in(), called(), died(), refreshed(REFRESH_1, REFUSED, "400 Bad Request")),
        story("facts: api_calls = 9", signed_in(), called(), died(), RENEWAL, called(TOKEN_2)),
    ],
    "BIQ502": [
        story(signed_in(), RENEWAL.replace("grant_type=refresh_token&", "")),
        story(signed_in(), RENEWAL.replace("grant_type=refresh_token", "grant_type=Refresh_Token")),
        story(signed_in(), RENEWAL.replace(REFRESH_1, "", 1)),
        story(signed_in(), RENEWAL.replace(f"refresh_token={REFRESH_1}&", "", 1)),
        story(signed_in(), RENEWAL.replace("POST", "PUT", 1)),
        story(signed_in(), RENEWAL.replace("/token", "/token?client_id=external.customer", 1)),
    ],
    "BIQ506": [catalogue()["BIQ506"].bad.replace("refresh_token=&", "")],
    "BIQ510": [
        story(SHARED, signed_in(), called(), died(), died(), RENEWAL)
        + f"\n### -0.03\n{refreshed(REFRESH_1, granted(TOKEN_3, REFRESH_2))}"
    ],
    "BIQ604": [story(signed_in(granted(HIDDEN)), called(f"<{HIDDEN}>"))],
    "BIQ803": [f"{signed_in()}\n### +5\n{LATER}\n### +0.5\n{LATER}\n### +0.6\n{signed_in()}"],
    "BIQ806": [
        story("facts: scenario = connection-lost", SIGN_IN, "exit: 0"),
        story(signed_in(), called(status="500 Oops"), "exit: timeout"),
    ],
    "BIQ824": [story(signed_in(), f"{called()}\n###\ntook: 1\n### -0.8\n{called()}\n### -0.02\n{called()}")],
    "BIQ905": [catalogue()["BIQ905"].bad.replace("&state=somebody-elses", "").replace("?state=somebody-elses&", "?")],
}


def page() -> str:
    """Give what is said of the examples of each rule, and of their edited recordings."""
    lines: list[str] = []
    for rule in catalogue().values():
        for example in (rule.bad, *MORE.get(rule.id, ())):
            lines += [rule.id, *(line for finding in result(rule.id, example).findings for line in _words(finding))]
        for part in PARTS:
            bad, good = (_edited(example, rule.id, part) for example in (rule.bad, rule.good))
            lines.append(f"  {rule.id} without {part}: bad {bad}, good {good}")
    return "\n".join([*lines, ""])


def _edited(example: str, rule: str, part: str) -> str:
    evidence = read_example(example)
    lost = frozenset({part})
    exchanges = tuple(replace(exchange, edited="filtered", lost=lost) for exchange in evidence.exchanges)
    return result(rule, replace(evidence, exchanges=exchanges)).outcome


def _words(finding: Finding) -> Iterator[str]:
    place = "" if finding.exchange is None else f" at {finding.exchange}"
    yield f"  {finding.severity}{place} {finding.parameter}".rstrip()
    for text in (finding.message, finding.expected, finding.received):
        yield f"    {text}"


def test_findings_say_what_was_read_and_approved() -> None:
    """Message, expected, received, parameter and exchange, word for word; and each example gives a finding."""
    assert page() == PAGE.read_text(encoding="utf-8")
    assert all(result(rule, example).findings for rule, examples in MORE.items() for example in examples)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
