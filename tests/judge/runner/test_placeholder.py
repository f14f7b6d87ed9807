"""Words in braces: filled in where they are ours, refused where they were meant so, and else left alone."""

import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from blastiq_conformance.runner.contract import Contract
from blastiq_conformance.runner.placeholder import Misspelt, demand_known, fill

CONTRACT = Contract(
    authority="x",
    token_url="x",
    api_url="x",
    client_id="x",
    username="x",
    password="x",
    api_calls=1,
    concurrency=1,
    other_users=(("u", "p"),),
    environment={"HTTPS_PROXY": "x"},
    ca_file="x",
)
NAMES = tuple(CONTRACT.placeholders)
# What a test cannot make by chance, and a command may well hold.
OTHERS = [
    *('{"a":1}', '{"username":1}', "{}", "{ }", "{0}", "{1}", "${X}", "${username}", "${usrname}", "{a,b}", "{1..9}"),
    *("{{authorty}}", "%{http_code}", "%{usrname}", "#{usrname}", "@{usrname}", "\\{usrname}", "\\user{usrname}"),
    *("$ENV{BLASTIQ_AUTHORITY}", "$h{usrname}", "$x->{pasword}", "$x->{a}{pasword}", "{print $1}", "{user.name}"),
    *('print(f"{user_name}")', "for x in y:\n  f'{passwd}'", "{user}", "{pass}", "{token}", "{url}", "{host}", "{id}"),
    *("{client}", "{name}", "{file}", "{client_ip}", "{surname}", "{passport}", "{authorize}", "{filename}", "{api}"),
    *("{authorization}", "{passphrase}", "{currency}", "{session_id}", "{token_type}", "{proxies}", "{rename}", "{x}"),
]
MEANT = [
    *(("authorty", "authority"), ("autorithy", "authority"), ("Authority", "authority"), ("athorty", "authority")),
    *(("BLASTIQ_AUTHORITY", "authority"), ("user_name", "username"), ("userName", "username"), ("usrnme", "username")),
    *(("passwd", "password"), ("paswword", "password"), ("clientid", "client_id"), ("client-id", "client_id")),
    *(("apiUrl", "api_url"), ("discovery_uri", "discovery_url"), ("api_call", "api_calls"), ("cafile", "ca_file")),
    *(
        ("username2", "username_2"),
        ("usrname_3", "username_3"),
        ("password_02", "password_2"),
        ("username_1", "username"),
    ),
]


@pytest.mark.parametrize("name", [*NAMES, "username_3", "password_12"])
def test_every_word_of_the_contract_is_known(name: str) -> None:
    """Whatever can be filled in, with or without a value here."""
    demand_known([f"--x={{{name}}}/y", f"{{{name}}}"])


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_not_ours_passes_and_is_left_alone(text: str) -> None:
    """JSON, other templates, shells, Perl, programs, and words that resemble nothing."""
    demand_known([text])
    assert fill(text, dict.fromkeys(NAMES, "filled")) == text


@pytest.mark.parametrize(("word", "meant"), MEANT)
@pytest.mark.parametrize("text", ["{%s}", "--url={%s}/x", '{"a": "{%s}"}', "-u{%s}:x"])
def test_what_was_meant_is_named(word: str, meant: str, text: str) -> None:
    """Another way of writing it, the name of the variable, a slip; also within JSON."""
    with pytest.raises(Misspelt, match=rf"there is no placeholder \{{{word}\}}; did you mean \{{{meant}\}}\?"):
        demand_known(["fine", text % word])


@given(st.sampled_from(NAMES), st.data())
def test_every_slip_of_the_finger_is_found(name: str, data: st.DataObject) -> None:
    """A letter too many, too few, another or in the wrong place, anywhere in any name."""
    letters = st.sampled_from(string.ascii_lowercase)
    place = data.draw(st.integers(0, len(name) - 1))
    head, letter, tail = name[:place], name[place], name[place + 1 :]
    word = data.draw(
        st.one_of(
            st.just(head + tail),
            st.builds(lambda new: head + new + letter + tail, letters),
            st.builds(lambda new: head + new + tail, letters),
            st.just(head + tail[:1] + letter + tail[1:]),
        )
    )
    assume(word not in {*NAMES, "client_ip"} and not word[0].isdigit() and not word.startswith("_"))
    with pytest.raises(Misspelt, match="did you mean"):
        demand_known([f"{{{word}}}"])


@given(st.text(st.sampled_from("{}$\"'\\: ,.aeuX01_-\n"), max_size=30))
@example("{a}{b}{}")
def test_braces_of_others_pass(text: str) -> None:
    """Whatever holds none of our words, however its braces stand."""
    demand_known([text])
    assert fill(text, dict.fromkeys(NAMES, "filled")) == text
