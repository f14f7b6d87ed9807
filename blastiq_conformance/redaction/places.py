"""What is to stand in each place of a message: learned from all places first, given out then."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from urllib.parse import unquote, unquote_plus

from blastiq_conformance.evidence.credential import CHANGED, Defect
from blastiq_conformance.redaction.given import defect_of, is_made_of
from blastiq_conformance.redaction.prose import literals, masked, named
from blastiq_conformance.redaction.redacted import MOST_AROUND, SHORTEST_PIECE, is_redacted_token
from blastiq_conformance.redaction.stand_in import StandIns
from blastiq_conformance.secrets.message import form_encoded
from blastiq_conformance.secrets.place import Kind, Place, Show, places_in
from blastiq_conformance.secrets.traffic import bare_token, octets
from fake_idp.secrets.patterns import SHORTEST_PREFIX
from fake_idp.secrets.same_form import percent_encoded
from fake_idp.secrets.search import Secret, beginnings
from fake_idp.secrets.stand_in import is_stand_in

_SHORTEST_TELLING = _SHORTEST_STEM = 4
# What JavaScript's escape() makes of a letter.
_ESCAPED = "%u00E9"
# What these are follows from what is known once all other places were seen: a cookie that holds a password is not a
# secret of its own.
_LAST = frozenset({Kind.BEARER, Kind.CREDENTIAL, Kind.COOKIE, Kind.USED, Kind.UNUSED})


class Places(StandIns):
    """Says what is to stand in each place."""

    # What was given to the integration that is looked at.
    credentials: Sequence[Secret] = ()

    def learn_places(self, walks: Iterable[Callable[[Show], object]]) -> None:
        """Learn from the places that walks show."""
        places = [place for walk in walks for place in places_in(walk)]
        written = "\n".join(place.value for place in places if place.kind == Kind.PROSE)
        learned: list[tuple[Place, bool]] = []
        for place in dict.fromkeys((*places, *(literals(written) if written else ()))):
            parts = [place] if place.kind != Kind.PROSE else []
            if place.kind == Kind.ACCOUNT:
                parts = places_in(partial(self._account, place.value))
            for part in parts:
                # What was cut is the beginning of what stands somewhere else as a whole.
                is_last = part.cut or part.kind in _LAST
                if is_last or self._is_learned(part):
                    learned.append((part, is_last))
        # Stand-ins are numbered in the order of the places, whether all are seen at once or one after another.
        for place, is_last in learned:
            if is_last:
                self.show(place, learn=True)
            else:
                self.of(place.kind, place.value)

    def show(self, place: Place, *, learn: bool = False) -> str:
        """Give what is to stand in a place; `learn` what is a secret there, before anything is written."""
        kind, value = place.kind, place.value
        match kind:
            case Kind.TEXT | Kind.PLAIN:
                return self.without(value, short=kind == Kind.TEXT)
            case Kind.PROSE:
                return self.prose(value)
            case Kind.BEARER:
                return self._bearer(value, learn=learn)
            case Kind.ACCOUNT:
                return self._account(value, self.show)
            case Kind.CREDENTIAL | Kind.COOKIE:
                return self.by_name(kind, value, learn=learn)
            case Kind.USED | Kind.UNUSED:
                return self._variable(place, learn=learn)
        if learn:
            self._is_learned(place)
        if self._stays(place):
            return value
        return ("" if value in self.secrets else self._twice(kind, value)) or self.of(kind, value)

    def _is_learned(self, place: Place) -> bool:
        """Learn a value that is a secret by its place; tell whether it is not one that stays."""
        kind, value = place.kind, place.value
        if self._stays(place):
            self.spare(value)
            return False
        plain = value if value in self.secrets else unquote(value)
        if plain != value and len(plain) >= SHORTEST_PREFIX:
            # Encoded twice: once is what it will be met as elsewhere.
            self.know(kind, plain)
        self.know(kind, value, self._made_of_given(place) or self._twice(kind, value))
        if "\N{REPLACEMENT CHARACTER}" in value:
            # What is not UTF-8 is lost there: in other places those bytes are looked for.
            self.know(kind, octets(place), self.of(kind, value))
        return True

    def _twice(self, kind: str, value: str) -> str:
        """Give what stands for a known value that was encoded twice: it is the same to whoever reads it once more."""
        plain = unquote(value)
        if plain == value or plain not in self.secrets:
            return ""
        new = self.of(kind, plain)
        written = percent_encoded(value, plain, new, plus=False)
        return "" if written == new else written

    def _stays(self, place: Place) -> bool:
        # The name of a client in the place of a user's.
        client = place.kind == "username" and self.is_public(place.value)
        # The password as a username shows as much of what the kit issued, and no more.
        issued = (secret.value for secret in self.credentials if secret.value in self.kept)
        return client or self.is_plain(place.value) or any(is_made_of(place, given) for given in issued)

    def _made_of_given(self, place: Place) -> str:
        """Give a stand-in made of that of what was given, as the value was made of what was given; empty for none."""
        kind, value = place.kind, place.value
        given = next((secret.value for secret in self.credentials if secret.kind == kind), value)
        defect = defect_of(place, given)
        if value == given or not (defect in CHANGED or defect is Defect.BAD_BYTES):
            return ""
        stem = self.of(kind, given)
        if value.startswith(stem) and is_stand_in(value[len(stem) :].removesuffix(_ESCAPED)):
            return value
        # In another character set, unless its bytes show that.
        escaped = defect is Defect.BAD_BYTES and "\N{REPLACEMENT CHARACTER}" not in value
        between = "." if len(stem) < _SHORTEST_STEM else ""
        return stem + between + self._new("piece", value) + _ESCAPED * escaped

    def _bearer(self, value: str, *, learn: bool) -> str:
        """Give what stands for credentials in a header, with whatever a client put around them."""
        # Brackets and quotes around a word for nothing are BIQ604, as they are around a token.
        if self._stays(Place("access_token", value)) or self.is_plain(value.strip("<>{}[]\"'")):
            return value
        inner = bare_token(value)
        if inner not in {value, ""}:
            # It may stand elsewhere without what is around it here.
            before, _, behind = value.partition(inner)
            return before + self._bearer(inner, learn=learn) + behind
        # A scheme without credentials.
        if value.lower() in {"bearer", "basic"} or self.is_kept(value):
            return value
        if value not in self.secrets and not self.beginning_of(value):
            clean = self.without(value)
            if is_redacted_token(clean):
                return clean
            if learn:
                self.know("access_token", value)
        return self.of("access_token", value)

    def _account(self, text: str, show: Show) -> str:
        """Show the name and the password of Basic; both are one secret where the colon is missing."""
        user, colon, password = text.partition(":")
        client = self.is_client(unquote_plus(user))
        if not colon:
            return text if client else show(Place(Kind.CREDENTIAL, text))
        parts = (("username", user), ("client_secret" if client else "password", password))
        return ":".join(self._in_account(kind, part, show) for kind, part in parts)

    def _in_account(self, kind: str, text: str, show: Show) -> str:
        # RFC 6749 2.3.1 form-encodes what goes into Basic: the same value then, and still recognised as encoded.
        plain = unquote_plus(text)
        encoded = plain != text and (plain in self.secrets or self.is_client(plain))
        return form_encoded(kind, text, show) if encoded else show(Place(kind, text))

    def by_name(self, kind: str, value: str, *, learn: bool = False) -> str:
        """Give what stands for a value that is a secret by its name alone, if nothing in it is known."""
        clean = self.without(value)
        if self.is_kept(value) or is_redacted_token(clean):
            return clean

        # A rule looks for a known value in it, if that is of some length; what is around it is a secret by itself.
        def shown(piece: str) -> str:
            if piece != value and len(piece) < SHORTEST_PIECE:
                return piece
            if learn:
                self.know(kind, piece)
            return self.of(kind, piece)

        return self.amid(value, shown)

    def _variable(self, place: Place, *, learn: bool) -> str:
        value = place.value
        if value in self.secrets or self._is_piece(value):
            return self.show(Place("value", value), learn=learn)
        clean = self.without(value)
        stays = place.kind == Kind.USED or clean != value or self.is_client(value)
        return clean if stays else self.of("value", value)

    def _is_piece(self, value: str) -> bool:
        """Whether a value is a piece of a secret that is known, and long enough to tell some of it."""
        pieces = len(value) >= _SHORTEST_TELLING and not self.is_public(value)
        return pieces and any(value in secret != value for secret in self.secrets)

    def prose(self, text: str) -> str:
        """Give a text of no known form without secrets."""
        clean = masked(self.without(text), self)
        # What is left of a masked value stays BIQ701's, be it one that the kit issued or its stand-in.
        kept = [*self.kept.find(clean), *beginnings(clean, (*self.kept, *self.own))]
        return named(clean, kept, lambda value: value if self.is_kept(value) else self.of("value", value))

    def is_client(self, value: str) -> bool:
        """Whether a value is a client id, or a stand-in already."""
        return self.is_public(value) or is_redacted_token(value)

    def is_kept(self, value: str) -> bool:
        """Whether a value stays because the kit issued it."""
        leaks = self.kept.find(value)
        return bool(leaks) and len(value) - sum(leak.end - leak.start for leak in leaks) <= MOST_AROUND
