"""The page of a rule: why, instead, sources, both examples, the fix per library and whether it was run."""

import textwrap
from collections.abc import Iterator

from blastiq_conformance.catalogue import Rule
from blastiq_conformance.catalogue.references import describe
from blastiq_conformance.catalogue.tried import TRIED

_WIDTH = 100


def as_text(rule: Rule) -> Iterator[str]:
    """Give the page for a terminal, line by line."""
    yield f"{rule.id} {rule.name}   {rule.level}, {rule.severity}   since {rule.since}"
    yield rule.title
    for heading, text in (("why", rule.why), ("instead", rule.instead)):
        yield ""
        yield f"{heading:<9}{hung(text, 9)}"
    yield ""
    for number, reference in enumerate(rule.references):
        yield f"{'' if number else 'source':<9}{hung(f'{reference}: {describe(reference)}', 9)}"
    for heading, example in (("good", rule.good), ("bad", rule.bad)):
        yield ""
        yield heading
        yield textwrap.indent(example.strip(), "    ")
    if rule.fixes:
        yield ""
        yield "fix"
        for library, fix in rule.fixes.items():
            yield f"    {hung(f'{library}{unproved(rule, library)}: {fix}', 6)}"


def unproved(rule: Rule, library: str) -> str:
    """Say of a fix that no program was mended by it."""
    return "" if library in TRIED.get(rule.id, ()) else " (not run)"


def hung(text: str, indent: int) -> str:
    """Wrap a text so that its later lines stand under the first."""
    return textwrap.fill(
        text, _WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent, break_long_words=False
    ).strip()
