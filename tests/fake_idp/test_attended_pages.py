"""The pages in a real browser: for everybody, on a telephone and on a desk, in light and in the dark."""

import json
import subprocess
from pathlib import Path

import pytest

from fake_idp.oidc.attended import pages
from fake_idp.oidc.replies import OAuthError
from tests.judge.writers.test_browser import SCRIPT, browser

LONG = "svc-" + "x" * 96
PAGES = {
    "login": pages.login(username="", problem=""),
    "problem": pages.login(username=LONG, problem="That user name and password do not belong together."),
    "consent": pages.consent(client_id=LONG, username=LONG, scopes=("cosmos", "offline_access", "openid", "other")),
    "signed-out": pages.signed_out(),
    "refusal": pages.refusal(OAuthError("unauthorized_client", "Invalid redirect_uri")),
}


@pytest.mark.timeout(300)
def test_a_browser_shows_the_pages_to_everybody(tmp_path: Path) -> None:
    """No violation that axe-core knows, nothing too wide, and nothing is asked for from anywhere."""
    node, chromium = browser()
    files = []
    for name, page in PAGES.items():
        files.append(tmp_path / f"{name}.html")
        files[-1].write_bytes(page.body)
    command = [node, str(SCRIPT), chromium, str(tmp_path / "profile"), *map(str, files)]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_no_script(name: str) -> None:
    """It has none, says its language and its title, and every field has a label."""
    text = PAGES[name].body.decode()
    assert "<script" not in text
    assert '<html lang="en">' in text
    assert "<title></title>" not in text
    for field in ("username", "password"):
        assert (f'id="{field}"' in text) is (f'<label for="{field}">' in text)


def test_what_a_peer_sent_is_escaped() -> None:
    """In text and in attributes; where the page is the product's own, as .NET's HtmlEncoder does it."""
    posted = pages.hand_over("https://app.mine.example/?a&b", {"state": "<s>'+\"\u00e9\U0001f600"}).body.decode()
    assert "action='https://app.mine.example/?a&amp;b'" in posted
    assert "value='&lt;s&gt;&#x27;&#x2B;&quot;&#xE9;&#x1F600;'" in posted
    assert "<b>" not in pages.refusal(OAuthError("<b>", "<b>")).body.decode()
