"""A report for a person at a terminal: three lines, a table of what failed, a block a rule, the verdict."""

from collections.abc import Iterable, Iterator, Sequence

from blastiq_conformance.report.shape import HeadlineShape, Model, ReportShape, ResultShape, WaiverShape
from blastiq_conformance.writers import finding_text, rule_block
from blastiq_conformance.writers.reading import about, also_called, blamed, coverage, left_out
from blastiq_conformance.writers.text import Line, Span, Style, render, wrap
from fake_idp.system.plain_text import plain

_WIDTH = 100
_COLUMN = 12
_TITLE = 26
# What was seen stands below its title where there is no room beside it.
_NARROW = 60
# So much of a digest as a person compares.
_SHORT = 16
_OUTCOMES = {
    "passed": Span("PASS", Style.GOOD),
    "failed": finding_text.word("error"),
    "cant_tell": Span("CAN'T TELL", Style.DOUBTFUL),
    "untested": Span("UNTESTED", Style.DOUBTFUL),
    "waived": Span("WAIVED", Style.DOUBTFUL),
}
_VERDICTS = {
    "conforms": Span("CONFORMS", Style.GOOD),
    "conforms-with-waivers": Span("CONFORMS, WITH WAIVERS", Style.DOUBTFUL),
    "violates": Span("VIOLATES", Style.BAD),
    "incomplete": Span("INCOMPLETE", Style.DOUBTFUL),
    "not-run": Span("NOT RUN", Style.BAD),
    "error": Span("ERROR", Style.BAD),
}
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
    reports = [model] if model["schema"] == "blastiq-report/1" else model["reports"]
    wanted = frozenset(rules)
    return "\n".join(
        render(list(rule_block.lines(block, report, _WIDTH)), color=False)
        for report in reports
        for block in rule_block.blocks(result for result in report["results"] if result["rule"] in wanted)
    )


def _report(report: ReportShape, width: int, *, brief: bool) -> Iterator[Line]:
    for headline in report["headlines"]:
        yield from _headline(headline, width)
    yield []
    if blocks := rule_block.blocks(report["results"]):
        yield from rule_block.rows(blocks, width)
        yield []
    if brief:
        yield from _verdict(report, width)
        return
    for block in blocks:
        yield from rule_block.lines(block, report, width)
        yield []
    for outcome in ("cant_tell", "untested"):
        yield from _open(outcome, [result for result in report["results"] if result["outcome"] == outcome], width)
    yield from _waivers(report["waivers"], width)
    yield from _remarks(report, width)
    yield from _verdict(report, width)


def _headline(headline: HeadlineShape, width: int) -> Iterator[Line]:
    word = _OUTCOMES[headline["outcome"]]
    requests = _count(headline["checked"], "token request")
    match headline["outcome"]:
        case "passed":
            said = f"{requests} checked"
        case "failed":
            word = finding_text.word(headline["severity"] or "error")
            said = f"{_count(headline['findings'], 'finding')} in {requests}"
        case _:
            said = headline["reason"] or "no token request was seen"
    head = [Span(word.text.ljust(_COLUMN), word.style), Span(headline["title"].ljust(_TITLE), Style.BOLD)]
    if width < _NARROW:
        yield head
        yield from _pair("", said, width)
        return
    for index, line in enumerate(wrap(plain(said), width - _COLUMN - _TITLE)):
        yield [*(head if index == 0 else [Span(" " * (_COLUMN + _TITLE))]), Span(line)]


def _open(outcome: str, results: Sequence[ResultShape], width: int) -> Iterator[Line]:
    """Give the rules that could not be judged: a reason, and below it the rules, binding ones first."""
    reasons: dict[str, list[ResultShape]] = {}
    for result in results:
        reasons.setdefault(result["reason"], []).append(result)
    for reason, rules in reasons.items():
        word = _OUTCOMES[outcome]
        for index, line in enumerate(wrap(plain(reason), width - _COLUMN)):
            head = word if index == 0 else Span("")
            yield [Span(head.text.ljust(_COLUMN), head.style), Span(line)]
        for level in _LEVELS:
            names = ", ".join(f"{rule['rule']} {rule['name']}" for rule in rules if rule["level"] == level)
            for index, line in enumerate(wrap(names, width - _COLUMN - 11) if names else ()):
                label = level if index == 0 else ""
                yield [Span(" " * _COLUMN), Span(label.ljust(11), Style.DIM), Span(line)]
        yield []


def _waivers(waivers: Iterable[WaiverShape], width: int) -> Iterator[Line]:
    """Give every waiver, those that fail the run first, with its reason, owner and last day."""
    for waiver in sorted(waivers, key=lambda waiver: list(_STATES).index(waiver["state"])):
        word = _STATES[waiver["state"]]
        why = f"{waiver['reason']} ({waiver['owner']}, until {waiver['expires']})"
        said = [*wrap(plain(waiver["text"]), width - _COLUMN), *wrap(plain(why), width - _COLUMN)]
        for index, line in enumerate(said):
            yield [Span((word.text if index == 0 else "").ljust(_COLUMN), word.style), Span(line)]
        yield []


def _remarks(report: ReportShape, width: int) -> Iterator[Line]:
    remarks = [*report["text"].splitlines(), *report["notes"]]
    if omitted := left_out(report):
        remarks.append(f"left out: {omitted}")
    for remark in remarks:
        yield from ([Span(line)] for line in wrap(plain(remark), width))
    if remarks:
        yield []


def _verdict(report: ReportShape, width: int) -> Iterator[Line]:
    counts = report["counts"]
    word = _VERDICTS[report["verdict"]]
    names = {"passed": "passed", "failed": "failed", "waived": "waived", "cant_tell": "can't tell"}
    names |= {"untested": "untested", "inapplicable": "inapplicable"}
    rules = ", ".join(f"{counts[name]} {shown}" for name, shown in names.items() if counts[name])
    column = max(_COLUMN, len(word.text) + 2)
    for index, line in enumerate(wrap(_subject(report), width - column)):
        yield [Span((word.text if index == 0 else "").ljust(column), word.style), Span(line)]
    if rules:
        kinds = (("errors", "error"), ("warnings", "warning"), ("infos", "info"))
        findings = ", ".join(_count(counts[name], one) for name, one in kinds if counts[name]) or "none"
        yield from _pair("findings", findings, width)
        yield from _pair("rules", rules, width)
    yield from _pair("subject", about(report, _SHORT), width)
    if hosts := also_called(report):
        yield from _pair("also called", hosts, width)
    yield from _pair(f"exit {report['exit_code']}", report["meaning"], width)
    if report["verdict"] == "incomplete" and (left := blamed(report)):
        yield from _pair("because", left[0]["reason"], width)


def _pair(label: str, text: str, width: int) -> Iterator[Line]:
    for index, line in enumerate(wrap(plain(text), width - _COLUMN)):
        yield [Span((label if index == 0 else "").ljust(_COLUMN), Style.DIM), Span(line)]


def _subject(report: ReportShape) -> str:
    """Say what was judged, how widely, by which profile."""
    command = "the kit's own demo" if report["command"] == ["--demo"] else " ".join(report["command"])
    whose = ", ".join(report["files"]) or command or report["target"]
    played = f", {coverage(report)}" if report["scenarios"] else ""
    return plain(f"{whose}{played}, profile {report['profile']}, edition {report['tool']['rules']['edition']}")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
