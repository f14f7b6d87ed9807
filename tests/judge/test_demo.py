"""The kit's own good integration: clean in every scenario, and careful where the fake does not lead it."""

import math
import subprocess
import sys
from collections.abc import Mapping

import pytest

from blastiq_conformance import demo
from blastiq_conformance.catalogue import Profile, catalogue
from blastiq_conformance.report import Judgement
from blastiq_conformance.runner import Play, Target, run
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.trial import judge_plays

SETTINGS = {
    "BLASTIQ_AUTHORITY": "https://idp.example/identity",
    "BLASTIQ_API_URL": "https://idp.example/api",
    "BLASTIQ_CLIENT_ID": "external.customer",
    "BLASTIQ_USERNAME": "someone",
    "BLASTIQ_PASSWORD": "something",
}
PLAYED = [row for row in scenarios().values() if row.needs is None and not row.slow]


@pytest.fixture(scope="module")
def plays() -> Mapping[str, Play]:
    played = run(Target(command=(sys.executable, "-m", "blastiq_conformance.demo"), verbose=()), PLAYED, jobs=2)
    return {each.scenario.slug: each for each in played}


@pytest.fixture(scope="module")
def judged(plays: Mapping[str, Play]) -> list[Judgement]:
    return judge_plays(plays.values(), list(catalogue().values()), Profile.ARTICLE)


@pytest.mark.parametrize("slug", [row.slug for row in PLAYED])
def test_the_demo_conforms(judged: list[Judgement], slug: str) -> None:
    """No rule finds anything in any variant of a scenario."""
    results = [result for judgement in judged if judgement.scenario == slug for result in judgement.results]
    assert results
    assert [f"{finding.rule}: {finding.message}" for result in results for finding in result.findings] == []


@pytest.mark.parametrize("slug", ["sign-in", "token-dies", "refresh-rotated", "refresh-kept", "no-refresh-token"])
def test_the_demo_does_its_job(plays: Mapping[str, Play], slug: str) -> None:
    """Every call of the API that was asked for succeeds, and the exit status says so."""
    for evidence in plays[slug].evidences:
        assert evidence.child is not None
        assert evidence.child.exit_status == 0
        assert sum(call.status == 200 for call in evidence.api_calls) == evidence.facts.api_calls


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_missing_setting_is_named(name: str) -> None:
    """Nothing is sent where a setting is missing or empty: BIQ308."""
    with pytest.raises(demo.SignInError, match=name):
        demo.work({**SETTINGS, name: ""})


def test_plain_http_is_refused() -> None:
    """Credentials leave over TLS alone, but for loopback: RFC 6749 10.9."""
    with pytest.raises(demo.SignInError, match="https"):
        demo.work({**SETTINGS, "BLASTIQ_AUTHORITY": "http://idp.example/identity"})


def test_it_fails_in_words() -> None:
    """Without settings it exits with 1 and a line, not with a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "blastiq_conformance.demo"], env={}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("failed: not set: BLASTIQ_AUTHORITY")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, math.inf),
        ("", math.inf),
        ("soon", math.inf),
        ([], math.inf),
        (math.nan, 0.0),
        (3600, 3570.0),
        ("3600", 3570.0),
        (3600.0, 3570.0),
        (0, 0.0),
        (-1, 0.0),
        (10**12, 10**12 - 30.0),
    ],
)
def test_any_expires_in_is_understood(value: object, seconds: float) -> None:
    """Missing or unreadable: used until the API refuses the token; zero and less: renewed before the next call."""
    assert demo._lifetime(value) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"), [(None, 0.0), ("2", 2.0), ("soon", 0.0), ("", 0.0), ("Thu, 01 Jan 1970 00:01:40 GMT", 90)]
)
def test_retry_after_is_seconds_or_a_date(monkeypatch: pytest.MonkeyPatch, value: str | None, seconds: float) -> None:
    """Both forms of RFC 9110 10.2.3; anything else is no demand."""
    monkeypatch.setattr("blastiq_conformance.demo.time.time", lambda: 10.0)
    assert demo._retry_after(value) == seconds
