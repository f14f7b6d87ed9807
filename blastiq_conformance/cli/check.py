"""`blastiq check`: judge recorded traffic by the same rules as a live run."""

import sys
from pathlib import Path

import click

from blastiq_conformance.catalogue import Profile, catalogue
from blastiq_conformance.cli.options import client_id_option, profile_option, report_options
from blastiq_conformance.cli.output import publish
from blastiq_conformance.engine import judge
from blastiq_conformance.report import Judgement, assemble


@click.command()
@profile_option
@report_options
@client_id_option
@click.option("--authority", metavar="URL", help="The authority of the recording, where it has no discovery document.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(
    profile: str,
    form: str,
    reports: tuple[tuple[str, Path], ...],
    allow_untested: bool,
    client_id: str,
    authority: str | None,
    files: tuple[Path, ...],
) -> None:
    """Judge recordings: HAR, VCR cassettes, the kit's own journal; told apart by content.

    Exit 0 where a token request was judged and no error found, 4 where there was none to judge, 2 where a file could
    not be read; the other files are judged all the same.
    """
    from blastiq_conformance.sources import SourceError, read

    rules = catalogue()
    judged_as = Profile(profile)
    judgements: list[Judgement] = []
    unreadable: list[str] = []
    for file in files:
        try:
            evidences = read(file, client_id=client_id, authority=authority)
        except SourceError as error:
            unreadable.append(str(error))
            continue
        judgements += [
            Judgement(
                scenario=evidence.facts.scenario,
                evidence=evidence,
                results=tuple(judge(evidence, rules.values(), judged_as)),
            )
            for evidence in evidences
        ]
    for text in unreadable:
        click.echo(f"blastiq check: {text}", err=True)
    if not judgements:
        sys.exit(2)
    report = assemble(
        judgements,
        target=", ".join(str(file) for file in files),
        profile=judged_as,
        rules=rules,
        command=tuple(str(file) for file in files),
        source_kind="check",
        allow_untested=allow_untested,
    )
    publish([report], form, reports)
    sys.exit(2 if unreadable else report.exit_code)
