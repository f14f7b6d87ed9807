"""What rules say of the traffic they say by `quote`, so that a report knows where values stand."""

from collections.abc import Iterator

import pytest

from blastiq_conformance.catalogue import Rule, catalogue
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.parameters import KNOWN
from blastiq_conformance.evidence.quotation import Text, quote
from fake_idp.wire import FORM
from tests.judge.example import read_example
from tests.judge.rules.test_words import MORE
from tests.judge.rules.verdicts import result

# What the kit says of its own accord, although clients send it as well.
_OWN = KNOWN | {"code", "bearer", "external.customer", FORM}
_SHORTEST = 3


def _sent(evidence: Evidence) -> Iterator[str]:
    for exchange in evidence.exchanges:
        request = exchange.request
        yield from (request.target, request.url, request.path, request.host)
        yield from (value for _, value in request.headers)
        answer = None if exchange.response is None else exchange.response.json
        yield from map(str, answer.values() if isinstance(answer, dict) else ())
    for sign_in in evidence.token_requests:
        yield from (text for field in sign_in.fields for text in (field.name, field.value))
    if (child := evidence.child) is not None:
        yield from (*child.argv, child.stdout.decode(), child.stderr.decode(), *(file.path for file in child.files))
    yield from (evidence.facts.username or "", evidence.facts.password or "")


@pytest.mark.parametrize("rule", catalogue().values(), ids=lambda rule: str(rule.id))
def test_a_rule_quotes_what_was_sent(rule: Rule) -> None:
    """No value of its examples stands in a sentence of its findings but as a quotation: else put it into `quote`."""
    for example in (rule.bad, *MORE.get(rule.id, ())):
        evidence = read_example(example)
        values = {value for value in _sent(evidence) if len(value) >= _SHORTEST and value.lower() not in _OWN}
        for finding in result(rule.id, evidence).findings:
            for text in (finding.message, finding.expected, finding.received, finding.parameter):
                assert not [value for value in values if any(value in said for said in text.parts[::2])], text


def test_a_quotation_stays_one() -> None:
    """Whatever is quoted, the marks of a quotation among it, the text reads as if nothing had been marked."""
    assert Text(f"a {quote('x', 1)} b").parts == ("a ", "x 1", " b")
    assert Text(f"a {quote('x', 1)} b") == "a x 1 b"
    nested = Text(f"{quote(quote('x') + 'y')}{quote('z')}")
    assert nested.parts == ("", "\N{REPLACEMENT CHARACTER}x\N{REPLACEMENT CHARACTER}y", "", "z", "")
