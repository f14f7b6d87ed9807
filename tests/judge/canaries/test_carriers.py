"""A secret that the kit did not issue, in whatever carries it, leaves by no bundle, journal, report or redacted file.

Packed once or several times, in a part, behind padding; short ones within longer base64; names, reasons and times.
"""

import base64
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote

import pytest

from blastiq_conformance.catalogue import Profile, catalogue
from blastiq_conformance.evidence import Child, Evidence, Facts, WrittenFile
from blastiq_conformance.redaction.document import redacted
from blastiq_conformance.redaction.journal import LiveRedaction
from blastiq_conformance.redaction.whole import redact
from blastiq_conformance.report import Judgement, Report
from blastiq_conformance.sources import read, recording
from blastiq_conformance.trial.judging import judge_run
from blastiq_conformance.writers import har
from blastiq_conformance.writers import json as json_writer
from fake_idp.classify import Kind
from fake_idp.content_coding import WITHHELD, rewritten
from fake_idp.journal import Connection, Entry, Exchange
from fake_idp.secrets.charset_variants import as_text
from fake_idp.secrets.search import Secret, find
from fake_idp.wire import FORM, Headers, Request, Response

pytestmark = pytest.mark.slow

# Of eight characters, of eleven, of twelve and more.
VALUES = ("hunter2x", "hunter2x-11", "zQ7e-canary-of-somebody-9Kx")
Fields = tuple[tuple[str, str], ...]
_CODED = (("Content-Encoding", "gzip"),)
_PARTS = (("Content-Type", "multipart/form-data; boundary=b0"),)


