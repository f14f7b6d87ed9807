"""What a report consists of: what was judged, with which result."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from blastiq_conformance.catalogue import Profile, Result, Rule
from blastiq_conformance.editions import CURRENT
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.report.reproduction import Reproduction
from blastiq_conformance.report.shape import SubjectShape
from blastiq_conformance.report.verdict import INTERRUPTED, Verdict
from blastiq_conformance.report.waivers import Standing, Waivers
from fake_idp.classify import Kind
from fake_idp.secrets.redact import Secret

NOT_ASKED = "not asked for"
SourceKind = Literal["run", "check"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The results of the rules by which one scenario run, or one recording, was judged.

    `overheard`: secrets in other hosts' answers, which are not kept but may be quoted elsewhere. `oddity` is what the
    scenario does to the client, `odd_in` the kind of requests that meet it.
    """

    scenario: str
    evidence: Evidence
    results: tuple[Result, ...]
    overheard: tuple[Secret, ...] = field(default=(), repr=False)
    oddity: str = ""
    odd_in: Kind | None = None

    @property
    def file(self) -> str:
        """The recording that was judged; empty for a live run."""
        return file_of(next((exchange.source for exchange in self.evidence.exchanges if exchange.source), ""))


def file_of(source: str) -> str:
    """Give the file that an exchange or a finding was read from, without its place in it."""
    return re.sub(r"[#:]\d+$", "", source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A verdict with all that it rests on; `text` says what happened if nothing could be judged.

    `forgiven`: it would be incomplete, had the caller not allowed rules to stay untested. `interrupted`: the user ended
    the run before every scenario had run. `subjects`: what was judged, by digests; empty if nobody named it.
    """

    target: str
    version: str = ""
    profile: Profile
    verdict: Verdict
    results: tuple[Result, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    rules: Mapping[str, Rule]
    command: tuple[str, ...] = field(default=(), repr=False)
    source_kind: SourceKind = "run"
    notes: tuple[str, ...] = field(default=(), repr=False)
    left_out: Mapping[str, str] = field(default_factory=dict)
    text: str = field(default="", repr=False)
    forgiven: bool = False
    interrupted: bool = False
    waivers: Waivers = field(default_factory=Waivers)
    standings: tuple[Standing, ...] = ()
    again: Reproduction = field(default_factory=Reproduction)
    subjects: tuple[SubjectShape, ...] = ()
    edition: str = CURRENT

    @property
    def exit_code(self) -> int:
        """The exit code of the command line (contract.md 3)."""
        return INTERRUPTED if self.interrupted else self.verdict.exit_code
