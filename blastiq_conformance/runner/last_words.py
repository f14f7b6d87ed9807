"""The last output of a child without secrets: those that the kit issued, and those that their context names so."""

import re

from blastiq_conformance.evidence import Evidence
from fake_idp.secrets.charset_variants import as_bytes, as_text, charset_variants
from fake_idp.secrets.redact import Redactor, Secret

_LINES = 15
_CHARACTERS = 4_000
# This much is searched for secrets; what precedes it is never shown.
_SEARCHED = 32_768
# Where an error came from, and how its printing ends: the error itself stands before them (Node, Java, .NET).
_FRAME = re.compile(r"\s+at \S.*|\s*\.\.\. \d+ more|Node\.js v\d\S*|\W*")


class Words:
    """What a child wrote or sent, without the kit's secrets in any encoding, and without those that it names itself."""

    def __init__(self, evidence: Evidence) -> None:
        """Learn the secrets that the child was given."""
        from blastiq_conformance.redaction import Redaction  # a run in which all goes well needs none

        facts = evidence.facts
        passwords = [Secret("password", password) for password in facts.passwords]
        variants = [Secret("password", text) for secret in passwords for text in charset_variants(secret.value)]
        self._child = evidence.child
        self._issued = Redactor(dict.fromkeys((*facts.issued, *passwords, *variants)))
        self._others = Redaction()

    def clean(self, data: bytes) -> str:
        """Remove the secrets from what was written or sent."""
        return self._others.last_words(self._issued.text(as_text(data[-_SEARCHED:])))

    def last(self) -> tuple[str, ...]:
        """Give the last lines that the child wrote, on stderr rather than on stdout; errors without their frames."""
        written = (self._child.stderr.strip() or self._child.stdout) if self._child is not None else b""
        text = as_bytes(self.clean(written)[-_CHARACTERS:]).decode("utf-8", "replace").strip()
        lines = text.splitlines()
        told = [line for line in lines if not _FRAME.fullmatch(line)]
        return tuple((told or lines)[-_LINES:])
