"""JUnit XML as GitLab, Jenkins, Azure and CircleCI read it: a suite per target, a case per rule, no name twice."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from blastiq_conformance.report.families import family
from blastiq_conformance.report.shape import Model, ReportShape, ResultShape
from blastiq_conformance.writers import reading
from blastiq_conformance.writers.rule_block import finding_block
from blastiq_conformance.writers.text import shorten
from fake_idp.system.plain_text import plain, tame

# Harness shows a field of more than 8,000 characters incorrectly ("Format test reports" in its documentation).
_LONGEST = 7_900


def write(model: Model) -> str:
    """Write the reports: violations as failures, open binding rules that count as errors, warnings as output."""
    reports = reading.targets(model)
    suites = [list(_suite(name, report, several=len(reports) > 1)) for name, report in reports.items()]
    totals = [_counts(report) for report in reports.values()]
    tests, failures, errors, _ = (str(sum(numbers)) for numbers in zip(*totals, strict=True))
    head = _tag("testsuites", name="blastiq", tests=tests, failures=failures, errors=errors, time="0")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', head, *(line for suite in suites for line in suite)]
    return "\n".join([*lines, "</testsuites>", ""])


def _suite(name: str, report: ReportShape, *, several: bool) -> Iterator[str]:
    tests, failures, errors, skipped = map(str, _counts(report))
    called = f"blastiq {name}"
    yield _tag("testsuite", name=called, tests=tests, failures=failures, errors=errors, skipped=skipped, time="0")
    yield "<properties>"
    for key, value in _properties(report):
        yield _tag("property", "/", name=key, value=value)
    yield "</properties>"
    # GitLab knows a case by class and name, and keeps the first of two alike.
    prefix = f"blastiq.{name.replace('.', '_')}" if several else "blastiq"
    for result, standing in reading.standings(report):
        yield from _case(result, report, prefix, standing)
    if report["verdict"] in reading.STOPPED:
        yield _tag("testcase", name=report["verdict"], classname=f"{prefix}.verdict", time="0")
        yield _element("error", report["text"] or report["meaning"], type=report["verdict"], message=report["meaning"])
        yield "</testcase>"
    yield "</testsuite>"


def _properties(report: ReportShape) -> Iterator[tuple[str, str]]:
    tool = report["tool"]
    yield "verdict", report["verdict"]
    yield "exit_code", str(report["exit_code"])
    yield "meaning", report["meaning"]
    yield "profile", report["profile"]
    yield "kit", f"{tool['name']} {tool['version']}"
    yield "rules", f"{tool['rules']['count']} {tool['rules']['digest']}"
    if hosts := reading.also_called(report):
        yield "also_called", hosts
    for name, count in report["counts"].items():
        yield f"count.{name}", str(count)


def _case(result: ResultShape, report: ReportShape, prefix: str, standing: reading.Standing) -> Iterator[str]:
    places = [found for finding in result["findings"] if (found := reading.place(finding))]
    where = {"file": places[0].file, "line": str(places[0].line)} if places and places[0].line else {}
    named = {"name": reading.title(result), "classname": f"{prefix}.{family(result['rule'])}"}
    yield _tag("testcase", **named, time="0", **where)
    match standing:
        case "failed":
            errors = finding_block(result, report, errors=True)
            # Some readers drop the message: it stands in the text as well.
            yield _element("failure", errors, type=result["level"], message=errors.partition("\n")[0])
        case "open":
            yield _element("error", result["reason"], type=result["outcome"], message=result["reason"])
        case "skipped":
            yield _element("skipped", "", type=result["outcome"], message=result["reason"])
    if others := finding_block(result, report, errors=False):
        yield _element("system-out", others)
    yield "</testcase>"


def _counts(report: ReportShape) -> tuple[int, int, int, int]:
    standings = [standing for _, standing in reading.standings(report)]
    stopped = report["verdict"] in reading.STOPPED
    failed, open_, skipped = (standings.count(each) for each in ("failed", "open", "skipped"))
    return len(standings) + stopped, failed, open_ + stopped, skipped


def _tag(tag: str, end: str = "", **attributes: str) -> str:
    given = "".join(f" {key}={quoteattr(plain(shorten(value, _LONGEST)))}" for key, value in attributes.items())
    return f"<{tag}{given}{end}>"


def _element(element: str, text: str, **attributes: str) -> str:
    return f"{_tag(element, **attributes)}{escape(tame(shorten(text, _LONGEST)))}</{element}>"
