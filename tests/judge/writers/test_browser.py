"""The pages in a real browser: axe-core finds nothing, they fit a telephone, and they ask nobody for anything."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from blastiq_conformance.writers import writer
from tests.judge.writers.models import MODELS

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parent / "axe.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
PAGES = {"html": ("mixed", "several", "nasty"), "statement-html": ("mixed", "recorded")}
NEEDED = "require.resolve('puppeteer-core'); require.resolve('axe-core/axe.min.js')"


def browser() -> tuple[str, str]:
    """Give node and Chromium; skips where they or the two packages are missing."""
    node = shutil.which("node")
    chromium = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    if not node or not chromium:
        pytest.skip("node and Chromium are not both here")
    if subprocess.run([node, "-e", NEEDED], capture_output=True, check=False, timeout=30).returncode:
        pytest.skip("npm install puppeteer-core axe-core, and set NODE_PATH")
    return node, chromium


@pytest.mark.timeout(300)
def test_a_browser_shows_the_pages_to_everybody(tmp_path: Path) -> None:
    """Light and dark, 360 and 1440 pixels wide, every part opened: no violation, no overflow, no request."""
    node, chromium = browser()
    pages = []
    for form, names in PAGES.items():
        for name in names:
            page = tmp_path / f"{name}-{form}.html"
            page.write_text(writer(form)(MODELS[name]()), encoding="utf-8")
            pages.append(str(page))
    command = [node, str(SCRIPT), chromium, str(tmp_path / "profile"), *pages]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=280, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
