"""BIQ416: an answer without scope."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Part, Problem, Severity, rule
from blastiq_conformance.catalogue.example_messages import called, granted, signed_in, story
from blastiq_conformance.rules.response.traits import Answers, answers_with, has_no_scope, refused

_WITHOUT = granted().replace(',"scope":"cosmos offline_access"', "")


@rule(
    id="BIQ416",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="A token answer without scope is used like any other",
    why="scope is optional in a token answer (RFC 6749 section 5.1), and IdentityServer4 2.3 sends none. The article "
    "needs no scope at all: the API tells what was granted when it is called.",
    instead="Take scope only if it is there.",
    references=("RFC 6749 5.1", "A34"),
    fixes={"JavaScript": "(answer.scope ?? '').split(' ')"},
    good=story(signed_in(_WITHOUT), called()),
    bad=story(signed_in(_WITHOUT), "exit: 1"),
    select=answers_with(has_no_scope),
    reads=Part.HEADERS | Part.RESPONSE,
    seen=True,
)
def missing_scope_fatal(answers: Answers) -> Iterator[Problem]:
    """Find a client that fails on such an answer."""
    return refused(answers, "without scope")
