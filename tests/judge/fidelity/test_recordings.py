"""What the real products answered, compared with each flavour: their own is alike, the others differ."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from blastiq_conformance.fidelity import Comparison, compare_all
from blastiq_conformance.sources import read
from fake_idp.server_config import Flavour
from tests.fake_idp.recorded import API, FOLDER, RECORDINGS, Recording

SERVERS = [recording for recording in RECORDINGS if recording.name != API]
_CASES = [(recording, flavour) for recording in SERVERS for flavour in Flavour]


@cache
def compared(file: str, flavour: Flavour) -> Comparison:
    return compare_all(read(FOLDER / file), flavour)


@pytest.mark.parametrize(("recording", "flavour"), _CASES, ids=lambda each: getattr(each, "name", None))
def test_a_recording_is_alike_in_its_own_flavour_alone(recording: Recording, flavour: Flavour) -> None:
    """The others differ in a tenth of the answers and more."""
    comparison = compared(recording.file, flavour)
    found = [difference for each in comparison.differing for difference in each]
    if flavour is recording.flavour:
        assert found == []
        assert comparison.compared > 25
    else:
        assert len(comparison.differing) > comparison.compared // 10


@pytest.mark.parametrize("flavour", Flavour)
def test_the_api_is_the_same_in_every_flavour(flavour: Flavour) -> None:
    """It is compared by itself: whether a call is let in, and what is said to who is not."""
    comparison = compared(f"{API}.har", flavour)
    assert (comparison.differing, dict(comparison.alike)) == ([], {"API": 34})


CASSETTES = Path(__file__).parents[3] / "cassettes" / "good"


@pytest.mark.parametrize(
    ("client", "flavour"),
    [("curl--identityserver4-4.1.2", Flavour.IS4), ("php-curl--duende-identityserver-7.4.8", Flavour.DUENDE)],
)
def test_other_doors(client: str, flavour: Flavour) -> None:
    """A cassette tells the time by the second alone, in which a token may have died; its lifetime is taken over."""
    comparison = compare_all(read(CASSETTES / f"{client}.yaml"), flavour)
    assert (comparison.differing, comparison.settings) == ([], ["access tokens live 4 s"])


def test_what_the_client_is_registered_with_is_taken_over() -> None:
    """That a page may read the answers is no trait of the product."""
    file = Path(__file__).parents[1] / "sources" / "real" / "playwright-right.har"
    comparison = compare_all(read(file), Flavour.IS4)
    assert comparison.differing == []
    assert comparison.settings == ["pages of http://127.0.0.1:37337 may read answers"]


SIGN_IN, REFRESH = "rt sign-in", "rt2 refresh"
# A few questions that hold by themselves.
FEW = (
    "discovery",
    "jwks origin",
    "token GET",
    "password in upper case",
    SIGN_IN,
    REFRESH,
    "userinfo bad token",
    "device",
)


def _status(entry: dict[str, Any], to: int) -> None:
    entry["response"]["status"] = to


def _header(entry: dict[str, Any], name: str, value: str | None) -> None:
    headers = entry["response"]["headers"]
    kept = [each for each in headers if each["name"].lower() != name.lower()]
    entry["response"]["headers"] = kept + ([{"name": name, "value": value}] if value is not None else [])


def _member(entry: dict[str, Any], name: str, value: Any) -> None:
    content = entry["response"]["content"]
    members = json.loads(content["text"])
    members[name] = value
    content["text"] = json.dumps({each: item for each, item in members.items() if item is not None})


def _swap(entry: dict[str, Any]) -> None:
    members = json.loads(entry["response"]["content"]["text"])
    entry["response"]["content"]["text"] = json.dumps(dict(reversed(members.items())))


Change = Callable[[dict[str, Any]], None]
SEEDED: dict[str, tuple[str, Change, str]] = {
    "no discovery": ("discovery", lambda entry: _status(entry, 404), "discovery, status"),
    "type of discovery": (
        "discovery",
        lambda entry: _header(entry, "Content-Type", "application/json"),
        "discovery, content-type",
    ),
    "discovery is kept": (
        "discovery",
        lambda entry: _header(entry, "Cache-Control", "max-age=60"),
        "discovery, cache-control",
    ),
    "issuer with a slash": (
        "discovery",
        lambda entry: _member(entry, "issuer", "http://127.0.0.1:18100/identity/"),
        "discovery, body issuer",
    ),
    "no end of session": (
        "discovery",
        lambda entry: _member(entry, "end_session_endpoint", None),
        "discovery, body members",
    ),
    "more in discovery": ("discovery", lambda entry: _member(entry, "x_more", True), "discovery, body members"),
    "grants": (
        "discovery",
        lambda entry: _member(entry, "grant_types_supported", ["password"]),
        "discovery, body grant",
    ),
    "methods are shared": (
        "jwks origin",
        lambda entry: _header(entry, "Access-Control-Allow-Methods", "*"),
        "key set, access-control-allow-methods",
    ),
    "key set": ("jwks origin", lambda entry: _member(entry, "keys", []), "key set, body"),
    "405 for 400": ("token GET", lambda entry: _status(entry, 405), "token, status"),
    "another error": ("token GET", lambda entry: _member(entry, "error", "invalid_client"), "token, body error"),
    "words": (
        "password in upper case",
        lambda entry: _member(entry, "error_description", "wrong"),
        "token, body error_description",
    ),
    "no words": (
        "password in upper case",
        lambda entry: _member(entry, "error_description", None),
        "token, body error_description",
    ),
    "kept": (SIGN_IN, lambda entry: _header(entry, "Cache-Control", None), "token, cache-control"),
    "order": (SIGN_IN, _swap, "token, body members"),
    "type": (SIGN_IN, lambda entry: _member(entry, "expires_in", "3600"), "token, body expires_in"),
    "token type": (SIGN_IN, lambda entry: _member(entry, "token_type", "bearer"), "token, body token_type"),
    "opaque": (SIGN_IN, lambda entry: _member(entry, "access_token", "a" * 64), "token, body access_token"),
    "scope": (SIGN_IN, lambda entry: _member(entry, "scope", "cosmos"), "token, body scope"),
    "no rotation": (REFRESH, lambda entry: _member(entry, "refresh_token", None), "token, body members"),
    "refresh token": (
        REFRESH,
        lambda entry: _member(entry, "refresh_token", "Zm9v" * 10 + "Zm9"),
        "token, body refresh_token",
    ),
    "realm": (
        "userinfo bad token",
        lambda entry: _header(entry, "WWW-Authenticate", "Bearer"),
        "userinfo, www-authenticate",
    ),
    "no device": ("device", lambda entry: _status(entry, 404), "device authorization, status"),
}


@cache
def entries() -> str:
    log = json.loads((FOLDER / "identityserver4-4.1.2.har").read_text(encoding="utf-8"))
    log["log"]["entries"] = [entry for entry in log["log"]["entries"] if entry["comment"] in FEW]
    return json.dumps(log)


def test_the_few_are_alike(tmp_path: Path) -> None:
    """As they were recorded."""
    (file := tmp_path / "few.har").write_text(entries(), encoding="utf-8")
    comparison = compare_all(read(file), Flavour.IS4)
    assert (comparison.differing, comparison.compared) == ([], len(FEW))


@pytest.mark.parametrize(("question", "change", "named"), SEEDED.values(), ids=SEEDED)
def test_a_seeded_deviation_is_named(question: str, change: Change, named: str, tmp_path: Path) -> None:
    """In the answer that has it; in later ones nothing differs but what follows from it."""
    log = json.loads(entries())
    for entry in log["log"]["entries"]:
        if entry["comment"] == question:
            change(entry)
    (file := tmp_path / "seeded.har").write_text(json.dumps(log), encoding="utf-8")
    found, *later = compare_all(read(file), Flavour.IS4).differing
    assert {each.trait.rpartition(" ")[2] for more in later for each in more} <= {"seen"}
    assert any(f"{each.part}, {each.trait}".startswith(named) for each in found)
