"""What the kit gave to an integration, and what of it a client made: that is random, dead after the run, and stays."""

from collections.abc import Collection, Iterable

from blastiq_conformance.evidence.credential import CHANGED, Defect, diagnose
from blastiq_conformance.evidence.token_request import Field
from blastiq_conformance.evidence.token_request import Place as FieldPlace
from blastiq_conformance.redaction.stand_in import StandIns
from blastiq_conformance.secrets.place import Place
from blastiq_conformance.secrets.traffic import octets
from fake_idp.secrets.charset_variants import as_text, charset_variants
from fake_idp.secrets.search import Secret
from fake_idp.secrets.stand_in import is_stand_in

# What JavaScript's escape() makes of a letter.
_ESCAPED = "%u00E9"
_DERIVED = CHANGED - {Defect.OTHER_CHANGE} | {Defect.RIGHT}


class Given:
    """The credentials that the kit made itself, out of those that an integration was given."""

    def __init__(self, credentials: Iterable[Secret], issued: Collection[str]) -> None:
        """Leave out what somebody else made: `serve --user`."""
        self._all = [(secret.kind, secret.value) for secret in credentials]
        self._issued: set[str] = set()
        self.issue(issued)

    def issue(self, values: Collection[str]) -> None:
        """Take more values for issued by the kit."""
        self._issued |= {value for _, value in self._all}.intersection(values)

    def stays(self, place: Place) -> bool:
        """Whether a value shows something of them and nothing else."""
        pieces = {place.value, as_text(place.raw)} if place.kind == "fragment" else ()
        # The password as a username shows as much of what the kit issued, and no more.
        return any(any(piece in given for piece in pieces) or _derived(place, given) for given in self._issued)

    def made(self, place: Place, stand_ins: StandIns) -> str:
        """Give a stand-in made of that of what was given, as the value was made of what was given; empty for none."""
        kind, value = place.kind, place.value
        given = next((given for whose, given in self._all if whose == kind), value)
        defect = _defect(place, given)
        if value == given or not (defect in CHANGED or defect is Defect.BAD_BYTES):
            return ""
        stem = stand_ins.of(kind, given)
        if value.startswith(stem) and is_stand_in(value[len(stem) :].removesuffix(_ESCAPED)):
            return value
        # In another character set, unless its bytes show that.
        escaped = defect is Defect.BAD_BYTES and "\N{REPLACEMENT CHARACTER}" not in value
        return stand_ins.beside(stem, value) + _ESCAPED * escaped


def _defect(place: Place, given: str) -> Defect:
    form = FieldPlace.FORM if place.raw else FieldPlace.JSON
    return diagnose(Field(place.kind, place.value, form, 1, b"=" + place.raw), given)


def _derived(place: Place, given: str) -> bool:
    """Whether a value is all made of the one that the kit gave; one that has some of it may be somebody's."""
    defect = _defect(place, given)
    if defect is Defect.BAD_BYTES:
        return not {place.value, octets(place)}.isdisjoint(charset_variants(given))
    return defect in _DERIVED
