"""Search: every form of every secret is found at its place, and nothing else is."""

import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fake_idp.secrets.encodings import encodings
from fake_idp.secrets.patterns import SHORTEST_PREFIX
from fake_idp.secrets.redact import Redactor
from fake_idp.secrets.search import Leak, Search, Secret, find

PASSWORD = Secret("password", "k7Fq2vN9xW4mZ8tR1pLs")
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI"


def found(text: str | bytes, *values: str) -> list[str]:
    return [leak.secret.value for leak in find(text, [Secret("password", value) for value in values])]


# A word of the protocol is sought as a value alone, and not within base64.
WORDS = {"access_token", "client_secret", "refresh_token"}
values = st.text(st.characters(exclude_categories=["Cs"]), min_size=12, max_size=40).filter(
    lambda value: value.lower() not in WORDS
)


@given(values, st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
@example("a%41b\\u0041 &amp;+/é", "")
@example("?" * 20, "")
def test_every_form_is_found(value: str, before: str) -> None:
    """Whatever encoded the value, and whatever stands before it."""
    for form in encodings(value):
        leaks = find(f"{before} {form}", [Secret("password", value)])
        assert max(leak.end for leak in leaks) >= len(before) + 1 + len(form.rstrip("=")), form


@given(st.binary(max_size=7), values)
def test_base64_of_a_longer_text_hides_nothing(before: bytes, value: str) -> None:
    """Basic credentials hold the password in any of three alignments."""
    text = base64.b64encode(before + value.encode()).decode()
    assert value in found(text, value)


def test_a_leak_tells_where_and_how() -> None:
    """Places are those of the text that was given, the form is in words."""
    text = "x=k7Fq2vN9xW4mZ8tR1pL%73;"
    assert find(text, [PASSWORD]) == [Leak(secret=PASSWORD, form="percent-encoded", start=2, end=24, whole=True)]


@pytest.mark.parametrize(("text", "whole"), [("k7Fq2vN9xW4m…", False), (PASSWORD.value, True)])
def test_twelve_characters_are_a_leak(text: str, whole: bool) -> None:
    """From twelve characters on the beginning of a secret counts as the secret."""
    assert [leak.whole for leak in find(text, [PASSWORD])] == [whole]


@pytest.mark.parametrize("text", ["", "k7Fq2vN9xW4", "K7FQ2VN9XW4MZ8TR1PLS", "7Fq2vN9xW4mZ8tR1pLs"])
def test_less_than_that_is_none(text: str) -> None:
    """Eleven characters, another case, and an end are not a leak."""
    assert find(text, [PASSWORD]) == []


def test_bytes_are_read_as_utf_8() -> None:
    """What a process writes is bytes, and may be broken."""
    assert found(b"\xff " + "pässwört-é-123".encode(), "pässwört-é-123") == ["pässwört-é-123"]


def test_of_many_the_one_that_fits_best_is_named() -> None:
    """Tokens begin alike: the longest match wins, and a whole value before the beginning of another."""
    first, second = JWT + "A" * 20, JWT + "B" * 20
    assert found(second, first, second) == [second]
    assert found(JWT + "BBZZ", first, second) == [second]
    assert found(JWT + "ZZ", first, JWT) == [JWT]


HEADER, PAYLOAD = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjlBNEMifQ", "eyJuYmYiOjE3MDAwMDAwMDB9"
TOKEN = f"{HEADER}.{PAYLOAD}.c2lnbmVkLWJ5LXVz"


@pytest.mark.parametrize(
    ("text", "leaks"),
    [
        pytest.param(f"{HEADER}.eyJhdWQiOlsic2FtZSJdfQ.c2lnbmVkLWJ5LW90aGVycw", 0, id="another with the same header"),
        pytest.param("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJuYmYiOjE3MDAwMDAwMDB9.c2ln", 0, id="another"),
        pytest.param(f"{TOKEN[: len(HEADER)]}…", 0, id="its header"),
        pytest.param(f"{TOKEN[: len(HEADER) + 12]}…", 0, id="eleven characters more"),
        pytest.param(f"{TOKEN[: len(HEADER) + 13]}…", 1, id="twelve characters more"),
        pytest.param(TOKEN, 1, id="whole"),
        pytest.param(base64.b64encode(f"x:{TOKEN}".encode()).decode(), 1, id="whole in base64"),
        pytest.param(base64.b64encode(f"x:{HEADER}.e30.c2ln".encode()).decode(), 0, id="another in base64"),
        pytest.param(TOKEN.replace(".", "%2E"), 1, id="percent-encoded"),
    ],
)
def test_the_header_of_a_jwt_is_no_secret(text: str, leaks: int) -> None:
    """Every token of a server has it: a beginning must reach twelve characters into the payload."""
    assert len(found(f"token: {text}", TOKEN, TOKEN[:-4] + "b3Ro")) == leaks


def test_the_header_of_a_jwt_stays_when_its_token_is_redacted() -> None:
    """What is cut off within the header tells nothing; what goes further is replaced to its end."""
    redactor = Redactor([Secret("access_token", TOKEN)])
    assert redactor.text(f"{TOKEN[:20]}… {TOKEN[:60]}… {TOKEN}") == (
        f"{TOKEN[:20]}… <access_token:1>… <access_token:1>"
    )


def test_placeholders_are_found_whole_or_not_at_all() -> None:
    """A redacted recording keeps equality, and placeholders of one kind all begin alike."""
    assert found("token=%3Caccess_token%3A2%3E", "<access_token:1>", "<access_token:2>") == ["<access_token:2>"]


@pytest.mark.parametrize(
    ("value", "text", "count"),
    [
        ("abc", "an abc of secrets", 0),
        ("abc", "password=abc&x=y", 1),
        ("abc", 'password": "abc"', 1),
        ("password", "grant_type=x, no password there", 0),
        ("password", "password%3Dpassword", 1),
        ("tr0ub4", "xtr0ub4y", 1),
        ("tr0ub4", "dHIwdWI0", 1),
        ("", "anything", 0),
    ],
)
def test_a_short_value_is_a_secret_where_it_is_a_value(value: str, text: str, count: int) -> None:
    """Up to three characters, and words of the protocol, would otherwise be found in every sentence."""
    assert len(found(text, value)) == count


def test_a_search_for_nothing_says_so() -> None:
    """No secrets, no search."""
    assert not Search([])
    assert Search([PASSWORD])


@pytest.mark.parametrize("before", ["", "=", "a" * 7, "b" * 5000])
def test_the_last_twelve_characters_of_a_text_are_looked_at(before: str) -> None:
    """However many are sought, and whether a text is walked through or sampled."""
    secrets = [Secret("password", f"{order:04}-k7Fq2vN9xW4mZ8tR1pLs") for order in range(40)]
    search = Search(secrets)
    for _ in range(2):
        assert [leak.start for leak in search.find(before + secrets[-1].value[:SHORTEST_PREFIX])] == [len(before)]


@pytest.mark.parametrize("value", ["x", "xy", "xyz", "xyz1", "xyz12"])
def test_the_end_of_a_text_is_looked_at_for_short_ones(value: str) -> None:
    """Few or many: they are found as the last value of a form."""
    others = [Secret("password", f"a{order:04}") for order in range(40)]
    for secrets in ([], others):
        leaks = find(f"p={value}", [*secrets, Secret("password", value)])
        assert [(leak.start, leak.end) for leak in leaks] == [(2, 2 + len(value))]


@pytest.mark.parametrize("value", ["zzzz", "z" * 12])
@pytest.mark.parametrize("more", [0, 1, 2, 3])
def test_occurrences_that_overlap_leave_nothing_over(value: str, more: int) -> None:
    """Each is found, so that whoever hides them hides the last letter too."""
    leaks = find(value + "z" * more, [Secret("password", value)])
    assert [(leak.start, leak.end) for leak in leaks] == [(at, at + len(value)) for at in range(more + 1)]


words = st.text("abcXYZ019+&", min_size=1, max_size=11)


@given(st.lists(words, min_size=20, max_size=40, unique=True), st.lists(words | st.sampled_from((" ", "=", "%2B"))))
def test_many_short_secrets_are_found_as_each_would_be(secrets: list[str], pieces: list[str]) -> None:
    """Many are looked up, few are sought one by one: it is the same to whoever asks."""
    text = "".join(pieces)
    alone = {leak for value in secrets for leak in find(text, [Secret("password", value)])}
    together = find(text, [Secret("password", value) for value in secrets])
    assert set(together) <= alone
    assert all(any(leak.start <= one.start and one.end <= leak.end for leak in together) for one in alone)
