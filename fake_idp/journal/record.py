"""What one line of a journal holds: the opening of a section, a secret that was issued, an exchange, a connection."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fake_idp.journal import Connection, Exchange
from fake_idp.secrets.redact import Secret
from fake_idp.wire import Json

FORMAT = "blastiq-journal/1"
Object = Mapping[str, Json]


class JournalError(ValueError):
    """An invalid line; the message names the line, what is wrong and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A new section begins; `facts` and `child` are the judge's, None if they are unknown."""

    facts: Object | None = field(default=None, repr=False)
    child: Object | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Torn:
    """The last line of a section is torn: the disk was full or the program was killed; `number` counts lines."""

    number: int


Record = Opening | Secret | Exchange | Connection | Torn
