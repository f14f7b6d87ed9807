"""Journal lines that hold nothing of what somebody gave, and can be read back."""

import base64
import gzip
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.evidence import Facts
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.redaction.journal import LiveRedaction
from blastiq_conformance.sources import read
from fake_idp.classify import Kind
from fake_idp.content_coding import WITHHELD, inflate, rewritten
from fake_idp.journal import Connection, Exchange
from fake_idp.journal.jsonl import Opening, Record, read_lines, to_line
from fake_idp.secrets.charset_variants import as_text
from fake_idp.secrets.encodings import encodings
from fake_idp.secrets.search import Secret, find
from fake_idp.secrets.stand_in import STAND_IN
from fake_idp.wire import FORM, Headers, Request, Response

PASSWORD = "Grüße+von & Zx9-real%password"
USER = "svc@mine.example"
FACTS = Facts(username=USER, password=PASSWORD)
SECRETS = (Secret("username", USER), Secret("password", PASSWORD))


def exchange(body: bytes = b"", *headers: tuple[str, str], target: str = "/", answer: bytes = b"") -> Exchange:
    request = Request(method="POST", target=target, headers=Headers(headers), body=body)
    return Exchange(number=1, kind=Kind.TOKEN, request=request, response=Response(status=200, body=answer))


def read_back(record: Record) -> tuple[str, Record]:
    line = LiveRedaction(FACTS, [(USER, PASSWORD)]).line(record)
    (back,) = read_lines([line])
    return line, back


LATIN = PASSWORD.encode("latin-1")


@pytest.mark.parametrize(
    "record",
    [
        exchange(b"username=x&password=" + LATIN),
        exchange(b"note=\xff&password=" + PASSWORD.encode()),
        exchange(b"password=" + quote(LATIN).encode()),
        exchange(b"\xff\xfe" + f"password={PASSWORD}".encode("utf-16-le")),
        exchange(b"\xe9", ("Authorization", "Basic " + base64.b64encode(b"svc:" + LATIN).decode())),
        exchange(b"", ("Authorization", "Basic " + base64.b64encode(b"svc:" + quote_plus(LATIN).encode()).decode())),
        exchange(b"", ("X-Password", LATIN.decode("latin-1"))),
        exchange(b"", ("X-Password", PASSWORD.encode().decode("latin-1"))),
        exchange(b"\xe9" + base64.b64encode(b"\xe9:" + LATIN)),
        exchange(target="/?password=" + quote(LATIN)),
        exchange(target="/?password=" + LATIN.decode("latin-1")),
        exchange(gzip.compress(b"password=" + LATIN), ("Content-Encoding", "gzip")),
        exchange(answer=b"\xe9 is what you sent: " + LATIN),
        Connection(number=1, received=b"\xe9 PASS " + LATIN),
        Opening(facts={"password": PASSWORD}),
    ],
    ids=lambda record: type(record).__name__,
)
def test_no_form_of_a_given_password_is_in_a_line(record: Record) -> None:
    """Latin-1, UTF-16, percent, base64, gzip: neither in the line nor in what a reader makes of it."""
    line, back = read_back(record)
    whole = as_text(_octets(back)) if isinstance(back, Exchange | Connection) else line
    for text in (line, whole):
        assert "real" not in text
        assert not find(text, [Secret("password", part) for part in ("Zx9-real%password", as_text(LATIN), PASSWORD)])
    assert STAND_IN.search(line) or (isinstance(record, Exchange | Connection) and whole != as_text(_octets(record)))


def _octets(entry: Exchange | Connection) -> bytes:
    if isinstance(entry, Connection):
        return entry.received
    heads = [entry.request.target, *(value for _, value in entry.request.headers)]
    answer = entry.response.body if entry.response else b""
    return b"\n".join((*(head.encode("latin-1") for head in heads), inflate(entry.request.body), answer))


def test_a_wrong_character_set_stays_visible() -> None:
    """The password as it was given and one that was mangled do not become equal."""
    _, right = read_back(exchange(b"password=" + quote_plus(PASSWORD).encode()))
    _, wrong = read_back(exchange(b"password=" + quote_plus(LATIN).encode()))
    assert isinstance(right, Exchange)
    assert isinstance(wrong, Exchange)
    assert right.request.body.startswith(b"password=S")
    assert wrong.request.body.startswith(b"password=S")
    assert wrong.request.body != right.request.body


def test_a_compressed_body_stays_packed() -> None:
    """Without the password, and all else as it was sent; a harmless one stays byte for byte."""
    _, back = read_back(exchange(gzip.compress(b"password=" + LATIN + b"&scope=x")))
    assert isinstance(back, Exchange)
    assert inflate(back.request.body).startswith(b"password=S")
    assert inflate(back.request.body).endswith(b"&scope=x")
    harmless = exchange(gzip.compress(b"x=1", mtime=0))
    assert read_back(harmless)[1] == harmless


def test_what_cannot_be_unpacked_is_withheld() -> None:
    """Broken, too deep, or too large: nobody can say what is in it."""
    packed = gzip.compress(LATIN)
    deep = gzip.compress(gzip.compress(gzip.compress(gzip.compress(packed))))
    for body in (packed[:-8] + bytes(8), deep, gzip.compress(b" " * (1 << 24) + LATIN)):
        _, back = read_back(exchange(body))
        assert isinstance(back, Exchange)
        assert back.request.body == WITHHELD


def test_nobody_is_accused_of_a_body_that_was_withheld(tmp_path: Path) -> None:
    """What it held is not known: the note in its place is neither a JSON list nor a field with an odd name."""
    path = tmp_path / "run.jsonl"
    token = exchange(gzip.compress(LATIN)[:-8] + bytes(8), ("Content-Type", FORM))
    path.write_text(to_line(Opening()) + read_back(token)[0])
    (evidence,) = read(path)
    assert evidence.exchanges[0].request.body == WITHHELD
    results = {result.rule: result.outcome for result in judge(evidence, catalogue().values())}
    assert Outcome.FAILED not in results.values()
    assert {results["BIQ202"], results["BIQ208"]} == {Outcome.CANT_TELL}


def test_a_token_that_is_nested_too_deeply_has_a_stand_in() -> None:
    """Anybody may send one: the journal goes on, and what was in the token is not told."""
    token = f"a.{base64.b64encode(b'[' * 9999).decode()}.c"
    line, _ = read_back(exchange(b"", ("Authorization", f"Bearer {token}")))
    assert token[:40] not in line


@given(st.binary(max_size=200))
def test_what_holds_no_secret_is_written_as_ever(body: bytes) -> None:
    """Byte for byte; but for what cannot be read."""
    expected = rewritten(body, lambda plain, _: plain)
    assert expected in {body, WITHHELD}
    redaction = LiveRedaction(Facts(password="k7Fq2vN9xW4mZ8tR1pLs"), [("", "k7Fq2vN9xW4mZ8tR1pLs")])
    (back,) = read_lines([redaction.line(exchange(body))])
    assert isinstance(back, Exchange)
    assert back.request.body == expected


@given(st.binary(max_size=9), st.sampled_from(sorted(encodings(PASSWORD))), st.binary(max_size=9))
def test_every_encoding_in_every_body_goes(before: bytes, form: str, after: bytes) -> None:
    """Whatever stands around it, the line can be read and shows no password."""
    _, back = read_back(exchange(before + b" password=" + form.encode() + b"\n" + after))
    assert isinstance(back, Exchange)
    assert not [leak for leak in find(as_text(back.request.body), SECRETS) if leak.whole]
