"""What became of a credential: every way in which clients are known to spoil one, told apart."""

from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from blastiq_conformance.catalogue.example_messages import SIGN_IN, story
from blastiq_conformance.evidence.credential import CHANGED, Defect, diagnose, given_for
from blastiq_conformance.evidence.token_request import Field, Place
from fake_idp.wire import parse_pairs
from tests.judge.example import read_example

CANARY = "k7Fq2vN9xW4mZ8tR1pLs"


def sent(raw: str | bytes, place: Place = Place.FORM) -> Field:
    data = raw.encode() if isinstance(raw, str) else raw
    pair = parse_pairs(b"password=" + data)[0]
    return Field(pair.name, pair.value, place, 1, pair.raw, pair.bare)


CASES = [
    ("a b", "a+b", Defect.RIGHT),
    ("", "", Defect.RIGHT),
    ("x", "", Defect.EMPTY),
    # What stands for two values has nothing in common, unless one was made of the other.
    ("S002Y002N002O002N002Y002M002", "S001Y001N001O001N001Y001M001", Defect.UNRELATED),
    ("Q1x", "S001Y001N001O001N001Y001M001", Defect.UNKNOWN),
    ("Q1x", "Q1x.S002Y002N002O002N002Y002M002", Defect.OTHER_CHANGE),
    ("S002Y002N002O002N002Y002M002", "S002Y002N002O002N002Y002M002S003Y003%E9", Defect.BAD_BYTES),
    (CANARY, "S001Y001N001O001N001Y001M001", Defect.UNRELATED),
    (None, "x", Defect.UNKNOWN),
    (None, "", Defect.EMPTY),
    # One that is another altogether; of short ones only a plain word can be told from others.
    (CANARY, "changeme", Defect.UNRELATED),
    ("tiger", "scott", Defect.UNRELATED),
    ("tiger", "%27tiger%27", Defect.OTHER_CHANGE),
    ("tiger", "tigertiger", Defect.OTHER_CHANGE),
    ("tiger", "tigertigeress", Defect.UNRELATED),
    ("tiger", "tiger%40vendor.example", Defect.OTHER_CHANGE),
    ("x", "built-in-secret-of-2019", Defect.UNKNOWN),
    ("abc", "built-in", Defect.UNKNOWN),
    ("abcd", "built-in", Defect.UNRELATED),
    ("x", "excavators", Defect.UNKNOWN),
    ("ti-er", "scott", Defect.OTHER_CHANGE),
    ("tigér", "scott", Defect.OTHER_CHANGE),
    # A domain is shared by many names.
    (f"{CANARY}@mine.example", "integration%40mine.example", Defect.UNRELATED),
    (f"{CANARY}@mine.example", "built-in%40vendor.example", Defect.UNRELATED),
    (f"{CANARY}@mine.example", f"{CANARY[1:]}%40mine.example", Defect.OTHER_CHANGE),
    (f"{CANARY}@mine.example", "mine.example", Defect.OTHER_CHANGE),
    (f"{CANARY}@mine.example", "%40mine.example", Defect.OTHER_CHANGE),
    ("al@mine.example", "hal%40mine.example", Defect.OTHER_CHANGE),
    ("al@mine.example", "bob%40mine.example", Defect.UNRELATED),
    (CANARY, CANARY[1:], Defect.OTHER_CHANGE),
    # Text put into the form as it is: curl -d, wget, a template; encodeURI.
    ("a&b", "a&b", Defect.TRUNCATED),
    ("a b+c&d=e%41", "a b+c&d=e%41", Defect.TRUNCATED),
    ("a b+c&d=e%41", "a%20b+c&d=e%2541", Defect.TRUNCATED),
    ("&ab", "&ab", Defect.TRUNCATED),
    ("#ab", "", Defect.TRUNCATED),
    ("ab#cd", "ab", Defect.TRUNCATED),
    ("ab\ncd", "ab", Defect.TRUNCATED),
    ("a+b", "a+b", Defect.PLUS_AS_SPACE),
    ("a%41b", "a%41b", Defect.PERCENT_DECODED),
    ("a+b%41", "a+b%41", Defect.PERCENT_DECODED),
    # Encoded twice, with either form of a space.
    ("a b", "a%2Bb", Defect.DOUBLE_ENCODED),
    ("a b", "a%2520b", Defect.DOUBLE_ENCODED),
    ("a&b+c", quote_plus(quote_plus("a&b+c")), Defect.DOUBLE_ENCODED),
    ("a&b", quote(quote(quote("a&b"))), Defect.DOUBLE_ENCODED),
    ("a%41b", "a%252541b", Defect.DOUBLE_ENCODED),
    # Blanks beside a value that has some of its own.
    ("ab ", "ab+%0A", Defect.PADDED),
    (" ab", "%09+ab", Defect.PADDED),
    # Tidied.
    (" ab ", "ab", Defect.TRIMMED),
    (" ab ", "+ab", Defect.TRIMMED),
    ("  ", "", Defect.TRIMMED),
    ("AbC", "abc", Defect.CASE_CHANGED),
    (" AbC", "abc", Defect.NORMALISED),
    ("e\u0301tude", quote("étude"), Defect.NORMALISED),
    ("étude", quote("e\u0301tude"), Defect.NORMALISED),
    ("a  b", "a+b", Defect.NORMALISED),
    # Cut, or expanded.
    ("x" * 100, "x" * 64, Defect.SHORTENED),
    # Whatever stopped at a letter beyond ASCII, it was no length.
    ("tigeré", "tiger", Defect.TRUNCATED),
    ("ab$HOMEcd", "ab", Defect.TRUNCATED),
    ("ab-$HOME-cd", "ab-/root-cd", Defect.SHELL_EXPANDED),
    ("ab`date`cd", "abcd", Defect.SHELL_EXPANDED),
    ("pa$$word", "pa1234word", Defect.SHELL_EXPANDED),
    # Another character set, or none.
    ("käse", b"k%E4se", Defect.BAD_BYTES),
    ("käse", b"k\xe4se", Defect.BAD_BYTES),
    ("a-long-käse", b"another-%E4", Defect.UNRELATED),
    ("käse", "k%3Fse", Defect.BAD_BYTES),
    ("käse", "kse", Defect.OTHER_CHANGE),
    ("k😀se", "k%3F%3Fse", Defect.BAD_BYTES),
    ("é😀", "%E9%3F", Defect.BAD_BYTES),
    ("käse", "k%EF%BF%BDse", Defect.BAD_BYTES),
    ("käse", quote("käse".encode().decode("latin-1")), Defect.BAD_BYTES),
    ("k€se", "k%u20ACse", Defect.BAD_BYTES),
    ("k?se", "k%EF%BF%BDse", Defect.OTHER_CHANGE),
    ("what%u20AC+x", "what%25u20AC+x", Defect.PLUS_AS_SPACE),
    ("what%u20AC", "what%u20A", Defect.SHORTENED),
    ("a? b", "a%3F", Defect.TRUNCATED),
]


