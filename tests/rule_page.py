"""The sections of docs/rules.md, from the rules themselves."""

import textwrap
from collections.abc import Iterator

from blastiq_conformance.catalogue import Rule, catalogue
from blastiq_conformance.catalogue.page import unproved
from blastiq_conformance.catalogue.references import describe


def page() -> str:
    """All rules as one Markdown text."""
    return "\n".join(line.rstrip() for rule in catalogue().values() for line in section(rule)).rstrip()


def section(rule: Rule) -> Iterator[str]:
    """What `blastiq explain` tells of a rule, line by line."""
    yield f"## {rule.id} {rule.name}"
    yield ""
    yield f"**{rule.title}** ({rule.level}, {rule.severity})"
    yield ""
    yield f"Why: {rule.why}"
    yield ""
    yield f"Instead: {rule.instead}"
    yield ""
    yield from (f"- {reference}: {describe(reference)}" for reference in rule.references)
    for heading, example in (("Good", rule.good), ("Bad", rule.bad)):
        yield ""
        yield f"{heading}:"
        yield ""
        yield textwrap.indent(example.strip(), "    ")
    if rule.fixes:
        yield ""
        yield from (f"- {library}{unproved(rule, library)}: {fix}" for library, fix in rule.fixes.items())
    yield ""
