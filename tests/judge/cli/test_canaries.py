"""What the commands that write no report print holds no secret that they were told."""

import os
from pathlib import Path

import httpx
import pytest

from fake_idp.secrets.search import Secret, find
from tests.judge.cli.serving import control, ended, first_event, serving
from tests.judge.cli.shell import called
from tests.measuring import MEASURED

CANARY = "zQ7e-canary-of-somebody-9Kx"
SECRETS = [Secret("canary", CANARY)]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        pytest.param(("serve", "--user", CANARY), 2, id="serve, a user without a password"),
        pytest.param(("serve", "--user", f":{CANARY}"), 2, id="serve, a password without a user"),
        pytest.param(("serve", "--user", "svc:my", CANARY), 2, id="serve, a password with a blank"),
        pytest.param(("token", CANARY), 2, id="token, an opaque one"),
        pytest.param(("token", f"eyJ.{CANARY}.x"), 2, id="token, a broken one"),
        pytest.param(("token", "x.y", CANARY), 2, id="token, one in two words"),
        pytest.param(("doctor", "--", "app", f"--password={CANARY}"), 1, id="doctor"),
        pytest.param(("init", "--yes", "--command", f"app '{CANARY}"), 2, id="init, a broken command"),
    ],
)
def test_a_command_repeats_none(args: tuple[str, ...], code: int, tmp_path: Path) -> None:
    """Neither what it could not read, nor what was a word too many."""
    proxy = f"http://svc:{CANARY}@proxy.example:3128"
    done = called(*args, TMPDIR=str(tmp_path), HTTP_PROXY=proxy, http_proxy=proxy, NO_PROXY="x.example")
    assert done.returncode == code, done.stderr
    assert not find(done.stdout + done.stderr, SECRETS)


def test_a_token_may_be_given_with_its_scheme() -> None:
    """Copied with `Bearer` before it, unquoted, it is one token, and no word too many that is repeated."""
    done = called("token", "Bearer", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI3NyJ9.Bq9ZkP3xVt6yLm")
    assert (done.returncode, '"sub": "77"' in done.stdout) == (0, True)


def test_scan_shows_none(tmp_path: Path) -> None:
    """What it was told to look for, in a name as in a file."""
    (tmp_path / f"{CANARY}.json").write_text(f'{{"password": "{CANARY}"}}')
    (tmp_path / "known").write_text(CANARY)
    done = called("scan", "--known", str(tmp_path / "known"), str(tmp_path))
    assert done.returncode == 1
    assert not find(done.stdout + done.stderr, SECRETS)


@pytest.mark.slow
def test_serve_shows_none(tmp_path: Path) -> None:
    """In a path, as the name of a parameter, with several users, on its control surface; neither in its journal."""
    journal, second = tmp_path / "journal.jsonl", "zQ7e&second=pass-word-9Kx"
    users = ("--user", f"svc.one:{CANARY}", "--user", f"svc.two:{second}")
    with serving(tmp_path, *users, "--journal", str(journal), **MEASURED) as (process, told):
        origin = told["authority"].removesuffix("/identity")
        url = f"{told['authority']}/connect/token"
        httpx.post(url, data={"grant_type": "password", "username": "svc.two", "password": second, second: "x"})
        httpx.post(url, data={"grant_type": "password", "username": "svc.one", "password": CANARY, "audience": CANARY})
        httpx.post(url, data={"grant_type": "password", "client_secret": "zQ7e-built-in-secret-9Kx"})
        httpx.get(f"{origin}/api/{CANARY}/x", headers={"Cookie": "sid=zQ7e-session-cookie-9Kx"})
        httpx.get(f"{origin}/v1/status?note={CANARY}", auth=("someone", "zQ7e-third-party-9Kx"))
        answers = [
            control(told, "POST", f"scenario/{CANARY}"[:20]),
            control(told, "POST", "fault", '{"endpoint": "token", "members": "x"}'),
            control(told, "GET", "verdict"),
            control(told, "GET", "journal"),
            control(told, "GET", "report"),
        ]
        page = first_event(told)
        code, stdout, stderr = ended(process)
    texts = (stdout, stderr, page, journal.read_text(), *(answer.text for answer in answers))
    for text in texts:
        assert "9Kx" not in text
        assert not find(text, [*SECRETS, Secret("second", second)])
    assert code == 1
    assert "BIQ211" in stdout
    assert called("check", str(journal), **os.environ).returncode == 1
