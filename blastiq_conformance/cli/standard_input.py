"""A recording from standard input: kept in a file while it is judged, and reported under its real name."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from blastiq_conformance.report import Judgement
from blastiq_conformance.report.reproduction import STANDARD_INPUT

_NAME = Path("-")


class Received:
    """The files to read; `-` stands for the file that keeps standard input."""

    def __init__(self, files: Sequence[Path], kept: Path) -> None:
        """Remember where standard input is kept."""
        self._kept = str(kept)
        self.files = tuple(kept if file == _NAME else file for file in files)

    def named(self, text: str) -> str:
        """Give a text that calls standard input by its name."""
        return text.replace(self._kept, STANDARD_INPUT)

    def renamed(self, judgement: Judgement) -> Judgement:
        """Give a judgement whose sources are named likewise."""
        evidence = judgement.evidence
        exchanges = tuple(replace(x, source=self.named(x.source)) for x in evidence.exchanges)
        facts = replace(evidence.facts, torn=self.named(evidence.facts.torn))
        results = tuple(
            replace(result, findings=tuple(replace(x, source=self.named(x.source)) for x in result.findings))
            for result in judgement.results
        )
        return replace(judgement, evidence=replace(evidence, exchanges=exchanges, facts=facts), results=results)


@contextmanager
def received(files: Sequence[Path]) -> Iterator[Received]:
    """Read standard input to its end if it is among the files."""
    with TemporaryDirectory(prefix="blastiq-") as folder:
        kept = Path(folder, "input")
        if _NAME in files:
            with kept.open("wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file)
        yield Received(files, kept)
