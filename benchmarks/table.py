"""The rows of the result: what was measured, what came out, what was to be reached."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measurement; `met` is None where there was nothing to reach, or the measurement was left out."""

    what: str
    result: str
    goal: str
    met: bool | None


def show(rows: list[Row]) -> str:
    """Lay the rows out as a Markdown table."""
    marks = {True: "yes", False: "NO", None: "–"}
    lines = ["| what | result | to reach | reached |", "|---|---|---|---|"]
    lines += [f"| {row.what} | {row.result} | {row.goal} | {marks[row.met]} |" for row in rows]
    return "\n".join(lines)
