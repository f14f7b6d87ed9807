"""Load by wrk (a package of most systems), which costs a fifth of what a client written in Python costs."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.load import Load

INSTALLED = shutil.which("wrk") is not None
CONNECTIONS = 8
_POST = """
wrk.method = "POST"
wrk.body = "{body}"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
"""
# Sends so many requests before it reads the first answer; wrk counts each answer.
_AHEAD = """
init = function(args)
  local all = {{}}
  for n = 1, {ahead} do all[n] = wrk.format(nil, nil) end
  wrk.ahead = table.concat(all)
end
request = function() return wrk.ahead end
"""


def post(url: str, body: bytes, *, seconds: int = 2) -> Load:
    """Send the same form over and over."""
    return _run(url, _POST.format(body=body.decode("ascii")), seconds)


def get(url: str, *, ahead: int = 1, seconds: int = 2) -> Load:
    """Ask for the same page over and over, so many times ahead of the answers."""
    return _run(url, _AHEAD.format(ahead=ahead), seconds)


def _run(url: str, script: str, seconds: int) -> Load:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "load.lua")
        file.write_text(script, encoding="ascii")
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "-s", str(file), url]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    answers = _number(r"(\d+) requests in", told)
    errors = _number(r"Non-2xx or 3xx responses: (\d+)", told)
    lost = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", told)
    errors += sum(map(int, lost.groups())) if lost else 0
    return Load(float(re.findall(r"Requests/sec:\s+([\d.]+)", told)[0]), answers, errors)


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0
