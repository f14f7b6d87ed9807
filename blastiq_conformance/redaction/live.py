"""A journal that is written as it grows: each line without what the kit did not issue, whoever sent it and where.

Of what comes later nothing is known yet: a value that was seen first where no secret belongs, and sent as one only
afterwards, is told by `lines`, which looks at the whole.
"""

import threading
from collections.abc import Iterable, Sequence

from blastiq_conformance.evidence.facts import Facts
from blastiq_conformance.redaction import Redaction
from fake_idp.journal import Exchange
from fake_idp.journal.jsonl import Record, to_line
from fake_idp.secrets.charset_variants import charset_variants
from fake_idp.secrets.redact import Secret

_KINDS = ("username", "password")


class LiveRedaction:
    """Writes records as `to_line` does; any thread may ask, and a value has one stand-in as long as this lives."""

    def __init__(self, facts: Facts, users: Iterable[tuple[str, str]] = ()) -> None:
        """Begin with what the integration was given; `users` are somebody's, and no piece of theirs may stay."""
        self._lock = threading.Lock()
        self._redaction = Redaction()
        self._facts = facts
        self._users = tuple(users)
        # In another character set. What is too short to be looked for (N7), or known to everybody, is hidden in its
        # place and is a word anywhere else.
        given = [(k, v) for user in self._users for k, v in zip(_KINDS, user, strict=True) if v != facts.client_id]
        variants = (Secret(kind, text) for kind, value in given for text in charset_variants(value))
        self._redaction.learn_overheard(variants)
        self._issued: dict[Secret, None] = dict.fromkeys(facts.issued)
        # Of what was issued, that which was not learned yet; None before the first lesson.
        self._new: list[Secret] | None = None

    def line(self, record: Record) -> str:
        """Write one record as a line, its end included."""
        with self._lock:
            if isinstance(record, Exchange):
                self._learn((record,))
            return self._line(record)

    def lines(self, records: Sequence[Record]) -> str:
        """Write a whole journal."""
        with self._lock:
            for record in records:
                if isinstance(record, Secret):
                    self._issue(record)
            self._learn([record for record in records if isinstance(record, Exchange)])
            return "".join(map(self._line, records))

    def _learn(self, exchanges: Sequence[Exchange]) -> None:
        self._learn_facts()
        self._redaction.learn(exchanges)

    def _learn_facts(self) -> None:
        if self._new is not None:
            # As a server issues one token after the other: what it takes must not grow with them.
            self._redaction.learn_issued(secret.value for secret in self._new)
            self._new.clear()
            return
        self._new = []
        self._redaction.learn_facts(
            Facts(
                client_id=self._facts.client_id,
                username=self._facts.username,
                password=self._facts.password,
                other_users=self._users,
                issued=tuple(self._issued),
            )
        )

    def _issue(self, secret: Secret) -> None:
        if secret not in self._issued:
            self._issued[secret] = None
            if self._new is not None:
                self._new.append(secret)

    def _line(self, record: Record) -> str:
        if isinstance(record, Secret):
            self._issue(record)
            return to_line(record)
        self._learn_facts()
        return to_line(self._redaction.record(record))
