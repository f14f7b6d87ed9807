"""A statement in Markdown for a person to sign: what was tested, with which kit and rules, and what was not tested."""

from collections.abc import Iterator

from blastiq_conformance.report.shape import Model, ReportShape, ResultShape
from blastiq_conformance.writers import reading, scope
from blastiq_conformance.writers.json import digest
from blastiq_conformance.writers.markdown import waivers
from blastiq_conformance.writers.markup import block, code, prose, table
from blastiq_conformance.writers.text import shorten

PROMISE = (
    "I have read the report that the digest below names, and checked what stands above as left to a person."
    " What this statement does not name was not tested."
)
FIELDS = ("Name", "Role", "Organisation", "Integration and version", "Date", "Signature")


def write(model: Model) -> str:
    """Write the statement on all targets, with one place to sign."""
    parts = ["# Statement of conformance testing: sign-in to BlastIQ"]
    for name, report in reading.targets(model).items():
        parts += _parts(name, report)
    parts += ["## Sign-off", PROMISE, table(("", ""), [(field, "") for field in FIELDS])]
    parts.append(f"SHA-256 of the JSON report: {code(digest(model))}")
    return "\n\n".join(parts) + "\n"


def _parts(name: str, report: ReportShape) -> Iterator[str]:
    tool = report["tool"]
    covered = reading.coverage(report)
    yield f"## {prose(name)}: {reading.VERDICTS[report['verdict']]}{f' ({covered})' if covered else ''}"
    yield prose(f"Exit {report['exit_code']}: {report['meaning']}.")
    if report["text"]:
        yield block(report["text"])
    yield table(("", ""), _facts(name, report))
    if report["results"]:
        rows = [
            (prose(line["title"]), reading.OUTCOMES[line["outcome"]], prose(reading.seen(line)))
            for line in report["headlines"]
        ]
        yield table(("always shown", "outcome", "seen"), rows)
    yield "### What was tested"
    yield prose(f"{tool['rules']['count']} rules of {tool['name']} {tool['version']}, as their digest names them.")
    if counted := scope.families(report):
        head = ("rules on", *reading.OUTCOMES.values())
        yield table(head, [(kind, *map(str, counts.values())) for kind, counts in counted.items()])
    if report["scenarios"]:
        yield "Scenarios: " + ", ".join(prose(scenario["scenario"]) for scenario in report["scenarios"]) + "."
    files = report["files"]
    if files:
        left = len(files) - reading.MOST_FILES
        more = [f"- and {left} more"] if left > 0 else []
        yield "\n".join([*(f"- {code(file)}" for file in files[: reading.MOST_FILES]), *more])
    if rules := scope.broken(report):
        yield "### What was found"
        yield "\n".join(_broken(*pair) for pair in rules)
    if report["waivers"]:
        yield waivers(report["waivers"])
    yield "### What was not tested, and why"
    rows = [(prose(why), outcome, prose(", ".join(rules))) for (outcome, why), rules in scope.reasons(report).items()]
    rows += [(prose(why), "not run", prose(", ".join(slugs))) for why, slugs in scope.not_run(report).items()]
    yield table(("reason", "", "rules or scenarios"), rows) if rows else "Every rule was judged in every scenario."
    if report["notes"]:
        yield "\n".join(f"- {prose(note)}" for note in report["notes"])
    yield "### What only a person can check"
    yield "\n".join(f"- [ ] {prose(item)}" for item in report["manual"])


def _broken(result: ResultShape, said: list[str]) -> str:
    outcome = reading.OUTCOMES[result["outcome"]]
    return f"- {code(reading.title(result))} ({outcome}, {result['severity']}): {prose(shorten('; '.join(said), 600))}"


def _facts(name: str, report: ReportShape) -> Iterator[tuple[str, str]]:
    tool = report["tool"]
    if report["version"]:
        yield "Integration", prose(f"{report['target']} {report['version']}")
    yield "Subject", code(shorten(reading.subject(name, report), 600))
    yield "Build", code(reading.about(report)) if report["subjects"] else reading.about(report)
    yield "Evidence", "a live run against a fake BlastIQ" if report["source"] == "run" else "recorded traffic"
    yield "Tested with", prose(f"{tool['name']} {tool['version']}")
    yield "Rule set", f"edition {prose(tool['rules']['edition'])}, {code(tool['rules']['digest'])}"
    yield "Profile", prose(report["profile"])
    if when := reading.period(report):
        yield "Traffic", prose(when)
    if hosts := reading.also_called(report, len(report["other_hosts"])):
        yield "Also called", prose(hosts)
    yield "Findings", reading.found(report)
    yield "Rules", reading.judged(report)
