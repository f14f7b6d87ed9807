"""Recorded files judged, one after the other or on all cores, with the same results in the same order."""

import gc
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from glob import has_magic, iglob
from multiprocessing import get_context
from pathlib import Path

from blastiq_conformance.catalogue import Profile, Result
from blastiq_conformance.editions import CURRENT
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.given_file import is_folder, is_there
from blastiq_conformance.report import Judgement
from blastiq_conformance.secrets.traffic import secrets_of
from blastiq_conformance.sources import SourceError, is_recording, read, read_variables
from blastiq_conformance.sources.content import head
from blastiq_conformance.trial.judging import judge_run
from fake_idp.classify import Kind
from fake_idp.secrets.search import Secret

# Starting a process costs about what judging so many bytes does.
_WORTH_A_PROCESS = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How files are read and judged; `variables` are those of the environments among them.

    `called` are the names by which findings are to call files, where these are not their paths.
    `attended`: a person signed in with a browser. Nothing in a recording says so: a Service User's integration that
    asks for a code looks the same, and is wrong.
    """

    client_id: str | None = None
    authority: str | None = None
    profile: Profile = Profile.ARTICLE
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    attended: bool = False
    edition: str = CURRENT
    called: Mapping[Path, str] = field(default_factory=dict)

    def judge(self, file: Path) -> list[Judgement] | SourceError:
        """Judge one file by all rules; what cannot be read is given back as the error."""
        name = self.called.get(file, str(file))
        try:
            evidences = read(file, name, client_id=self.client_id, authority=self.authority, variables=self.variables)
        except SourceError as error:
            return SourceError(name, error.place, error.what, error.advice) if error.file == str(file) else error
        if self.attended:
            evidences = tuple(replace(each, facts=replace(each.facts, flow="attended")) for each in evidences)
        return [_judgement(each, tuple(judge_run(each, None, None, self.profile, self.edition))) for each in evidences]


def _judgement(evidence: Evidence, results: Sequence[Result]) -> Judgement:
    """Keep what a report needs: most of a browser's recording are other people's answers, which no finding names."""
    named = {finding.exchange for result in results for finding in result.findings}
    overheard: dict[Secret, None] = {}
    exchanges = []
    for exchange in evidence.exchanges:
        if exchange.kind is Kind.OTHER and exchange.response is not None and exchange.number not in named:
            overheard |= dict.fromkeys(secrets_of(exchange))
            exchanges.append(replace(exchange, response=None))
        else:
            exchanges.append(exchange)
    return Judgement(
        scenario=evidence.facts.scenario,
        evidence=replace(evidence, exchanges=tuple(exchanges)),
        results=tuple(results),
        overheard=tuple(overheard),
    )


def judge_files(files: Sequence[Path], reading: Reading, *, jobs: int = 1) -> Iterator[list[Judgement] | SourceError]:
    """Judge the files, in their order."""
    jobs = min(jobs, len(files), max(1, sum(map(_size, files)) // _WORTH_A_PROCESS))
    if jobs <= 1:
        yield from map(reading.judge, files)
        return
    # Spawned, not forked: a thread of the caller may hold a lock.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=gc.disable) as pool:
        yield from pool.map(reading.judge, files, chunksize=max(1, len(files) // (jobs * 8)))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The recordings that were named, the environments among them with their variables, and unreadable folders."""

    files: list[Path]
    environments: list[Path]
    variables: dict[str, str] = field(repr=False)
    closed: list[SourceError] = field(default_factory=list)


def find_files(names: Iterable[Path]) -> Found:
    """Tell recordings from environments.

    A directory stands for every recording in it and below, in order of their names; a pattern for what it matches.
    """
    found = Found(files=[], environments=[], variables={})
    for name in names:
        for file in _meant(name, found.closed):
            variables = read_variables(file)
            if variables is None:
                found.files.append(file)
            else:
                found.environments.append(file)
                found.variables.update(variables)
    return found


def _meant(name: Path, closed: list[SourceError]) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        what = f"a folder that cannot be read ({error.strerror or error})"
        closed.append(SourceError(str(error.filename), "", what, "let it be read, or name what is meant"))

    if is_folder(name):
        for folder, folders, found in os.walk(name, onerror=refuse):
            folders.sort()
            yield from (file for file in (Path(folder, each) for each in sorted(found)) if _may_be_meant(file))
    elif has_magic(str(name)) and not is_there(name):
        # Not by Path.glob: a pattern may be absolute.
        matches = sorted(iglob(str(name), recursive=True))  # noqa: PTH207 - as said above
        yield from (Path(match) for match in matches or [str(name)])
    else:
        yield name


def _may_be_meant(file: Path) -> bool:
    """Whether what lies in a folder is a recording, an environment, or a file of which its reader will say why not."""
    if not os.path.isfile(file):  # noqa: PTH113 - Path.is_file raises where the folder may not be entered
        return not os.access(file.parent, os.X_OK)
    if is_recording(file) or read_variables(file) is not None:
        return True
    try:
        head(file)
    except SourceError:
        return True
    return False
