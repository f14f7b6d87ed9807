"""The kit's own journal as evidence: complete, and possibly with the facts of each scenario."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from blastiq_conformance.evidence import Child, Evidence, Facts
from blastiq_conformance.sources.facts import to_child, to_facts, to_members
from blastiq_conformance.sources.source_error import SourceError
from fake_idp.journal import Connection, Entry, Exchange, jsonl
from fake_idp.journal.jsonl import JournalError, Opening, Torn, to_jsonl
from fake_idp.secrets.search import Secret


@dataclass(slots=True)
class _Section:
    facts: Facts | None = None
    child: Child | None = None
    issued: dict[Secret, None] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    torn: str = ""


def read(file: str, text: str, client_id: str | None = None, authority: str | None = None) -> tuple[Evidence, ...]:
    """Read a journal into one Evidence for each section and scenario; raises SourceError."""
    return read_lines(file, text.split("\n"), client_id, authority)


def read_lines(
    file: str, lines: Iterable[str], client_id: str | None = None, authority: str | None = None
) -> tuple[Evidence, ...]:
    """Read the lines of a journal as they come; raises SourceError."""
    sections = [_Section()]
    try:
        for record in jsonl.read_lines(lines, file):
            match record:
                case Opening(facts=None):
                    sections.append(_Section())
                case Opening():
                    child = None if record.child is None else to_child(record.child)
                    sections.append(_Section(facts=to_facts(record.facts or {}), child=child))
                case Secret():
                    sections[-1].issued[record] = None
                case Torn():
                    sections[-1].torn = f"{file}, line {record.number}"
                case _:
                    sections[-1].entries.append(record)
    except JournalError as error:
        place, _, what = str(error).partition(" is not a journal line: ")
        what, _, advice = what.partition("; ")
        raise SourceError(file, place, what, advice) from None
    except ValueError as error:
        raise SourceError(file, "a facts line", str(error), "record again with this version of the kit") from None
    evidences = tuple(evidence for section in sections for evidence in _evidences(section, client_id, authority))
    if not evidences:
        raise SourceError(file, "", "a journal without an exchange", "record again, with the integration running")
    return evidences


def _evidences(section: _Section, client_id: str | None, authority: str | None) -> Iterator[Evidence]:
    facts = section.facts or Facts(client_id=client_id or Facts().client_id, authority=authority)
    facts = replace(facts, issued=tuple(section.issued), torn=section.torn or facts.torn)
    groups: dict[str, list[Entry]] = {facts.scenario: []} if section.facts else {}
    for entry in section.entries:
        groups.setdefault(entry.scenario or facts.scenario, []).append(entry)
    for scenario, entries in groups.items():
        exchanges = sorted((x for x in entries if isinstance(x, Exchange)), key=lambda x: x.number)
        connections = sorted((x for x in entries if isinstance(x, Connection)), key=lambda x: x.number)
        yield Evidence(
            exchanges=tuple(exchanges),
            connections=tuple(connections),
            child=section.child,
            facts=replace(facts, scenario=scenario),
        )


def write(evidence: Evidence) -> str:
    """Write evidence as a section of a journal, which `read` restores completely."""
    both: tuple[Entry, ...] = (*evidence.exchanges, *evidence.connections)
    entries = sorted(both, key=lambda entry: entry.number)
    child = None if evidence.child is None else to_members(evidence.child)
    return to_jsonl(entries, evidence.facts.issued, facts=to_members(evidence.facts), child=child)
