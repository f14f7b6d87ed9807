"""The known values: every encoding and character set, and no value in what is shown."""

import base64

import pytest

from blastiq_conformance.scan.known import Known
from fake_idp.secrets.encodings import encodings
from fake_idp.secrets.search import Secret

VALUE = 'pá&ss "w€rd"/Zq8'
KNOWN = Known((Secret("known", VALUE), Secret("known", "svc.user")))


@pytest.mark.parametrize("charset", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("form", sorted(encodings(VALUE)))
def test_no_encoding_and_no_character_set_hides_a_value(form: str, charset: str) -> None:
    """Each form of N7, where it stands and how long it is there."""
    octets = form.encode(charset)
    assert (4, 4 + len(octets), "<known:1>") in list(KNOWN.find(b"\xfe\0\xfe\0" + octets + b"\0"))


def test_latin_1_is_read_as_well() -> None:
    """Old resource files are written in it."""
    assert list(Known((Secret("known", "Straße-7"),)).find("Straße-7".encode("latin-1")))


@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_a_value_in_a_longer_base64_text_is_found(before: str) -> None:
    """As in the value of a Basic header, wherever it begins."""
    text = base64.b64encode(f"{before}:{VALUE}:{before}".encode())
    assert list(KNOWN.find(text))


def test_each_occurrence_is_found_once() -> None:
    """Several values, several times each."""
    found = list(KNOWN.find(b"svc.user,svc.user"))
    assert sorted(found) == [(0, 8, "<known:2>"), (9, 17, "<known:2>")]


def test_a_beginning_is_no_occurrence() -> None:
    """Whoever ships half of a user name ships no credentials."""
    assert list(KNOWN.find(b"svc.use r")) == []


def test_nothing_is_known_without_a_list() -> None:
    """And nothing is found."""
    assert (list(Known().find(b"svc.user")), Known().longest, Known().hide("svc.user")) == ([], 0, "svc.user")


def test_values_are_hidden_in_other_texts() -> None:
    """In the name of a file, for one."""
    assert KNOWN.hide("in/svc.user.txt") == "in/<known:2>.txt"
    assert KNOWN.longest > 2 * len(VALUE)
