"""`blastiq check`: judge recorded traffic by the same rules as a live run."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from blastiq_conformance.catalogue import Profile
from blastiq_conformance.cli.destination import Destination, destination_options
from blastiq_conformance.cli.options import authority_option, edition_option, named_path, profile_option
from blastiq_conformance.cli.output import say
from blastiq_conformance.editions import CURRENT, rules_in
from blastiq_conformance.judge.engine import garbage_kept
from blastiq_conformance.report import Judgement, Report, Reproduction
from blastiq_conformance.report.reproduction import STANDARD_INPUT
from blastiq_conformance.report.sign_ins import refused_recordings
from blastiq_conformance.sources import SourceError
from blastiq_conformance.sources.ownership import unjudged_grants
from blastiq_conformance.sources.source_error import READABLE
from blastiq_conformance.trial.judging import compare
from blastiq_conformance.trial.recordings import Reading, find_files, judge_files
from fake_idp.command_line import Parsed, attended_option, client_id_option


@click.command()
@profile_option
@edition_option
@destination_options
@client_id_option
@attended_option
@authority_option
@click.option("--jobs", type=click.IntRange(min=1), help="Files at once; the number of CPUs unless given.")
@click.argument("files", nargs=-1, required=True, type=Parsed("FILE", named_path))
def check(
    profile: str,
    edition: str | None,
    destination: Destination,
    allow_untested: bool,
    client_id: str,
    attended: bool,
    authority: str | None,
    jobs: int | None,
    files: tuple[Path, ...],
) -> None:
    """Judge recordings, told apart by content: HAR, VCR cassettes, Postman, curl, .http files, the kit's own journal.

    `-` is standard input: paste a curl line, then Ctrl-D.

    A directory means every recording in it and below; a Postman environment among the files fills in the variables of
    the collections. Exit 0 if a token request was judged and no error found, 4 if there was none to judge, 2 if a file
    could not be read; the other files are judged nevertheless.
    """
    judgements: list[Judgement] = []
    with garbage_kept(), _kept_input(files) as kept:
        found = find_files(kept if file == _INPUT else file for file in files)
        unreadable = found.closed
        for error in unreadable:
            say(f"blastiq check: {error}")
        reading = Reading(
            client_id=client_id,
            authority=authority,
            profile=Profile(profile),
            variables=found.variables,
            attended=attended,
            edition=edition or CURRENT,
            called={kept: STANDARD_INPUT},
        )
        for result in judge_files(found.files, reading, jobs=jobs or os.cpu_count() or 1):
            if isinstance(result, SourceError):
                # The list of kinds is printed once, after all of them.
                say(f"blastiq check: {result}".replace(READABLE, "a recording"))
                unreadable.append(result)
            else:
                judgements += result
        if any(READABLE in error.advice for error in unreadable):
            say(f"blastiq check: a recording is {READABLE}")
        if not (found.files or unreadable):
            say(f"blastiq check: no recording in {', '.join(map(str, files))}; give HAR files, cassettes or journals")
        if not judgements:
            sys.exit(2)
        judgements = compare(judgements, reading.profile, reading.edition)
        torn = dict.fromkeys(judgement.evidence.facts.torn for judgement in judgements)
        report = Report(
            judgements,
            target=", ".join(str(file) for file in files),
            profile=reading.profile,
            rules=rules_in(reading.edition),
            edition=reading.edition,
            command=tuple(str(file) for file in files),
            source_kind="check",
            allow_untested=allow_untested,
            again=Reproduction(
                way="check",
                options=("--authority", authority) if authority else (),
                whose=tuple(str(file) for file in found.environments),
            ),
            notes=[
                *(
                    f"{place}: the journal breaks off; it was judged up to there, and what followed was not kept"
                    for place in torn
                    if place
                ),
                *refused_recordings(judgements),
                *unjudged_grants(judgement.evidence for judgement in judgements),
            ],
            subjects=destination.subjects,
        )
        whole = destination.publish([report])
    sys.exit(report.exit_code if whole and not unreadable else 2)


_INPUT = Path("-")


@contextmanager
def _kept_input(files: Sequence[Path]) -> Iterator[Path]:
    """Give the file that keeps standard input, read to its end if it is among the files."""
    with TemporaryDirectory(prefix="blastiq-") as folder:
        kept = Path(folder, "input")
        if _INPUT in files:
            with kept.open("wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file)
        yield kept