def deflated(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


def form(value: str) -> bytes:
    return f"grant_type=password&username=u&client_id=external.customer&password={quote(value)}".encode()


def sign_in(body: bytes, *fields: tuple[str, str]) -> Exchange:
    headers = Headers((("Content-Type", FORM), *fields))
    request = Request(method="POST", target="/identity/connect/token", headers=headers, body=body)
    return Exchange(number=1, kind=Kind.TOKEN, request=request, response=Response(status=400))


def sent(body: bytes = b"", fields: Fields = (), target: str = "/api/x", response: Response | None = None) -> Exchange:
    request = Request(method="POST", target=target, headers=Headers(fields), body=body)
    return Exchange(number=2, kind=Kind.API, request=request, response=response)


def answered(**members: object) -> Exchange:
    return sent(response=Response(status=200, **members))  # type: ignore[arg-type]  # fields of a Response


def archived(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", data)
    return buffer.getvalue()


def part(data: bytes) -> bytes:
    return b'--b0\r\nContent-Disposition: form-data; name="x"\r\n\r\n' + data + b"\r\n--b0--\r\n"


def within(value: str, before: str) -> str:
    return base64.b64encode(f"{before}{value} and more".encode()).decode()


# The carrier itself shows that the value is a secret, or a sign-in before it has.
ALONE: dict[str, Callable[[str], Entry]] = {
    "raw deflate": lambda x: sign_in(deflated(form(x)), ("Content-Encoding", "deflate")),
    "raw deflate that nobody declared": lambda x: sign_in(deflated(form(x))),
    "double gzip": lambda x: sign_in(gzip.compress(gzip.compress(form(x))), *_CODED),
    "second member": lambda x: sign_in(gzip.compress(b"a=b&") + gzip.compress(form(x)), *_CODED),
    "across two members": lambda x: sign_in(gzip.compress(form(x)[:-5]) + gzip.compress(form(x)[-5:]), *_CODED),
    "gzip behind padding": lambda x: sign_in(gzip.compress(bytes(1 << 24) + form(x), 1), *_CODED),
    "gzip taken for characters": lambda x: sign_in(gzip.compress(form(x)).decode("latin-1").encode()),
    "an archive": lambda x: sent(part(archived(form(x))), _PARTS),
    "base64 of an archive": lambda x: sent(b"a=" + base64.b64encode(archived(form(x)))),
    "too deep": lambda x: sign_in(gzip.compress(gzip.compress(gzip.compress(gzip.compress(gzip.compress(form(x))))))),
    "broken": lambda x: sign_in(gzip.compress(form(x))[:-8] + bytes(8), *_CODED),
    "a coding that nobody reads": lambda x: sign_in(b"\x8b\xff" + deflated(form(x)), ("Content-Encoding", "br")),
    "gzip of a form in a part": lambda x: sent(part(gzip.compress(form(x))), _PARTS),
    "a bare connection": lambda x: Connection(number=2, received=gzip.compress(form(x))),
}
BESIDE: dict[str, Callable[[str], Entry]] = {
    "gzip in a part": lambda x: sent(part(gzip.compress(x.encode())), _PARTS),
    "zlib in a part": lambda x: sent(part(zlib.compress(f"{x} {x}".encode())), _PARTS),
    "base64 of gzip": lambda x: sent(json.dumps({"a": base64.b64encode(gzip.compress(x.encode())).decode()}).encode()),
    "base64 of deflate": lambda x: sent(b"a=" + quote(base64.b64encode(deflated(f"{x} {x}".encode()))).encode()),
    "an answer": lambda x: answered(body=gzip.compress(gzip.compress(x.encode())), headers=Headers(_CODED)),
    **{
        f"longer base64, {before!r} before": lambda x, before=before: sent(  # type: ignore[misc]  # mypy infers no lambda with a default
            json.dumps({"note": within(x, before)}).encode(), (("X-Note", within(x, before)),)
        )
        for before in ("", "a", "ab", "abc ")
    },
    "base64 in a query": lambda x: sent(target=f"/api/x?note={quote(within(x, 'ab'))}"),
    "reason phrase": lambda x: answered(reason=f"No {x} here"),
    "header name": lambda x: sent(fields=((f"X-{x}", "1"),)),
    "header name of an answer": lambda x: answered(headers=Headers(((f"X-{x}", "1"),))),
    "time": lambda x: Exchange(number=2, kind=Kind.API, request=Request(method="GET", target="/api"), at=f"at {x}"),
    "name of a host": lambda x: Connection(number=2, server_name=f"{x}.mine.example", ending="left"),
}


def holds(texts: Iterable[str], value: str) -> bool:
    return any(find(text, [Secret("told", value)]) for text in texts)


def unpacked(data: bytes) -> list[str]:
    """Give whatever is in a body, packed or not."""
    found = []

    def show(plain: bytes, _inside: bool) -> bytes:
        found.append(as_text(plain))
        return plain

    assert rewritten(data, show) != WITHHELD or data == WITHHELD, "a body is left that cannot be unpacked"
    return found


def bodies(journal: str) -> list[str]:
    found = []
    for evidence in recording.read("j", journal):
        for exchange in evidence.exchanges:
            answer = exchange.response.body if exchange.response is not None else b""
            found += [*unpacked(exchange.request.body), *unpacked(answer)]
        for connection in evidence.connections:
            found += unpacked(connection.received)
    return found


def entries_of(carrier: str, value: str) -> list[Entry]:
    return [ALONE[carrier](value)] if carrier in ALONE else [sign_in(form(value)), BESIDE[carrier](value)]


def evidence_of(entries: list[Entry]) -> Evidence:
    exchanges = tuple(x for x in entries if isinstance(x, Exchange))
    return Evidence(
        exchanges=exchanges, connections=tuple(x for x in entries if isinstance(x, Connection)), facts=Facts()
    )


@pytest.mark.parametrize("value", VALUES, ids=map(str, map(len, VALUES)))
@pytest.mark.parametrize("carrier", [*ALONE, *BESIDE])
@pytest.mark.unmeasured
def test_no_carrier_lets_it_out(carrier: str, value: str) -> None:
    """Neither the evidence of a bundle, nor a journal, written as it grows or with users that were given."""
    entries = entries_of(carrier, value)
    texts = [recording.write(redact(evidence_of(entries)))]
    given = ((), (("svc@mine.example", value),))
    texts += ["".join(map(LiveRedaction(Facts(), users).line, entries)) for users in given]
    for text in texts:
        assert not holds([text, *bodies(text)], value)


@pytest.mark.parametrize("carrier", [*ALONE, *BESIDE])
def test_no_report_lets_it_out(carrier: str) -> None:
    """Which shows what is packed unpacked, or not at all."""
    value = VALUES[-1]
    evidence = evidence_of(entries_of(carrier, value))
    results = tuple(judge_run(evidence, None, None, Profile.ARTICLE))
    report = Report([Judgement(scenario="", evidence=evidence, results=results)], rules=catalogue())
    model = report.to_model()
    assert not holds((json_writer.write(model), har.write(model)), value)


@pytest.mark.parametrize("carrier", [name for name in ALONE if name != "a bare connection"])
def test_no_redacted_recording_lets_it_out(carrier: str, tmp_path: Path) -> None:
    """A body that a browser kept as base64 is looked through like any other; what is withheld is said to be lost."""
    value = VALUES[-1]
    exchange = ALONE[carrier](value)
    assert isinstance(exchange, Exchange)
    request = exchange.request
    post = {"mimeType": request.media_type or "", "text": base64.b64encode(request.body).decode(), "encoding": "base64"}
    fields = [{"name": name, "value": text} for name, text in request.headers]
    url = f"https://www.blastiq.com{request.target}"
    entry = {
        "request": {"method": "POST", "url": url, "headers": fields, "postData": post},
        "response": {"status": 400},
    }
    path = tmp_path / "a.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}))
    new = redacted(path)
    kept = base64.b64decode(json.loads(new)["log"]["entries"][0]["request"]["postData"]["text"])
    assert not holds([new, *unpacked(kept)], value)
    path.write_text(new)
    (again,) = read(path)
    assert (WITHHELD in kept) == ("withheld" in again.exchanges[0].edited)


def test_what_a_program_packs_away_is_looked_through() -> None:
    """A log that was rotated, and what it wrote to its output."""
    value = VALUES[-1]
    packed = gzip.compress(f"password={value}".encode())
    child = Child(exit_status=0, stdout=packed, files=(WrittenFile(path="x.log.gz", content=packed),))
    new = redact(Evidence(exchanges=(sign_in(form(value)),), child=child, facts=Facts())).child
    assert new is not None
    assert not holds([*unpacked(new.stdout), *unpacked(new.files[0].content)], value)
