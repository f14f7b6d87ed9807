"""Cassettes of real clients: recorded by pytest-recording with `blastiq_vcr_config`, played back, judged by `check`.

Recorded anew by `pytest tests/judge/test_recordings.py --record-mode=rewrite`.
"""

import contextlib
import json
import runpy
import time
from collections.abc import Iterator
from typing import Protocol

import pytest

from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.server_config import ServerConfig, ServiceUser
from tests.clients.launch import ROOT
from tests.clients.launch import program as source
from tests.judge.cli.shell import called

_CASSETTES = ROOT / "cassettes"
_PORT = 8459
_USER = ServiceUser(username="service.user@mine.example", password="päss w+rd&100%=recorded")
_ENVIRONMENT = {
    "BLASTIQ_AUTHORITY": f"http://127.0.0.1:{_PORT}/identity",
    "BLASTIQ_API_URL": f"http://127.0.0.1:{_PORT}/api",
    "BLASTIQ_USERNAME": _USER.username,
    "BLASTIQ_PASSWORD": _USER.password,
    "BLASTIQ_CLIENT_ID": "external.customer",
    "BLASTIQ_API_CALLS": "2",
}
# The cassette, the program in it, and the rules with an error.
RECORDED = (
    ("good/httpx", "good/httpx_sync.py", ""),
    ("good/httpx-async", "good/httpx_async.py", ""),
    ("good/requests", "good/requests_session.py", ""),
    ("good/requests-oauthlib", "good/requests_oauthlib_in_body.py", ""),
    ("good/urllib", "good/urllib_stdlib.py", ""),
    ("flawed/BIQ202-requests-text", "flawed/requests_text.py", "BIQ202"),
    ("flawed/BIQ203-requests-params", "flawed/requests_params.py", "BIQ203 BIQ704"),
    ("flawed/BIQ206-requests-oauthlib-default", "flawed/requests_oauthlib_default.py", "BIQ206"),
    ("flawed/BIQ210-httpx-none", "flawed/httpx_none.py", "BIQ210"),
    ("flawed/BIQ211-auth0-sample", "flawed/auth0_sample.py", "BIQ209 BIQ211 BIQ212"),
    ("flawed/BIQ503-requests-oauthlib-refresh", "flawed/requests_oauthlib_refresh.py", "BIQ503"),
)


class Cassette(Protocol):
    """What is used of vcrpy's, which has no types."""

    all_played: bool


@pytest.fixture(scope="module")
def vcr_config(blastiq_vcr_config: dict[str, object]) -> dict[str, object]:
    return blastiq_vcr_config


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(_CASSETTES)


@pytest.fixture
def blastiq(record_mode: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of a client; a server behind it while recording alone. Its tokens die after one call."""
    for name, value in _ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    if record_mode == "none":
        monkeypatch.setattr(time, "sleep", lambda _: None)
        yield
    else:
        with Server() as server:
            server.serve(FakeIdp(ServerConfig(users=(_USER,), api_calls_per_token=1)), port=_PORT)
            yield


@pytest.mark.vcr
@pytest.mark.parametrize(
    "program",
    [pytest.param(file, marks=pytest.mark.default_cassette(f"{name}.yaml"), id=name) for name, file, _ in RECORDED],
)
@pytest.mark.usefixtures("blastiq")
def test_a_client_is_recorded_and_played_back(program: str, vcr: Cassette, record_mode: str) -> None:
    """The cassette holds all that the program asks for, and nothing is left over when it is played back."""
    with contextlib.suppress(SystemExit):
        runpy.run_path(str(source(program)), run_name="__main__")
    assert vcr.all_played or record_mode != "none"


@pytest.mark.parametrize(("name", "errors"), [pytest.param(name, errors, id=name) for name, _, errors in RECORDED])
def test_a_cassette_is_judged(name: str, errors: str) -> None:
    """A cassette without secrets is judged like the live run; what was filtered out is not a violation."""
    cassette = _CASSETTES / f"{name}.yaml"
    assert _USER.password not in cassette.read_text()
    done = called("check", "--format", "json", str(cassette))
    results = {result["rule"]: result for result in json.loads(done.stdout)["results"]}
    found = {rule for rule, result in results.items() for one in result["findings"] if one["severity"] == "error"}
    assert found == set(errors.split())
    assert done.returncode == (1 if errors else 0)
    assert results["BIQ208"]["outcome"] in {"cant_tell", "passed"}


def test_every_cassette_stands_in_the_table() -> None:
    """A cassette that is not judged documents nothing."""
    there = {str(path.relative_to(_CASSETTES).with_suffix("")) for path in _CASSETTES.glob("*/*.yaml")}
    # Those with a server's name in theirs are of `test_flows`.
    assert {name for name in there if "--" not in name} == {name for name, *_ in RECORDED}
