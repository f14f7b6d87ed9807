"""A report for a person at a terminal: three lines, a table of what failed, a block a rule, the verdict."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from blastiq_conformance.report.shape import HeadlineShape, Model, ReportShape, ResultShape, WaiverShape
from blastiq_conformance.writers import finding_text, reading, rule_block
from blastiq_conformance.writers.text import Line, Span, Style, beside, render, wrap
from fake_idp.system.plain_text import plain

_WIDTH = 100
_COLUMN = 12
_TITLE = 26
_LEVEL = 11
_NOTHING = Span("")
# What was seen stands below its title if there is no room beside it.
_NARROW = 60
# As much of a digest as a person compares.
_SHORT = 16
_OUTCOMES = {
    "passed": Span("PASS", Style.GOOD),
    "failed": finding_text.WORDS["error"],
    **{name: Span(reading.OUTCOMES[name].upper(), Style.DOUBTFUL) for name in ("cant_tell", "untested", "waived")},
}
_STYLES = {"conforms": Style.GOOD, "violates": Style.BAD, "not-run": Style.BAD, "error": Style.BAD}
# In this order.
_STATES = {
    "expired": Span("EXPIRED", Style.BAD),
    "stale": Span("STALE", Style.BAD),
    "used": Span("WAIVED", Style.DOUBTFUL),
    "open": Span("OPEN", Style.DIM),
}
_LEVELS = ("MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY")


def write(model: Model, *, width: int = _WIDTH, color: bool = False, brief: bool = False) -> str:
    """Write one report, or several one after the other; `brief`: the table of the rules that failed, no blocks."""
    if model["schema"] == "blastiq-report/1":
        return render(list(_report(model, width, brief=brief)), color=color)
    parts: list[Line] = []
    for report in model["reports"]:
        head = Span(f"── {plain(report['target'])} ", Style.BOLD)
        parts += [[head], [], *_report(report, width, brief=brief), []]
    return render(parts[:-1], color=color)


def findings_text(model: Model, rules: Iterable[str]) -> str:
    """Write the findings of these rules alone, plain: the text of a failed test."""
    wanted = frozenset(rules)
    return "\n".join(
        rule_block.text_of(block, report)
        for report in reading.targets(model).values()
        for block in finding_text.blocks(result for result in report["results"] if result["rule"] in wanted)
    )


def _report(report: ReportShape, width: int, *, brief: bool) -> Iterator[Line]:
    for headline in report["headlines"]:
        yield from _headline(headline, width)
    yield []
    if blocks := finding_text.blocks(report["results"]):
        yield from rule_block.rows(blocks, width)
        yield []
    if brief:
        yield from _verdict(report, width)
        return
    for block in blocks:
        yield from rule_block.lines(block, report, width)
        yield []
    for (outcome, reason), rules in reading.reasons(report, "cant_tell", "untested").items():
        yield from _open(outcome, reason, rules, width)
    yield from _waivers(report["waivers"], width)
    yield from _remarks(report, width)
    yield from _verdict(report, width)


def _headline(headline: HeadlineShape, width: int) -> Iterator[Line]:
    word = _OUTCOMES[headline["outcome"]]
    if headline["outcome"] == "failed":
        word = finding_text.WORDS[headline["severity"] or "error"]
    head = [_column(word), Span(headline["title"].ljust(_TITLE), Style.BOLD)]
    if width >= _NARROW:
        return beside(head, plain(reading.seen(headline)), width)
    return chain([head], _pair("", reading.seen(headline), width))


def _open(outcome: str, reason: str, rules: Sequence[ResultShape], width: int) -> Iterator[Line]:
    """Give the reason why rules could not be judged, and below it the rules, binding ones first."""
    yield from beside([_column(_OUTCOMES[outcome])], plain(reason), width)
    for level in _LEVELS:
        if names := ", ".join(f"{rule['rule']} {rule['name']}" for rule in rules if rule["level"] == level):
            yield from beside([_column(), Span(level.ljust(_LEVEL), Style.DIM)], names, width)
    yield []


def _waivers(waivers: Iterable[WaiverShape], width: int) -> Iterator[Line]:
    """Give every waiver, those that fail the run first, with its reason, owner and last day."""
    for waiver in sorted(waivers, key=lambda waiver: list(_STATES).index(waiver["state"])):
        why = f"{waiver['reason']} ({waiver['owner']}, until {waiver['expires']})"
        yield from beside([_column(_STATES[waiver["state"]])], plain(waiver["text"]), width)
        yield from beside([_column()], plain(why), width)
        yield []


def _remarks(report: ReportShape, width: int) -> Iterator[Line]:
    remarks = [*report["text"].splitlines(), *reading.remarks(report)]
    for remark in remarks:
        yield from ([Span(line)] for line in wrap(plain(remark), width))
    if remarks:
        yield []


def _verdict(report: ReportShape, width: int) -> Iterator[Line]:
    word = reading.VERDICTS[report["verdict"]].upper()
    head = Span(word.ljust(max(_COLUMN, len(word) + 2)), _STYLES.get(report["verdict"], Style.DOUBTFUL))
    yield from beside([head], _subject(report), width)
    if report["results"]:
        yield from _pair("findings", reading.found(report), width)
        yield from _pair("rules", reading.judged(report), width)
    yield from _pair("subject", reading.about(report, _SHORT), width)
    if hosts := reading.also_called(report):
        yield from _pair("also called", hosts, width)
    yield from _pair(f"exit {report['exit_code']}", report["meaning"], width)
    if report["verdict"] == "incomplete" and (left := reading.blamed(report)):
        yield from _pair("because", left[0]["reason"], width)


def _pair(label: str, text: str, width: int) -> Iterator[Line]:
    return beside([_column(Span(label, Style.DIM))], plain(text), width)


def _column(word: Span = _NOTHING) -> Span:
    return Span(word.text.ljust(_COLUMN), word.style)


def _subject(report: ReportShape) -> str:
    """Say what was judged, how widely, by which profile."""
    covered = f", {reading.coverage(report)}" if report["scenarios"] else ""
    profile, edition = report["profile"], report["tool"]["rules"]["edition"]
    return plain(f"{reading.whose(report) or report['target']}{covered}, profile {profile}, edition {edition}")
