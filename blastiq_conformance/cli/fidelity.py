"""`blastiq fidelity`: whether a recorded authority answers as the fake does that imitates it."""

import sys
from itertools import chain
from pathlib import Path

import click

from blastiq_conformance.cli.options import FILE, PATH, authority_option
from blastiq_conformance.cli.output import refuse, say, tell, write_file
from blastiq_conformance.config.likeness import write
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.fidelity.comparison import PARTS, TELLING, Comparison, Difference, compare_all
from blastiq_conformance.fidelity.likeness import liken
from blastiq_conformance.sources import SourceError, read
from blastiq_conformance.trial.recordings import find_files
from fake_idp.command_line import client_id_option
from fake_idp.server_config import Flavour

# How many places are named for each trait.
_PLACES = 3
# Traits whose values may be shown; any other is only said to differ.
_PUBLIC = (
    *("status", "content-type", "cache-control", "pragma", "allow", "vary", "retry-after", "www-authenticate"),
    *("access-control-allow-origin", "members", "seconds", "lifetime", "first seen", "error", "error_description"),
    *("token_type", "expires_in", "scope", "alg", "typ", "kid", "iss", "aud", "amr", "idp", "jti", "sid"),
    *("access_token", "refresh_token", "id_token", "query code", "session_state", "location", "end", "blanks"),
)
_PUBLIC_PARTS = frozenset({"discovery", "key set", "API"})


@click.command()
@click.option(
    "--flavour",
    type=click.Choice([flavour.value for flavour in Flavour]),
    help="Compare with this one; without it, with the one that fits best.",
)
@client_id_option
@authority_option
@click.option(
    "--write",
    "written",
    metavar="FILE",
    type=FILE,
    help="Write what the fake can take over (TOML), for --like of serve and run.",
)
@click.argument("files", nargs=-1, required=True, type=PATH)
def fidelity(
    flavour: str | None, client_id: str, authority: str | None, written: Path | None, files: tuple[Path, ...]
) -> None:
    """Compare what a real authority answered with what the fake answers to the same requests.

    It reads the same recordings as `blastiq check` and sends nothing. Exit 0 if all answers are alike, or differ as
    docs/spec/facts.md says they must, 1 if some differ, 2 if a file could not be read, 4 if the recordings have no
    answer of a token endpoint or an API.
    """
    evidences: list[Evidence] = []
    found = find_files(files)
    unreadable = found.closed
    for file in found.files:
        try:
            evidences += read(file, client_id=client_id, authority=authority, variables=found.variables)
        except SourceError as error:
            unreadable.append(error)
    for closed in unreadable:
        say(f"blastiq fidelity: {closed}")
    if unreadable:
        sys.exit(2)
    if not evidences:
        refuse(f"no recording in {', '.join(map(str, files))}; give HAR files, cassettes or journals")
    wanted = [Flavour(flavour)] if flavour else list(Flavour)
    comparisons = [compare_all(evidences, each) for each in wanted]
    best = min(comparisons, key=lambda each: each.misfit)
    for each in comparisons:
        equal, all_of_them = each.compared - len(each.differing), each.compared
        tell(f"{each.flavour.value:<11} {equal} of {all_of_them} answers alike, {each.skipped} not compared")
    if not flavour:
        equals = [each.flavour.value for each in comparisons if each.misfit == best.misfit]
        tell(f"{'fits best':<11} {', '.join(equals)}")
    _print(best)
    if written is not None:
        likeness = liken(best, evidences, " ".join(map(str, files)))
        write_file(written, write(likeness))
        say(f"blastiq fidelity: {written} holds what can be taken over: {likeness.summary}")
    if not best.shown & TELLING:
        say("blastiq fidelity: too little is shown: no answer of a token endpoint or an API could be compared")
        sys.exit(4)
    sys.exit(1 if best.differing else 0)


def _print(comparison: Comparison) -> None:
    found = (((each.part, each.trait, _values(each)), each.source) for each in chain(*comparison.differing))
    for (part, trait, values), places in grouped(found).items():
        more = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
        tell(f"{'differs':<11} {part}, {trait}: {values} ({', '.join(places[:_PLACES])}{more})")
    if comparison.settings:
        tell(f"{'set up':<11} {'; '.join(comparison.settings)}")
    for part in PARTS:
        if count := comparison.alike.get(part):
            tell(f"{'alike':<11} {part}: {count}")
    if hidden := [part for part in PARTS if part not in comparison.shown]:
        tell(f"{'not shown':<11} {', '.join(hidden)}")


def _values(difference: Difference) -> str:
    if difference.part not in _PUBLIC_PARTS and not difference.trait.endswith(_PUBLIC):
        return "another value"
    recorded, own = ("nothing" if value is None else value for value in (difference.recorded, difference.own))
    return f"recorded {recorded}, the fake {own}"