@pytest.mark.parametrize(("injected", "raw", "expected"), CASES)
def test_each_way_to_spoil_a_credential(injected: str | None, raw: str | bytes, expected: Defect) -> None:
    """Each is told apart from the others, for each is another rule or another remedy."""
    assert diagnose(sent(raw), injected) is expected


def test_a_missing_field() -> None:
    """No field is missing, whatever is known."""
    assert diagnose(None, None) is diagnose(None, "x") is Defect.MISSING


def test_json_and_multipart_have_no_percent_encoding() -> None:
    """A JSON value is text already; a multipart value is its bytes."""
    assert diagnose(Field("password", "k?se", Place.JSON, 1), "käse") is Defect.BAD_BYTES
    assert diagnose(Field("password", "käs", Place.JSON, 1), "käse") is Defect.SHORTENED
    latin = Field("password", "k\ufffdse", Place.MULTIPART, 1, "käse".encode("latin-1"))
    assert diagnose(latin, "käse") is Defect.BAD_BYTES


def test_each_user_has_a_password_of_its_own() -> None:
    """Where the integration was given several users, a request is measured by the one that it names."""
    facts = "facts: username = one, password = first, other_user = two:second"
    given = [
        given_for(read_example(story(facts, SIGN_IN.replace("svc.pit-42%40mine.example", name))).token_requests[0])
        for name in ("one", "two", "three")
    ]
    assert given == [("one", "first"), ("two", "second"), ("one", "first")]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(TEXT, st.sampled_from([quote, quote_plus]))
def test_what_is_encoded_once_is_right(text: str, encode: type[str]) -> None:
    """Percent-encoded UTF-8 is right, whatever the text."""
    assert diagnose(sent(encode(text)), text) is Defect.RIGHT


@given(TEXT)
def test_what_is_encoded_twice_is_never_right(text: str) -> None:
    """Twice is wrong wherever once changes anything, and never somebody else's value."""
    once = quote_plus(text)
    assume(once != text)
    assert diagnose(sent(quote_plus(once)), text) in CHANGED


@given(TEXT, TEXT)
def test_any_two_texts_get_a_diagnosis(text: str, other: str) -> None:
    """Nothing that a client sends makes the diagnosis fail; only what is equal is right."""
    assert (diagnose(sent(quote(other)), text) is Defect.RIGHT) == (text == other)
