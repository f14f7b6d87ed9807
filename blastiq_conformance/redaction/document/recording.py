"""HAR files, and cassettes of vcrpy, Ruby's VCR, betamax and go-vcr: each message redacted, others' left bare."""

from collections.abc import Mapping, Sequence
from typing import cast

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.document.bare import bare_entry, bare_interaction
from blastiq_conformance.redaction.document.tree import Tree, members
from blastiq_conformance.redaction.redacted import NOTE, note

# Where the list of interactions stands: in cassettes of vcrpy and go-vcr, and in those of Ruby's VCR and betamax.
LISTS = ("interactions", "http_interactions")
_Members = Mapping[str, object]


def har(document: _Members, evidence: Evidence, redaction: Redaction) -> dict[str, object]:
    """Redact a HAR document."""
    tree, log = Tree(redaction), members(document["log"])
    # Not every entry is an exchange: a tunnel is none.
    exchanges = {int(exchange.source.rpartition("#")[2]): exchange for exchange in evidence.exchanges}
    done: list[object] = []
    for index, entry in enumerate(cast("Sequence[_Members]", log["entries"]), start=1):
        exchange = exchanges.get(index)
        if exchange is None:
            done.append(tree.walk(entry))
        elif redaction.elsewhere.is_foreign(exchange):
            done.append(bare_entry(entry, redaction.exchange(exchange)))
        else:
            done.append(tree.walk(entry))
    return _around(document, tree) | {"log": _around(log, tree) | {"entries": done, NOTE: note()}}


def cassette(document: _Members, evidence: Evidence, redaction: Redaction) -> dict[str, object]:
    """Redact a cassette."""
    tree, name = Tree(redaction), next(name for name in LISTS if name in document)
    found = zip(cast("Sequence[_Members]", document[name]), evidence.exchanges, strict=True)
    done = [
        (
            bare_interaction(interaction, redaction.exchange(exchange))
            if redaction.elsewhere.is_foreign(exchange)
            else tree.walk(interaction)
        )
        for interaction, exchange in found
    ]
    return _around(document, tree) | {name: done, NOTE: note()}


def _around(held: _Members, tree: Tree) -> dict[str, object]:
    """Redact what stands beside the messages; their list keeps its place."""
    return {n: [] if n in {"log", "entries", *LISTS} else tree.walk(value, n) for n, value in held.items()}
