"""`blastiq check` where a recording holds sign-ins elsewhere: judged or named, and none of their secrets leaves."""

import json
import zipfile
from pathlib import Path

import pytest

from blastiq_conformance.report import Report
from blastiq_conformance.sources import SourceError
from blastiq_conformance.trial.recordings import Reading
from fake_idp.wire import Json
from tests.judge.cli.shell import called as blastiq
from tests.judge.har import PRODUCTION, TOKEN, call, discovery, entry, sign_in, write_har
from tests.judge.judged import rules

GATEWAY = "https://gateway.vendor.example"
AUTH0 = "https://tenant.auth0.example"
SECRETS = ("p9X2mK4vQ7wZ", "u@mine.example", "u%40mine.example", "cl1ent-s3cret-of-ours", TOKEN)
SECRET = "&client_secret=cl1ent-s3cret-of-ours"
CASES: dict[str, tuple[Json, ...]] = {
    "another host of the product": (
        discovery(),
        sign_in("https://test.blastiq.com/identity/connect/token", more=SECRET),
    ),
    "through another host": (discovery(), sign_in(f"{GATEWAY}/connect/token", more=SECRET)),
    "of another client": (discovery(), sign_in(f"{GATEWAY}/oauth/token", "mine", SECRET)),
    "quoted by others": (discovery(), sign_in(f"{AUTH0}/oauth/token", "a"), entry(f"https://log.example/?q={TOKEN}")),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside a good one"])
def test_no_secret_of_a_recording_is_taken_for_the_kits_own(case: str, beside: bool, tmp_path: Path) -> None:
    """Whatever was judged of it: bundle and reports hold nothing, of a good file in the same bundle neither."""
    files = [write_har(tmp_path / "a.har", *CASES[case])]
    if beside:
        files.append(write_har(tmp_path / "b.har", discovery(), sign_in(), call(f"{PRODUCTION[:-9]}/api/x")))
    words = [f"{form}={tmp_path / form}" for form in ("json", "html", "har", "statement")]
    told = [word for pair in words for word in ("--report", pair)]
    done = blastiq("check", "--allow-untested", "--bundle", str(tmp_path / "z"), *told, *map(str, files))
    with zipfile.ZipFile(tmp_path / "z") as archive:
        texts = [archive.read(name).decode() for name in archive.namelist()]
    texts += [done.stdout, done.stderr, *((tmp_path / word.partition("=")[0]).read_text() for word in words)]
    assert [secret for secret in SECRETS for text in texts if secret in text] == []
    assert blastiq("verify", str(tmp_path / "z")).returncode == 0


@pytest.mark.parametrize("url", ["https://test.blastiq.com/identity/connect/token", f"{GATEWAY}/connect/token"])
def test_a_sign_in_through_another_host_is_judged(url: str, tmp_path: Path) -> None:
    """An audience is an audience, wherever the request went."""
    for more, code in (("", 0), ("&audience=x", 1)):
        path = write_har(tmp_path / "a.har", discovery(), sign_in(url, more=more))
        done = blastiq("check", "--allow-untested", "--format", "json", str(path))
        found = [result["rule"] for result in json.loads(done.stdout)["results"] if result["findings"]]
        # Discovery named another address: a warning.
        assert (done.returncode, found) == (code, ["BIQ103", "BIQ211"][: 1 + code])


def test_what_was_not_judged_is_named_with_the_option_that_judges_it(tmp_path: Path) -> None:
    """Only the reviewer knows whose sign-in it is."""
    path = str(write_har(tmp_path / "a.har", discovery(), *[sign_in(f"{GATEWAY}/identity/connect/token", "mine")] * 2))
    done = blastiq("check", path)
    said = " ".join(done.stdout.split())
    assert done.returncode == 4
    assert "gateway.vendor.example was asked for a token 2 times, and nothing ties that to BlastIQ" in said
    option = f"--authority {GATEWAY}/identity"
    assert option in said
    done = blastiq("check", *option.split(), path)
    assert done.returncode == 1
    assert "BIQ206" in done.stdout
    # Nothing is left to be named, and the same is found again.
    assert "was asked for a token" not in done.stdout
    assert f"blastiq check {option} {path}" in done.stdout


def test_a_browsers_recording_may_name_many_hosts(tmp_path: Path) -> None:
    """Of all that were asked for a token five are named, and the others counted."""
    path = write_har(tmp_path / "a.har", sign_in(), *(sign_in(f"https://h{n}.example/t", "mine") for n in range(7)))
    notes = json.loads(blastiq("check", "--format", "json", str(path)).stdout)["notes"]
    assert [note.partition(" ")[0] for note in notes] == [f"h{n}.example" for n in range(5)] + ["2"]


def test_what_is_let_go_is_still_known(tmp_path: Path) -> None:
    """Of other people's answers no more is kept than what was secret in them."""
    judged = Reading().judge(write_har(tmp_path / "a.har", *CASES["quoted by others"]))
    assert not isinstance(judged, SourceError)
    (judgement,) = judged
    assert judgement.evidence.exchanges[1].response is None
    assert judgement.evidence.facts.issued == ()
    assert TOKEN in {secret.value for secret in judgement.overheard}
    model = Report(judged, rules=rules(), source_kind="check").to_model()
    assert TOKEN not in json.dumps(model)
