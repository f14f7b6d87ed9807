"""What is to stand in each place of a message: learned place by place first, given out then."""

from collections.abc import Callable
from functools import partial
from urllib.parse import quote, unquote, unquote_to_bytes

from blastiq_conformance.redaction.given import Given
from blastiq_conformance.redaction.redacted import MOST_AROUND, SHORTEST_PIECE, is_redacted_token
from blastiq_conformance.redaction.stand_in import StandIns
from blastiq_conformance.secrets.traffic import bare_token
from blastiq_conformance.secrets.visitor import Visitor
from fake_idp.secrets.charset_variants import as_text
from fake_idp.secrets.redact import SHORTEST_PREFIX
from fake_idp.secrets.same_form import in_percent, spelled

_SHORTEST_TELLING = 4


class Places(StandIns, Visitor):
    """Answers for each place; while it learns, every value stays."""

    def __init__(self) -> None:
        """Start knowing nothing."""
        super().__init__()
        self._given = Given((), ())
        self.learning = False
        # What is learned once all places were seen: a cookie that holds a password is not a secret of its own.
        self._later: list[Callable[[], object]] | None = None

    def learn_places(self, walk: Callable[[], object]) -> None:
        """Learn from the places that a walk shows."""
        self.learning, self._later = True, []
        walk()
        waiting, self._later = self._later, None
        for learn in waiting:
            learn()
        self.learning = False

    def secret(self, kind: str, value: str, raw: bytes = b"", *, cut: bool = False) -> str:
        """Give what stands for a value that is a secret by its place, or for the beginning that is left of one."""
        if self._stays(kind, value, raw):
            self.spare(value)
            return value
        if self._later is not None and cut:
            # It is the beginning of what stands somewhere else as a whole.
            self._later.append(partial(self.secret, kind, value, raw))
        elif self.learning:
            plain = value if self.is_known(value) else unquote(value)
            if plain != value and len(plain) >= SHORTEST_PREFIX:
                # Encoded twice: once is what it will be met as elsewhere.
                self.know(kind, plain)
            self.know(kind, value, self._given.made(kind, value, raw, self) or self._twice(kind, value))
            if "\N{REPLACEMENT CHARACTER}" in value:
                # What is not UTF-8 is lost there: in other places those bytes are looked for.
                octets = as_text(unquote_to_bytes(raw.replace(b"+", b" ")))
                self.know(kind, octets, self.of(kind, value))
        return self.shown(kind, value)

    def _twice(self, kind: str, value: str) -> str:
        """Give what stands for a known value that was encoded twice: it is the same to whoever reads it once more."""
        plain = unquote(value)
        if plain == value or not self.is_known(plain):
            return ""
        new = self.of(kind, plain)
        written = spelled(in_percent(value), new, lambda c: quote(c, safe=""))
        return "" if written == new else written

    def _stays(self, kind: str, value: str, raw: bytes) -> bool:
        # The name of a client in the place of a user's.
        client = kind == "username" and self.is_public(value)
        return client or self.is_plain(value) or self._given.stays(kind, value, raw)

    def token(self, value: str) -> str:
        """Give what stands for credentials in a header, with whatever a client put around them."""
        if self._later is not None:
            self._later.append(partial(self.token, value))
            return value
        # Brackets and quotes around a word for nothing are BIQ604, as they are around a token.
        bare = value.strip("<>{}[]\"'")
        if self._stays("access_token", value, b"") or self.is_plain(bare):
            return value
        inner = bare_token(value)
        if inner not in {value, ""}:
            # It may stand elsewhere without what is around it here.
            before, _, behind = value.partition(inner)
            return before + self.token(inner) + behind
        # A scheme without credentials.
        if value.lower() in {"bearer", "basic"} or self.is_kept(value):
            return value
        if self.is_known(value) or self.beginning_of(value):
            return self.shown("access_token", value)
        clean = self.without(value)
        if is_redacted_token(clean):
            return clean
        if self.learning:
            self.know("access_token", value)
        return self.shown("access_token", value)

    def odd_one(self, kind: str, value: str) -> str:
        """Give what stands for a value that is a secret by its name alone, if nothing in it is known."""
        if self._later is not None:
            self._later.append(partial(self.odd_one, kind, value))
            return value
        clean = self.without(value)
        if self.is_kept(value) or is_redacted_token(clean):
            return clean

        # A rule looks for a known value in it, if that is of some length; what is around it is a secret by itself.
        def shown(piece: str) -> str:
            if piece != value and len(piece) < SHORTEST_PIECE:
                return piece
            if self.learning:
                self.know(kind, piece)
            return self.of(kind, piece)

        return self.amid(value, shown)

    def is_piece(self, value: str) -> bool:
        """Whether a value is a piece of a secret that is known, and long enough to tell some of it."""
        pieces = len(value) >= _SHORTEST_TELLING and not self.is_public(value)
        return pieces and any(value in secret.value != value for secret in self.secrets)

    def shown(self, kind: str, value: str) -> str:
        """Give what stands for a value; the value itself while every value stays."""
        if self.learning:
            return value
        return ("" if self.is_known(value) else self._twice(kind, value)) or self.of(kind, value)

    def text(self, value: str, *, short: bool = True) -> str:
        """Give a text without the secrets that are known."""
        return value if self.learning else self.without(value, short=short)

    def is_client(self, value: str) -> bool:
        """Whether a value is a client id, or a stand-in already."""
        return self.is_public(value) or is_redacted_token(value)

    def is_kept(self, value: str) -> bool:
        """Whether a value stays because the kit issued it."""
        leaks = self.find_kept(value)
        return bool(leaks) and len(value) - sum(leak.end - leak.start for leak in leaks) <= MOST_AROUND
