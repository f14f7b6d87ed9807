"""What clients did is kept: given back as it was, never after a change, and judged as it would be anew."""

from pathlib import Path

import pytest

from blastiq_conformance.bundle import write_bundle
from blastiq_conformance.catalogue import catalogue
from tests.clients import kept
from tests.clients.launch import ROOT
from tests.judge.judged import AUDIENCE, GOOD, report
from tests.judge.recorded import judged_again


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of the repository's."""
    monkeypatch.setattr(kept, "ROOT", tmp_path)
    monkeypatch.setattr(kept, "_surroundings", lambda: b"kit")
    (tmp_path / "client.sh").write_text("exit 0\n")
    return tmp_path / "client.sh"


def test_what_was_kept_is_given_back(client: Path, tmp_path: Path) -> None:
    """For the same program that is told the same; nothing before."""
    words, told = ["sh", str(client)], (["--tls"], [("concurrency", 8)])
    assert kept.place(words, told, tmp_path).read() is None
    kept.place(words, told, tmp_path).write(b"bundle")
    assert kept.place(words, told, tmp_path).read() == b"bundle"
    assert kept.place(words, ([], []), tmp_path).read() is None


@pytest.mark.parametrize("change", ["client", "kit"])
def test_after_a_change_it_is_played_anew(
    client: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """A program with another line, another kit or tool chain: what is kept then takes the place of the old."""
    kept.place([str(client)], (), tmp_path).write(b"before")
    if change == "client":
        client.write_text("exit 1\n")
    else:
        monkeypatch.setattr(kept, "_surroundings", lambda: b"another kit")
    assert kept.place([str(client)], (), tmp_path).read() is None
    kept.place([str(client)], (), tmp_path).write(b"after")
    assert len([*(tmp_path / "evidence").iterdir()]) == 1


def test_the_kit_is_all_of_it_but_what_judges() -> None:
    """A folder that is new counts at once; only those that are named are left out."""
    sources = {"/".join(path.relative_to(ROOT).parts[:2]) for path in kept._sources()}
    assert {"fake_idp/http", "blastiq_conformance/runner", "tests/clients"} <= sources
    assert not sources & {f"blastiq_conformance/{name}" for name in kept._JUDGES}


def test_the_rules_of_today_judge_it(tmp_path: Path) -> None:
    """Also those that were not there when it was kept."""
    write_bundle(tmp_path / "run.zip", [report(GOOD, AUDIENCE, ids=("BIQ209",))])
    again = judged_again((tmp_path / "run.zip").read_bytes())
    assert [result["rule"] for result in again["results"]] == list(catalogue())
    assert "BIQ211" in {result["rule"] for result in again["results"] if result["outcome"] == "failed"}
