"""What is not a form under the label of one: one rule says so, and what the fields say is judged all the same."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote_plus, urlencode

import pytest

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.catalogue.example_messages import REFRESH_1, SIGN_IN, signed_in, story
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.redaction.whole import redact
from blastiq_conformance.rules.attended.messages import ANSWERED, ASKED, EXCHANGE, EXCHANGED, attended
from blastiq_conformance.sources.recording import write
from fake_idp.wire import FORM, Headers, parse_pairs
from tests.judge.example import PASSWORD, USERNAME, read_example
from tests.judge.rules.verdicts import result, verdict

REFUSED = 'HTTP/1.1 400 Bad Request\nContent-Type: application/json\n\n{"error":"invalid_client"}'
FIELDS = {"grant_type": "password", "username": USERNAME, "password": PASSWORD, "client_id": "external.customer"}
RULES = tuple(catalogue().values())


def pairs(fields: dict[str, str]) -> str:
    return json.dumps([list(pair) for pair in fields.items()])


def named(fields: dict[str, str]) -> str:
    return json.dumps([{"Key": name, "Value": value} for name, value in fields.items()])


_WHOLE = "a form that was percent-encoded as a whole"
_PARTED = "fields with {} between them, not &"
_BRACKETS = "a form whose names stand beside or in brackets"
_LOOSE = "a form with white space beside each &"


def loose(fields: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in fields.items())


def parted(fields: dict[str, str]) -> str:
    parts = [f'--b0\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n' for name in fields]
    return "".join(parts) + "--b0--"


class Shape(NamedTuple):
    """How fields are written, under what label, and what BIQ202 calls that."""

    name: str
    written: Callable[[dict[str, str]], str]
    media_type: str = FORM
    called: str = ""


JSON = (
    Shape("an object", json.dumps, called="a JSON object"),
    Shape("with white space", lambda fields: " " + json.dumps(fields, indent=1), called="a JSON object"),
    Shape("encoded as a name", lambda fields: quote_plus(json.dumps(fields)), called="a JSON object"),
    Shape("encoded, with a value", lambda fields: quote_plus(json.dumps(fields)) + "=", called="a JSON object"),
    Shape("a list of pairs", pairs, called="a JSON list"),
    Shape("a list of keys and values", named, called="a JSON list"),
    Shape("a list of pairs under its own label", pairs, "application/json"),
    Shape("keys and values under their own label", named, "application/json"),
    Shape("a list of objects", lambda fields: json.dumps([{name: fields[name]} for name in fields]), "text/plain"),
)
FORMS = (
    Shape("a form encoded as a whole", lambda fields: quote_plus(urlencode(fields)), called=_WHOLE),
    Shape("a text of names and values encoded", lambda fields: quote_plus(loose(fields)) + "=", called=_WHOLE),
    Shape(
        "escaped for HTML",
        lambda fields: urlencode(fields).replace("&", "&amp;"),
        called="a form whose & was escaped as &amp;",
    ),
    Shape("multipart", parted, called="a multipart body"),
    Shape("parted by ;", lambda fields: urlencode(fields).replace("&", ";"), called=_PARTED.format(";")),
    Shape("parted by ,", lambda fields: urlencode(fields).replace("&", ", "), called=_PARTED.format(",")),
    Shape("on lines", lambda fields: urlencode(fields).replace("&", "\n"), called=_PARTED.format("a line break")),
    Shape("laid out", lambda fields: urlencode(fields).replace("&", " & "), called=_LOOSE),
    Shape("in quotation marks", lambda fields: f"'{urlencode(fields)}'", called="a form in quotation marks"),
    Shape("as a text of JSON", lambda fields: f'"{urlencode(fields)}"', called="a form in quotation marks"),
    Shape("as an object", lambda fields: urlencode({f"data[{n}]": v for n, v in fields.items()}), called=_BRACKETS),
    Shape("as lists", lambda fields: urlencode({f"{n}[]": v for n, v in fields.items()}), called=_BRACKETS),
    Shape("as a query", lambda fields: f"?{urlencode(fields)}", called="a form behind a question mark"),
)
SHAPES = (*JSON, *FORMS)
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)


def asked(body: str, media_type: str = FORM) -> str:
    return f"POST /identity/connect/token\nContent-Type: {media_type}\n\n{body}\n{REFUSED}"


def failed(example: str) -> set[str]:
    return failures(read_example(example))


def failures(evidence: Evidence) -> set[str]:
    return {result.rule for result in judge(evidence, RULES) if result.outcome is Outcome.FAILED}


@each_shape
def test_202_alone_speaks_where_the_fields_are_right(shape: Shape) -> None:
    """Seven rules spoke, and one quoted the whole body; the fields are read wherever they stand (D31)."""
    example = story(asked(shape.written(FIELDS), shape.media_type), "exit: 1")
    assert failed(example) == {"BIQ202"}
    (finding,) = result("BIQ202", example).findings
    assert finding.received == f"Content-Type: {shape.media_type}" + (f", and {shape.called}" if shape.called else "")
    assert PASSWORD not in finding.message + finding.expected + finding.received


@each_shape
def test_a_wrong_place_does_not_hide_a_wrong_field(shape: Shape) -> None:
    """What the article forbids is found in JSON as well, whatever it calls itself."""
    body = shape.written(FIELDS | {"client_secret": "s3cr3t", "audience": "x", "scope": "openid"})
    assert failed(story(asked(body, shape.media_type), "exit: 1")) == {"BIQ202", "BIQ209", "BIQ211", "BIQ212"}


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        pytest.param(str(FIELDS), {"BIQ202", "BIQ205", "BIQ206", "BIQ207", "BIQ208"}, id="what Python prints"),
        pytest.param("[1, 2]", {"BIQ202", "BIQ205", "BIQ206", "BIQ207", "BIQ208"}, id="a list that names nothing"),
        pytest.param(SIGN_IN.partition("\n\n")[2].replace("\n", "").replace("grant", "%67rant"), set(), id="a form"),
    ],
)
def test_what_cannot_be_read_is_not_quoted(body: str, rules: set[str]) -> None:
    """A text that only looks like JSON names nothing, and nothing of it is taken for a name; a form stays one."""
    assert failed(story(asked(body), "exit: 1")) == rules


MARKED = "a form behind a byte order mark"
IN_BYTES = (
    ("BIQ202", f"Content-Type: {FORM}, and {MARKED}", urlencode(FIELDS).encode("utf-8-sig")),
    *(
        ("BIQ214", f"a form in UTF-16, and Content-Type: {FORM}", urlencode(FIELDS).encode(encoding))
        for encoding in ("utf-16", "utf-16-le", "utf-16-be")
    ),
)


def posted(body: bytes) -> Evidence:
    evidence = read_example(story("facts: username = unknown, password = unknown", asked("a=b"), "exit: 1"))
    (sent,) = evidence.exchanges
    sent = replace(sent, request=replace(sent.request, body=body))
    return replace(evidence, exchanges=(sent,), facts=replace(evidence.facts, issued=()))


@pytest.mark.parametrize(("rule", "told", "body"), IN_BYTES)
def test_an_encoding_that_is_not_utf_8_is_one_cause(rule: str, told: str, body: bytes) -> None:
    """A StreamWriter's byte order mark made grant_type be missing, UTF-16 all four fields; redaction keeps the form."""
    for evidence in (posted(body), redact(posted(body))):
        assert failures(evidence) == {rule}
        (finding,) = result(rule, evidence).findings
        assert finding.received == told
    assert PASSWORD.encode() not in redact(posted(body)).exchanges[0].request.body.replace(b"\0", b"")


