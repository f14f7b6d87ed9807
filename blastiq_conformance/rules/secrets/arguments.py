"""BIQ703: no secret on a command line."""

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import called, signed_in, story
from blastiq_conformance.evidence import Evidence, where


def _is_judged(evidence: Evidence) -> bool:
    return evidence.child is not None and bool(evidence.child.argv or evidence.child.processes)


@rule(
    id="BIQ703",
    level=Level.MUST_NOT,
    severity=Severity.WARNING,
    title="No password and no token among the arguments of a process",
    why="ps and the task manager show arguments to every user of the machine, and arguments end up in shell histories "
    "and audit logs. That holds for helpers too: a curl that is started with --data password=… shows it just as well.",
    instead="Pass secrets by environment, a file with permissions 0600, or standard input.",
    references=("A10",),
    fixes={
        "curl": "--data-urlencode password@- with printf '%s' \"$PASSWORD\" before it; or all options, secrets among "
        "them, on standard input: -K -",
    },
    good=story("argv: node app.js", "argv: curl --config -", signed_in(), called()),
    bad=story("argv: node app.js", "argv: curl --data password=k7Fq2vN9xW4mZ8tR1pLs", signed_in(), called()),
    select=where(_is_judged),
    shown_by=ShownBy.ANY_SIGN_IN,
)
def secret_in_arguments(evidence: Evidence) -> Problems:
    """Search the arguments of the child and of the processes that it started; one finding is enough."""
    child = evidence.child
    for words in dict.fromkeys((child.argv, *child.processes)) if child is not None else ():
        line = " ".join(words)
        for leak in evidence.canaries.search.find(line):
            yield Problem(
                message=f"the {leak.secret.kind} stands among the arguments of a process",
                expected="no secret in argv: environment, file or standard input",
                received=quote(line),
            )
            return
