"""Traffic to hosts that are not BlastIQ's: nothing of theirs leaves, and what a rule found there it finds again."""

import json
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.redaction.document import redacted
from blastiq_conformance.redaction.journal import LiveRedaction
from blastiq_conformance.redaction.whole import redact_all
from blastiq_conformance.sources import read, recording
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.secrets.search import Secret
from fake_idp.wire import FORM, Headers, Request, Response
from tests.judge.har import PRODUCTION, TOKEN, Entry, call, discovery, entry, sign_in, write_har
from tests.judge.redaction.numbered import usual
from tests.judge.redaction.test_redaction import verdict

OTHER = "https://log.mine.example"
PASSWORD = "p9X2mK4vQ7wZ"
# Of another system, under names that no list has.
THEIRS = "zQ7e-of-another-system-9Kx"
PLACES: dict[str, Entry] = {
    "header": entry(f"{OTHER}/v1/{THEIRS}", authorization=f"Bearer {TOKEN}"),
    "query": entry(f"{OTHER}/v1?t={TOKEN}&theirs={THEIRS}"),
    "field of a secret": entry(f"{OTHER}/v1?password={THEIRS}"),
    "path": entry(f"{OTHER}/v1/{TOKEN}/{THEIRS}"),
    "user information": entry(f"https://u:{PASSWORD}@log.mine.example/v1"),
    "form": entry(f"{OTHER}/v1", "POST", f"who={PASSWORD}&theirs={THEIRS}"),
    "text": entry(f"{OTHER}/v1", "POST", f"<wsse:Password>{PASSWORD}</wsse:Password><x>{THEIRS}</x>"),
    "nothing": entry(f"{OTHER}/v1?x={THEIRS}", "POST", f"pin={THEIRS}", answer={"theirs": THEIRS}, status=404),
}


def recorded(tmp_path: Path, place: str) -> Path:
    calls = (discovery(), sign_in(), call(f"{PRODUCTION[:-9]}/api/x"), PLACES[place])
    return write_har(tmp_path / "a.har", *calls)


@pytest.mark.parametrize("place", PLACES)
def test_a_recording_is_judged_alike(place: str, tmp_path: Path) -> None:
    """By `check` of what `redact` wrote, and by the bundle."""
    path = recorded(tmp_path, place)
    (before,) = read(path)
    assert verdict(before)["BIQ610"][0] == ("failed" if place in {"header", "query", "path"} else "passed")
    new = redacted(path)
    (tmp_path / "b.har").write_text(new)
    (after,) = read(tmp_path / "b.har")
    (bundled,) = redact_all([before])
    texts = (new, recording.write(bundled))
    assert [text for text in texts if THEIRS in text or PASSWORD in text or TOKEN in text] == []
    assert verdict(after) == verdict(bundled) == verdict(before)


def test_method_host_size_and_place_stay(tmp_path: Path) -> None:
    """And the status; no path, no other field."""
    new = json.loads(redacted(recorded(tmp_path, "form")))["log"]["entries"][3]
    assert (new["request"]["method"], new["request"]["url"]) == ("POST", f"{OTHER}/")
    assert new["request"]["postData"] == {"mimeType": FORM, "text": f"who={usual(2)}"}
    assert new["response"]["status"] == 200
    (evidence,) = read(recorded(tmp_path, "form"))
    (bundled,) = redact_all([evidence])
    size = len(f"who={PASSWORD}&theirs={THEIRS}")
    assert bundled.exchanges[3].request.headers.get("content-length") == new["request"]["_sent"] == str(size)


def test_what_is_asked_for_is_kept(tmp_path: Path) -> None:
    """Without what is known to be a secret."""
    new = redacted(recorded(tmp_path, "text"), keep_foreign=True)
    assert f"<x>{THEIRS}</x>" in new
    assert PASSWORD not in new


def test_it_can_be_redacted_again(tmp_path: Path) -> None:
    """To the same."""
    once = redacted(recorded(tmp_path, "form"))
    (tmp_path / "b.har").write_text(once)
    assert redacted(tmp_path / "b.har") == once


def test_a_cassette_is_no_exception(tmp_path: Path) -> None:
    """As vcrpy writes one, and as go-vcr does."""
    asked = {"method": "POST", "uri": f"{OTHER}/v1", "headers": {"X-Theirs": [THEIRS]}, "body": f"a={THEIRS}"}
    got = {"status": {"code": 200, "message": THEIRS}, "headers": {}, "body": {"string": THEIRS}}
    ours = {**asked, "uri": f"{PRODUCTION}/connect/token", "body": f"grant_type=password&password={PASSWORD}"}
    for told, answer in (
        (asked, got),
        ({"url" if name == "uri" else name: value for name, value in asked.items()}, {"status": "200 OK", "code": 200}),
    ):
        first = {"request": {**ours, **({"url": ours["uri"]} if "url" in told else {})}, "response": got}
        first["response"] = {**got, "status": {"code": 400, "message": ""}}
        second = {"request": told, "response": {**got, **answer}, "recorded_at": THEIRS}
        path = tmp_path / "cassette.json"
        path.write_text(json.dumps({"version": 1, "interactions": [first, second]}))
        new = json.loads(redacted(path))["interactions"][1]
        assert THEIRS not in json.dumps(new)
        (tmp_path / "again.json").write_text(redacted(path))
        (again,) = read(tmp_path / "again.json")
        kept = again.exchanges[1]
        assert (kept.request.method, kept.request.host, kept.edited) == ("POST", "log.mine.example", "")
        assert kept.response is not None
        assert kept.response.status == 200


_ISSUED = "k7Fq2vN9xW4mZ8tR1pLs"
_WORDS = st.text("abz019-_.", min_size=12, max_size=20).map(lambda text: f"zQ7e{text}9Kx")


@given(_WORDS, st.sampled_from(("X-{}", "X-Note")), st.sampled_from((FORM, "application/json", None)), st.booleans())
def test_nothing_of_theirs_is_in_a_journal(theirs: str, name: str, media_type: str | None, ours: bool) -> None:
    """Wherever they put it; what the kit issued stays, in its place."""
    value = _ISSUED if ours else "x"
    body = json.dumps({"note": value, theirs: theirs}) if media_type != FORM else f"{theirs}={theirs}&n={value}"
    fields = [("Host", "log.mine.example"), (name.format(theirs), theirs), ("X-Ours", value)]
    fields += [("Content-Type", media_type)] if media_type else []
    target = f"/{theirs}?{theirs}&note={quote_plus(theirs)}"
    request = Request(method="POST", target=target, headers=Headers(tuple(fields)), body=body.encode())
    answer = Response(status=200, body=theirs.encode(), reason=theirs, headers=Headers((("X", theirs),)))
    exchange = Exchange(number=1, kind=Kind.OTHER, request=request, response=answer)
    facts = Facts(authority="https://www.blastiq.com/identity", issued=(Secret("password", _ISSUED),))
    line = LiveRedaction(facts).line(exchange)
    assert theirs not in line
    assert line.count(_ISSUED) == (2 if ours else 0)
    (bundled,) = redact_all([Evidence(exchanges=(exchange,), facts=facts)])
    assert theirs not in recording.write(bundled)