def test_214_forgives_a_form_in_utf_16_whose_label_says_so() -> None:
    """D25: the product reads the charset of the label, so that the values are right."""
    evidence = posted(urlencode(FIELDS).encode("utf-16-le"))
    (sent,) = evidence.exchanges
    labelled = replace(sent.request, headers=Headers.of({"Content-Type": f"{FORM}; charset=utf-16"}))
    evidence = replace(evidence, exchanges=(replace(sent, request=labelled),))
    assert verdict("BIQ214", evidence) == "warning"


@pytest.mark.parametrize(
    ("body", "called"),
    [
        ("<r><grant_type>password</grant_type></r>", "a text that begins like XML"),
        ("grant_type: password&username: x", "a text without any field"),
        ("Z3JhbnRfdHlwZT1wYXNzd29yZA==", "a text without any field"),
    ],
)
def test_a_text_that_is_not_a_form_is_called_so(body: str, called: str) -> None:
    """That its fields are missing follows from BIQ202, and is said by no other rule in a run."""
    (finding,) = result("BIQ202", story(asked(body), "exit: 1")).findings
    assert finding.received == f"Content-Type: {FORM}, and {called}"


@pytest.mark.parametrize(
    "password",
    [
        "k7Fq2vN9xW4mZ8tR1pLs ",
        "k7Fq2;vN9xW4mZ8tR1pLs",
        "k7Fq2,client_id=vN9xW4mZ8tR1",
        "?k7Fq2vN9xW4mZ8tR1pLs",
        "<k7Fq>",
    ],
)
def test_what_stands_in_a_raw_value_makes_no_other_form(password: str) -> None:
    """A blank, a separator or a bracket of a password that was not encoded is BIQ214's, and the body is a form."""
    body = "&".join(f"{name}={value}" for name, value in (FIELDS | {"password": password}).items())
    assert verdict("BIQ202", story(asked(body), "exit: 1")) == "passed"


def test_214_leaves_a_line_break_after_the_form_to_the_value_that_it_changed() -> None:
    """It said of client_id that it can still be read, where BIQ206 said that it is another."""
    assert failures(posted(urlencode(FIELDS).encode() + b"\r\n")) == {"BIQ206"}


def test_502_a_refresh_in_disguise() -> None:
    """It is known as a refresh by its fields, and its twin of BIQ202 says what it is."""
    body = json.dumps({"grant_type": "refresh_token", "refresh_token": REFRESH_1, "client_id": "external.customer"})
    (finding,) = result("BIQ502", story(signed_in(), asked(body), "exit: 1")).findings
    assert finding.received == f"Content-Type: {FORM}, and a JSON object"


def test_906_an_exchange_in_disguise() -> None:
    """So does the twin of BIQ202 where a person signs in."""
    body = EXCHANGE.partition("\n\n")[2]
    fields = {pair.name: pair.value for pair in parse_pairs(body.replace("\n", "").encode())}
    (finding,) = result("BIQ906", attended(ASKED, ANSWERED, EXCHANGED.replace(body, json.dumps(fields)))).findings
    assert finding.received == f"Content-Type: {FORM}, and a JSON object"


@pytest.mark.parametrize("body", [str(FIELDS), *(shape.written(FIELDS) for shape in SHAPES)])
def test_no_secret_of_such_a_body_outlives_redaction(body: str) -> None:
    """Neither a list nor JSON within a form shows its places by their names; the verdict stays."""
    evidence = read_example(story("facts: username = unknown, password = unknown", asked(body), "exit: 1"))
    redacted = redact(replace(evidence, facts=replace(evidence.facts, issued=())))
    assert PASSWORD not in write(redacted)
    before, after = (result("BIQ202", given) for given in (evidence, redacted))
    assert [(f.message, f.received) for f in before.findings] == [(f.message, f.received) for f in after.findings]
