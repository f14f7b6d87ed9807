"""`blastiq fidelity`: what it prints, and how it ends."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from blastiq_conformance.cli import blastiq as group
from tests.fake_idp.recorded import API, FOLDER


def blastiq(*args: str) -> Result:
    return CliRunner().invoke(group, args)


DUENDE = FOLDER / "duende-identityserver-7.4.8-browser.har"


def test_the_best_fit() -> None:
    """Without a flavour the one that fits best is named, and compared with."""
    done = blastiq("fidelity", str(DUENDE))
    assert done.exit_code == 0, done.stderr
    assert "fits best   duende" in done.stdout
    assert "alike       authorize: 10" in done.stdout
    assert "not shown   key set" in done.stdout


def test_another_flavour_differs() -> None:
    """What sets them apart is named with both values and its places; no secret is."""
    done = blastiq("fidelity", "--flavour", "is4", str(DUENDE))
    assert done.exit_code == 1
    assert (
        "differs     authorize, location query members: recorded code state session_state iss, the fake" in done.stdout
    )
    assert "svc.pit-42" not in done.stdout
    assert "k7Fq2vN9xW4mZ8tR1pLs" not in done.stdout


def test_the_api_alone_is_enough() -> None:
    """It is alike in every flavour."""
    done = blastiq("fidelity", str(FOLDER / f"{API}.har"))
    assert (done.exit_code, "fits best   is4, is4-v2, duende" in done.stdout) == (0, True)


@pytest.mark.parametrize(("text", "code"), [("no recording", 2), ('{"log": {"entries": []}}', 4)])
def test_too_little(text: str, code: int, tmp_path: Path) -> None:
    """What cannot be read is 2, what shows neither tokens nor an API 4."""
    (file := tmp_path / "a.har").write_text(text, encoding="utf-8")
    done = blastiq("fidelity", str(file))
    assert done.exit_code == code
    assert "blastiq fidelity:" in done.stderr


def test_a_redacted_token_is_not_shown(tmp_path: Path) -> None:
    """Its claims are not compared; the rest of the answer is."""
    (file := tmp_path / "a.har").write_text(DUENDE.read_text(encoding="utf-8"), encoding="utf-8")
    redacted = tmp_path / "redacted.har"
    assert blastiq("redact", "-o", str(redacted), str(file)).exit_code == 0
    assert "eyJ" not in redacted.read_text(encoding="utf-8").replace("eyJ0eXAiOiJzdGFuZGlu", "")
    done = blastiq("fidelity", str(redacted))
    assert "fits best   duende" in done.stdout, done.stdout
    assert done.exit_code == 0, done.stdout
