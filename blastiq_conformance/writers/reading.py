"""What several writers read from the model: targets by name, places, counts, what was judged, and what was not."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal, NamedTuple, TypeAlias
from urllib.parse import quote

from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.account import NOT_ASKED
from blastiq_conformance.report.families import family
from blastiq_conformance.report.other_hosts import name_hosts
from blastiq_conformance.report.shape import FindingShape, HeadlineShape, Model, ReportShape, ResultShape
from blastiq_conformance.report.subjects import listed
from blastiq_conformance.writers.text import number
from fake_idp.system.plain_text import plain

# The gravest first; contract.md 3 orders exit codes likewise.
VERDICTS = {
    "error": "error",
    "not-run": "not run",
    "violates": "violates",
    "incomplete": "incomplete",
    "conforms-with-waivers": "conforms, with waivers",
    "conforms": "conforms",
}
OUTCOMES = {
    "passed": "passed",
    "failed": "failed",
    "waived": "waived",
    "cant_tell": "can't tell",
    "untested": "untested",
    "inapplicable": "inapplicable",
}
# Nothing was judged, so no test of any rule can say so.
STOPPED = frozenset({"not-run", "error"})
Standing: TypeAlias = Literal["passed", "failed", "warned", "open", "skipped"]
_PLACE = re.compile(r"(.+?)(?::([1-9]\d{0,8})|#\d{1,9})?", re.DOTALL)
# As many as a person reads; the JSON report has all.
MOST_FILES = 100


class Place(NamedTuple):
    """Where a recording shows a finding: `line` is None if it is unknown."""

    file: str
    line: int | None

    @property
    def uri(self) -> str:
        """The file as a URI reference, relative if it was given so."""
        path = self.file.replace("\\", "/")
        safe = quote(path.encode("utf-8", "backslashreplace"), safe="/")
        if path.startswith("/"):
            return f"file://{safe}"
        return f"file:///{path[:2]}{safe[4:]}" if re.match(r"[A-Za-z]:/", path) else safe


def targets(model: Model) -> dict[str, ReportShape]:
    """Give the report on each target by its name; repeated names are numbered."""
    found: dict[str, ReportShape] = {}
    for report in [model] if model["schema"] == "blastiq-report/1" else model["reports"]:
        name, number = plain(report["target"]) or "default", 1
        while (numbered := name if number == 1 else f"{name} {number}") in found:
            number += 1
        found[numbered] = report
    return found


def whose(report: ReportShape) -> str:
    """Name the files or the command that were judged; empty if neither is known."""
    command = "the kit's own demo" if report["command"] == ["--demo"] else " ".join(report["command"])
    return ", ".join(report["files"]) or command


def subject(name: str, report: ReportShape) -> str:
    """Say what was judged: files, a command, or what the target is called."""
    named = whose(report)
    if report["source"] == "check" or name == "default":
        return plain(named or name)
    return plain(f"{name}: {named}" if named else name)


def found(report: ReportShape) -> str:
    """Count the findings by severity."""
    counts = report["counts"]
    kinds = (("errors", "error"), ("warnings", "warning"), ("infos", "info"))
    return ", ".join(number(counts[name], one) for name, one in kinds if counts[name]) or "none"


def judged(report: ReportShape) -> str:
    """Count the rules by outcome."""
    counts = report["counts"]
    return ", ".join(f"{counts[name]} {shown}" for name, shown in OUTCOMES.items() if counts[name]) or "none"


def seen(headline: HeadlineShape) -> str:
    """Say what one of the three lines rests on."""
    requests = number(headline["checked"], "token request")
    match headline["outcome"]:
        case "passed":
            return f"{requests} checked"
        case "failed":
            return f"{number(headline['findings'], 'finding')} in {requests}"
        case _:
            return headline["reason"] or "no token request was seen"


def also_called(report: ReportShape, most: int = 20) -> str:
    """Name the other hosts that were called, at most so many; empty if there are none."""
    return name_hosts(report["other_hosts"], most)


def about(report: ReportShape, length: int | None = None) -> str:
    """Name the build that was judged, its digests cut to so many characters, or say that none was named."""
    return plain(listed(report["subjects"], length))


def remarks(report: ReportShape) -> list[str]:
    """Give the notes, and the scenarios that did not run although all were asked for."""
    omitted = [each["scenario"] for each in report["left_out"] if each["reason"] != NOT_ASKED]
    return [*report["notes"], *([f"left out: {', '.join(omitted)}"] if omitted else [])]


def coverage(report: ReportShape) -> str:
    """Say how much the verdict covers; empty if nothing was run or read."""
    ran, missing = len(report["scenarios"]), len(report["left_out"])
    if not ran:
        return number(len(report["files"]), "recording") if report["files"] else ""
    return f"{ran} of {number(ran + missing, 'scenario')}" if missing else number(ran, "scenario")


def is_partial(report: ReportShape) -> bool:
    """Say whether only a part was asked for: the verdict on a part is not one on a whole run."""
    return any(each["reason"] == NOT_ASKED for each in report["left_out"])


def families(report: ReportShape) -> Mapping[str, dict[str, int]]:
    """Count outcomes for each family of rules that was asked for."""
    found: dict[str, dict[str, int]] = {}
    for result in report["results"]:
        name = family(result["rule"]).replace("_", " ")
        found.setdefault(name, dict.fromkeys(OUTCOMES, 0))[result["outcome"]] += 1
    return found


def reasons(report: ReportShape, *outcomes: str) -> Mapping[tuple[str, str], list[ResultShape]]:
    """Group the rules with these outcomes by outcome, in this order, and by reason."""
    return grouped(
        ((outcome, result["reason"]), result)
        for outcome in outcomes
        for result in report["results"]
        if result["outcome"] == outcome
    )


def not_run(report: ReportShape) -> Mapping[str, list[str]]:
    """Group the scenarios that did not run by the reason."""
    return grouped((each["reason"], each["scenario"]) for each in report["left_out"])


def broken(report: ReportShape) -> list[tuple[ResultShape, list[str]]]:
    """Give the rules with findings, waived ones too, each with its messages, once."""
    return [
        (result, list(dict.fromkeys(finding["message"] for finding in result["findings"])))
        for result in report["results"]
        if result["findings"]
    ]


def moments(report: ReportShape) -> list[str]:
    """Give when the first and the last request came, as it is written; empty if that is unknown."""
    volatile = report["volatile"]
    return [time for time in (volatile.get("first"), volatile.get("last")) if time is not None]


def period(report: ReportShape) -> str:
    """Say for people when the requests came: 28 Nov 2026, 16:31 to 16:32 UTC."""
    try:
        first, *_, last = [datetime.fromisoformat(time).astimezone(UTC) for time in 2 * moments(report)]
    except (ValueError, OverflowError):
        return plain(" to ".join(dict.fromkeys(moments(report))))
    begun, ended = (f"{time.day} {time:%b %Y, %H:%M}" for time in (first, last))
    if begun == ended:
        return f"{begun} UTC"
    return f"{begun} to {ended.partition(', ')[2] if first.date() == last.date() else ended} UTC"


def worst_verdict(reports: Iterable[ReportShape]) -> str:
    """Give the verdict that stands for all of them."""
    return min((report["verdict"] for report in reports), key=[*VERDICTS].index)


def title(result: ResultShape) -> str:
    """Name a rule: id and slug."""
    return plain(f"{result['rule']} {result['name']}")


def place(finding: FindingShape) -> Place | None:
    """Say where in a recording a finding was made; None for one of a run."""
    if finding["source"] in {"", "run"}:
        return None
    match = _PLACE.fullmatch(finding["source"])
    file, line = match.groups() if match else (finding["source"], None)
    return Place(file, int(line) if line else None)


def blamed(report: ReportShape) -> list[ResultShape]:
    """Give the binding rules left open that count against the verdict.

    A recording is partial by nature, and a run may have been allowed to be (--allow-untested): none counts then.
    """
    counts = report["exit_code"] != 0 if report["source"] == "run" else report["verdict"] == "incomplete"
    if not counts:
        return []
    return [result for result in report["results"] if is_open(result) and result["level"].startswith("MUST")]


def is_open(result: ResultShape) -> bool:
    """Say whether a rule could not be judged, and no other one explains why."""
    return result["outcome"] in {"untested", "cant_tell"} and not result["explained"]


def severities(result: ResultShape) -> set[str]:
    """Give the severities of the findings of a rule that are not waived."""
    return {finding["severity"] for finding in result["findings"] if finding["waiver"] is None}


def standings(report: ReportShape) -> list[tuple[ResultShape, Standing]]:
    """Give each result with what it means to a test runner: `open` counts against the verdict, `skipped` does not."""
    open_ = {result["rule"] for result in blamed(report)}
    return [(result, "open" if result["rule"] in open_ else _standing(result)) for result in report["results"]]


def _standing(result: ResultShape) -> Standing:
    match result["outcome"]:
        case "passed":
            return "passed"
        case "failed" | "waived":
            return "failed" if "error" in severities(result) else "warned"
        case _:
            # What could not be judged, whatever explains it, did not pass.
            return "skipped"
