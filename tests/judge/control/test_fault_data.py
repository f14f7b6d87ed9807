"""Faults as JSON: every field can be said, and what is wrong is told with what would be right."""

import json
from contextlib import suppress
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.control.fault_data import FaultError, read_fault
from blastiq_conformance.schemas import schema_text
from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.faults.spelling import Spelling
from fake_idp.wire import Delivery, Ending


def test_every_field_can_be_said() -> None:
    """The whole of a fault, and of its delivery."""
    text = """{"endpoint": "token", "calls": [1, 3], "grant": "password", "status": 503, "body": "Gr\u00fc\u00dfe",
        "headers": {"Retry-After": "2"}, "media_type": "text/plain", "members": {"expires_in": null}, "without": ["x"],
        "spelling": "pretty", "delivery": {"delay": 1, "drip": 0.5, "drip_bytes": 2, "ending": "cut", "after": 9,
        "chunked": true}}"""
    assert read_fault(text.encode()) == Fault(
        endpoint=Kind.TOKEN,
        calls=frozenset({1, 3}),
        grant="password",
        status=503,
        body="Gr\u00fc\u00dfe".encode(),
        headers=(("Retry-After", "2"),),
        media_type="text/plain",
        members={"expires_in": None},
        without=frozenset({"x"}),
        spelling=Spelling.PRETTY,
        delivery=Delivery(delay=1.0, drip=0.5, drip_bytes=2, ending=Ending.CUT, after=9, chunked=True),
    )


def test_no_field_is_forgotten() -> None:
    """One that is added to a fault or a delivery must be readable here."""
    members = json.loads(schema_text("fault"))["properties"]
    assert set(members) == {field.name for field in fields(Fault)}
    assert set(members["delivery"]["properties"]) == {field.name for field in fields(Delivery)}
    assert members["endpoint"]["enum"] == [*Kind]
    assert members["spelling"]["enum"] == [*Spelling]
    # Whether the peer leaves is not up to the fake.
    assert members["delivery"]["properties"]["ending"]["enum"] == [each for each in Ending if each is not Ending.LEFT]


def test_null_is_as_if_left_out() -> None:
    """A program that fills in all fields may write null, and a single call needs no list."""
    fault = read_fault(b'{"endpoint": "api", "status": 500, "calls": 2, "body": null}')
    assert fault == Fault(endpoint=Kind.API, status=500, calls=frozenset({2}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the body is not JSON"),
        ("{", "the body is not JSON"),
        ('{"endpoint": "api", "status": NaN}', "NaN is not a JSON number"),
        ("[" * 100_000, "the body is not JSON"),
        ("[]", "the body is []; expected an object"),
        ("{}", "endpoint is missing; say which of discovery, token"),
        ('{"endpoint": "api"}', "nothing is said that goes wrong"),
        ('{"endpoint": "api", "calls": 1}', "nothing is said that goes wrong"),
        ('{"endpoint": "apis"}', 'endpoint is "apis"; expected one of discovery, token'),
        ('{"endpoint": 1}', "endpoint is 1; expected one of"),
        ('{"endpoint": "api", "statu": 1}', "there is no member 'statu'; did you mean 'status'?"),
        ('{"endpoint": "api", "zzz": 1}', "there is no member 'zzz'; known are endpoint"),
        ('{"endpoint": "api", "status": 99}', "status is 99; expected a whole number from 200 to 599"),
        ('{"endpoint": "api", "status": true}', "status is true; expected a whole number"),
        ('{"endpoint": "api", "status": "503"}', 'status is "503"; expected a whole number'),
        ('{"endpoint": "api", "calls": [0]}', "calls is [0]; expected call numbers, counted from 1"),
        ('{"endpoint": "api", "calls": []}', "calls is []; expected call numbers"),
        ('{"endpoint": "api", "calls": [true]}', "calls is [true]; expected call numbers"),
        ('{"endpoint": "api", "body": {}}', "body is {}; expected a text"),
        ('{"endpoint": "api", "body": "\\ud800"}', "expected a text"),
        ('{"endpoint": "api", "headers": ["A"]}', 'headers is ["A"]; expected an object'),
        ('{"endpoint": "api", "headers": {"A b": "1"}}', 'headers is "A b"; expected a header name'),
        ('{"endpoint": "api", "headers": {"A": "1\\r\\nB: 2"}}', "headers.A is"),
        ('{"endpoint": "api", "headers": {"A": 1}}', "headers.A is 1; expected a header value"),
        ('{"endpoint": "api", "media_type": "t\\u00e9xt"}', "expected a header value on one line"),
        ('{"endpoint": "api", "members": []}', "members is []; expected an object"),
        ('{"endpoint": "api", "without": "x"}', 'without is "x"; expected a list of member names'),
        ('{"endpoint": "api", "without": [1]}', "without[0] is 1; expected a text"),
        ('{"endpoint": "api", "spelling": "bold"}', "expected one of pretty"),
        ('{"endpoint": "api", "delivery": 1}', "delivery is 1; expected an object"),
        ('{"endpoint": "api", "delivery": {"delai": 1}}', "did you mean 'delay'?"),
        ('{"endpoint": "api", "delivery": {"delay": -1}}', "delay is -1; expected seconds, from 0 to 86400"),
        ('{"endpoint": "api", "delivery": {"delay": 1e999}}', "expected seconds"),
        ('{"endpoint": "api", "delivery": {"delay": true}}', "delay is true; expected seconds"),
        ('{"endpoint": "api", "delivery": {"chunked": 1}}', "chunked is 1; expected true or false"),
        ('{"endpoint": "api", "delivery": {"ending": "gone"}}', "expected one of complete, cut, reset, never"),
        ('{"endpoint": "api", "delivery": {"ending": "left"}}', "expected one of complete, cut, reset, never"),
        ('{"endpoint": "api", "grant": 5}', "grant is 5; expected a text"),
    ],
)
def test_what_is_wrong_is_told(text: str, said: str) -> None:
    """In a sentence with what stands there and what was expected."""
    with pytest.raises(FaultError) as caught:
        read_fault(text.encode())
    assert said in str(caught.value)


def test_a_long_value_is_not_repeated_in_full() -> None:
    """The message stays a sentence."""
    with pytest.raises(FaultError) as caught:
        read_fault(json.dumps({"endpoint": "x" * 10_000}).encode())
    assert len(str(caught.value)) < 250


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from([field.name for field in fields(Fault)]), _json) | st.binary())
def test_nothing_raises_anything_else(data: object) -> None:
    """A fault, or a FaultError."""
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    with suppress(FaultError):
        assert isinstance(read_fault(text), Fault)
