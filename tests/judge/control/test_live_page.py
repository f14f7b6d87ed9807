"""The live page in a real browser, while a real client signs in."""

import json
import os
import subprocess
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fake_idp.journal.jsonl import from_jsonl
from fake_idp.secrets.search import Secret, find
from tests.judge.cli.serving import control, serving, sign_in
from tests.judge.writers.test_browser import browser

SCRIPT = Path(__file__).parent / "live_page.js"
HOSTILE = "/api/<img/src=x/onerror=alert(1)>"


@pytest.mark.timeout(600)
def test_a_person_watches_and_tells_it_what_to_do(tmp_path: Path) -> None:
    """Requests, findings and buttons; no secret in the page, no token in an address, nobody else asked, axe content."""
    node, chromium = browser()
    with serving(tmp_path) as (process, told):
        origin = told["authority"].removesuffix("/identity")
        command = [node, str(SCRIPT), chromium, str(tmp_path), told["page"], origin.replace("127.0.0.1", "localhost.")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as script:
            assert script.stdout is not None
            assert script.stdout.readline() == "open\n"
            token = sign_in(told, audience="x").json()["access_token"]
            hostile = HTTPConnection(urlsplit(origin).netloc)
            hostile.request("GET", HOSTILE, headers={"Authorization": f"Bearer {token}"})
            assert hostile.getresponse().status == 200
            hostile.close()
            assert script.stdout.readline() == "done\n"
            assert script.stdout.readline() == "end\n"
            kept = from_jsonl(control(told, "GET", "journal").text)
            process.kill()
            seen = json.loads(script.stdout.readline())
    assert [row.split()[1] for row in seen["rows"]][:2] == ["GET", "POST"]
    assert "sign-in with grant_type" in seen["rows"][1]
    assert "FAIL BIQ211" in seen["rows"][1]
    for part in ("audience-sent", "expected", "fix"):
        assert part in seen["finding"]
        assert part in seen["copied"]
    played, expired, added, cleared, saved, refused = seen["said"]
    for text, part in (
        (played, "discovery"),
        (expired, "is dead"),
        (added, "misbehaves"),
        (cleared, "no fault is left"),
        (saved, "is saved"),
        (refused, "call numbers"),
    ):
        assert part in text.lower()
    assert "VIOLATES" in (tmp_path / "blastiq-report.html").read_text().upper()
    assert seen["address"] == f"{origin}/"
    assert {urlsplit(address).netloc for address in seen["asked"]} == {urlsplit(origin).netloc}
    assert not [address for address in seen["asked"] if told["control_token"] in address.partition("#")[0]]
    assert seen["complaints"] == []
    assert seen["axe"] == []
    secrets = [Secret(name, told[name]) for name in ("password", "control_token")] + [Secret("token", token)]
    assert not find(seen["html"] + seen["copied"], secrets)
    assert "<img/src=x" not in seen["html"]
    assert "&lt;img/src=x" in seen["html"]
    assert seen["foreign"] == 404
    for state, part in (("closed", "open the link that"), ("stale", "of another run"), ("gone", "has ended")):
        assert part in " ".join(seen[state].split())
    assert ([exchange.number for exchange in kept.exchanges], kept.connections) == ([1, 2, 3], ())
