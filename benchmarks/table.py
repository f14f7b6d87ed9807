"""The rows of the result: what was measured, the result, the goal."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measurement; `met` is None without a goal, or if the measurement was left out."""

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
