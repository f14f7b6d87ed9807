"""What a client made of a value that it was given."""

from blastiq_conformance.evidence.credential import CHANGED, Defect, diagnose
from blastiq_conformance.evidence.token_request import Field
from blastiq_conformance.evidence.token_request import Place as FieldPlace
from blastiq_conformance.secrets.place import Place
from blastiq_conformance.secrets.traffic import octets
from fake_idp.secrets.charset_variants import as_text, charset_variants

_DERIVED = CHANGED - {Defect.OTHER_CHANGE} | {Defect.RIGHT}


def defect_of(place: Place, given: str) -> Defect:
    """Tell how what stands in a place differs from what was given."""
    form = FieldPlace.FORM if place.raw else FieldPlace.JSON
    return diagnose(Field(place.kind, place.value, form, 1, b"=" + place.raw), given)


def is_made_of(place: Place, given: str) -> bool:
    """Whether a value shows something of what was given and nothing else; one that has some of it may be somebody's."""
    if place.kind == "fragment" and (place.value in given or as_text(place.raw) in given):
        return True
    defect = defect_of(place, given)
    if defect is Defect.BAD_BYTES:
        return not {place.value, octets(place)}.isdisjoint(charset_variants(given))
    return defect in _DERIVED
