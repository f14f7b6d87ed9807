"""Marks that tell what a client made of a secret: `<password:1 in Latin-1>`, where another number would hide it."""

import re
from collections.abc import Iterable

from blastiq_conformance.secrets.kinship import CUT, Kinship
from fake_idp.secrets.redact import PLACEHOLDER, Leak, Redactor, Secret


class TellingRedactor(Redactor):
    """Numbers secrets as ever, but for those that were made of another one: these are named after it."""

    marks = re.compile(rf"{PLACEHOLDER.pattern[:-1]}(?: [^<>]{{1,80}})?>")

    def __init__(self, secrets: Iterable[Secret], kinship: Kinship) -> None:
        """Take the secrets, and what is known of their kinship."""
        found = list(secrets)
        kin = {secret.value: kinship.of(secret) for secret in reversed(found)}
        origins = {value for value, made in kin.items() if made is None}
        made = {value: each for value, each in kin.items() if each is not None and each[0] in origins}
        super().__init__(secret for secret in found if secret.value not in made)
        for value, (origin, words) in made.items():
            self._placeholders[value] = _told(self._placeholders[origin], words)
        self._search.add(secret for secret in found if secret.value in made)

    def mark(self, leak: Leak, text: str) -> str:
        """Give what stands for a secret, and in which shape it was found where that is not as every place has it."""
        words = []
        if "base64" in leak.form and leak.secret.kind != "basic":
            words.append("in base64")
        if leak.form.count("percent-encoded") > 1:
            words.append("percent-encoded twice")
        # What the kit itself cut ends in an ellipsis.
        if not leak.whole and not text.startswith("…", leak.end):
            words.append(CUT)
        shown = super().mark(leak, text)
        return _told(shown, ", ".join(words)) if words else shown


def _told(placeholder: str, words: str) -> str:
    return f"{placeholder.removesuffix('>')} {words}>"
