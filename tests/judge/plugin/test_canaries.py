"""What pytest prints and writes holds no secret, with all that it can be asked to show: live fakes and blastiq.toml."""

import sys
from pathlib import Path

import pytest

from blastiq_conformance.plugin import collected
from fake_idp.secrets.search import Secret, find

pytestmark = pytest.mark.slow

CANARY = "zQ7e-canary-of-somebody-9Kx"
_LOUD = ("-vv", "--showlocals", "--tb=long", "-rA", "--junitxml=out.xml")

_SUITE = """
import os
import client, httpx, pytest
from blastiq_conformance.plugin.door import Door
from fake_idp.server_config import ServiceUser, ServerConfig

TOLD = os.environ["CANARY"]

@pytest.fixture
def blastiq_user():
    return ServiceUser(username="svc-" + TOLD, password=TOLD)

def test_violation(blastiq_idp, blastiq_user):
    client.sign_in(blastiq_user, client_secret="s-" + TOLD, audience=TOLD)

def test_assertion(blastiq_idp, blastiq_user, blastiq_config):
    client.sign_in(blastiq_user)
    exchange = blastiq_idp.journal.exchanges[-1]
    exchanges, issued = blastiq_idp.journal.exchanges, blastiq_idp.journal.issued
    form = exchange.request.form
    assert exchange.response.status == 500

def test_server(blastiq_server, blastiq_user):
    env, journal = blastiq_server.env, blastiq_server.journal
    client.sign_in(blastiq_user, blastiq_server.authority, client_secret=TOLD)
    assert not journal

def test_fault(blastiq_idp, blastiq_user, monkeypatch):
    def fail(evidence):
        raise ValueError(evidence.facts.password)
    monkeypatch.setattr("blastiq_conformance.plugin.door.scenario_runs", fail)
    client.sign_in(blastiq_user)
"""


def _printed(suite: pytest.Pytester, result: pytest.RunResult) -> str:
    return "\n".join((*result.outlines, *result.errlines, (suite.path / "out.xml").read_text("utf-8")))


def test_fixtures_show_none(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A violation, an assertion on what was recorded, a live server, a fault of the kit."""
    monkeypatch.setenv("CANARY", CANARY)
    suite.makepyfile(test_it=_SUITE)
    result = suite.runpytest(*_LOUD)
    result.assert_outcomes(failed=4)
    text = _printed(suite, result)
    assert "BIQ209" in text
    assert "fault of the kit" in text
    leaks = find(text, [Secret("canary", CANARY)])
    assert [text[max(0, leak.start - 60) : leak.end] for leak in leaks] == []


_PROGRAMS = {
    "never calls": "import os, sys; print('password=' + os.environ['BLASTIQ_PASSWORD'], 'api_key: {told}', "
    "'Authorization: Bearer {told}', file=sys.stderr); sys.exit(1)",
    "speaks no HTTP": "import os, socket, urllib.parse as u; a = u.urlsplit(os.environ['BLASTIQ_AUTHORITY']); "
    "s = socket.create_connection((a.hostname, a.port)); s.sendall(b'AUTH password={told}\\r\\n\\r\\n'); s.recv(99)",
    "signs in badly": "import os, sys, urllib.request, urllib.parse as u; b = u.urlencode(dict(grant_type='password', "
    "username='u', password=os.environ['BLASTIQ_PASSWORD'], client_secret='{told}', audience='{told}')); "
    "print(b, file=sys.stderr); print(b); "
    "urllib.request.urlopen(os.environ['BLASTIQ_TOKEN_URL'], b.encode())",
}


@pytest.mark.parametrize("program", _PROGRAMS)
def test_a_target_shows_none(suite: pytest.Pytester, program: str) -> None:
    """Neither what it was given nor what it holds itself, on whatever stream it tells it."""
    (suite.path / "app.py").write_text(_PROGRAMS[program].format(told=CANARY), encoding="utf-8")
    config = f"[[target]]\ncommand = [{sys.executable!r}, 'app.py']\nscenarios = ['sign-in']\n"
    Path(suite.path, "blastiq.toml").write_text(config, encoding="utf-8")
    result = suite.runpytest(*_LOUD, "-s", "blastiq.toml")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    text = _printed(suite, result)
    assert not find(text, [Secret("canary", CANARY)])
    assert "BIQ" in text


def test_a_fault_of_the_kit_shows_none(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its message may quote whatever was judged."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(collected, "run", fail)
    config = f"[[target]]\ncommand = [{sys.executable!r}, '-c', '1']\nscenarios = ['sign-in']\n"
    Path(suite.path, "blastiq.toml").write_text(config, encoding="utf-8")
    text = _printed(suite, suite.runpytest(*_LOUD, "blastiq.toml", "-k", "BIQ211"))
    assert "ValueError" in text
    assert CANARY not in text
