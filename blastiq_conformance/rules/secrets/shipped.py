"""BIQ707: no Service User's credentials and no token in what is shipped."""

from collections.abc import Sequence
from typing import NamedTuple

from blastiq_conformance.catalogue import Level, Problem, Problems, ShownBy, quote, rule
from blastiq_conformance.evidence import Evidence, WrittenFile
from blastiq_conformance.scan.known import Known
from blastiq_conformance.scan.literals import find


class _Shipped(NamedTuple):
    file: WrittenFile
    known: Known


def _select(evidence: Evidence) -> Sequence[_Shipped]:
    known = Known(evidence.facts.issued)
    return [_Shipped(file, known) for file in evidence.facts.shipped]


@rule(
    id="BIQ707",
    level=Level.MUST_NOT,
    title="No credentials and no token in what is shipped",
    why="Everybody who has a client application can read what is shipped with it, even if it is compiled or packed. A "
    "Service User in it opens the customer's data to all of them. `blastiq scan PATH` looks for it; no run shows it.",
    instead="Let customers enter their own credentials when they install it; where a person signs in, use the attended "
    "flow. Change the password of a user that was shipped.",
    references=("A3", "A10"),
    fixes={
        "Python": "os.environ[...] or keyring, and no .env in the wheel",
        ".NET": "user secrets or the credential manager, not appsettings.json",
        "Electron": "safeStorage at run time; what is in app.asar can be read",
    },
    good='shipped: app/settings.json {"client_id": "external.customer", "password": "${BLASTIQ_PASSWORD}"}',
    bad='shipped: app/settings.json {"client_id": "external.customer", "password": "Tr0ub4dor&3"}',
    select=_select,
    shown_by=ShownBy.SCAN,
)
def credentials_shipped(shipped: _Shipped) -> Problems:
    """Search each file, with the function by which `blastiq scan` searches packages."""
    for literal in find(shipped.file.content, shipped.file.path, shipped.known):
        yield Problem(
            message=literal.message,
            expected="nothing in a shipped file that opens an account",
            received=f"{quote(shipped.file.path)}, byte {literal.start}: {quote(literal.shown)}",
        )
