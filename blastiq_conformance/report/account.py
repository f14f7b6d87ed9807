"""What a report consists of: scenario runs or recordings, each with the results of its rules."""

import re
from dataclasses import dataclass, field
from typing import Literal

from blastiq_conformance.catalogue import Result
from blastiq_conformance.evidence import Evidence
from fake_idp.classify import Kind
from fake_idp.secrets.search import Secret

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
