"""Small programs that the tests run as integrations."""

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

SIGN_IN = """
import json, os, urllib.parse, urllib.request
E = os.environ
disco = json.load(urllib.request.urlopen(E["BLASTIQ_DISCOVERY_URL"]))
form = {"grant_type": "password", "username": E["BLASTIQ_USERNAME"], "password": E["BLASTIQ_PASSWORD"],
        "client_id": E["BLASTIQ_CLIENT_ID"]}
"""
GO_ON = """
answer = json.load(urllib.request.urlopen(disco["token_endpoint"], urllib.parse.urlencode(form).encode()))
headers = {"Authorization": "Bearer " + answer["access_token"]}
urllib.request.urlopen(urllib.request.Request(E["BLASTIQ_API_URL"], headers=headers)).read()
"""


def program(code: str) -> tuple[str, ...]:
    """Give the command that runs Python code."""
    return (sys.executable, "-S", "-c", code)


GOOD = program(SIGN_IN + GO_ON)


def once_there(file: Path, act: Callable[[], object]) -> None:
    """Act as soon as a program has written a file."""

    def wait() -> None:
        while not file.exists():
            time.sleep(0.01)
        act()

    threading.Thread(target=wait, daemon=True).start()
