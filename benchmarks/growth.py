"""Whether time grows linearly with the input: cases at n, 2n and 4n, as somebody might send or write them."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from click.testing import CliRunner

from benchmarks.table import Row
from blastiq_conformance.cli import blastiq

_URL = "https://www.blastiq.com/identity/connect/token"
# Twice as steep as linear is more than the noise of a busy machine.
_STEEPEST = 8.0
_TWICE = 2


def _har(body: str) -> str:
    post = {"mimeType": "application/x-www-form-urlencoded", "text": f"grant_type=password&username=u&{body}"}
    request = {"method": "POST", "url": _URL, "headers": [], "postData": post}
    response = {"status": 200, "headers": [], "content": {"text": '{"access_token":"abcdefghijklmnop"}'}}
    return json.dumps({"log": {"entries": [{"request": request, "response": response}]}})


def _fields(n: int) -> str:
    return _har("&".join(f"password=p{index:05}wZ8" for index in range(n)))


def _repeated(n: int) -> str:
    return _har("password=" + "ab" * (n // 2))


def _collection(n: int) -> str:
    fields = [{"key": "password", "value": f"{{{{a{index}}}}}{{{{b{index}}}}}"} for index in range(n)]
    body = {"mode": "urlencoded", "urlencoded": fields}
    variables = [{"key": f"{name}{index}", "value": f"{name}9X2mK{index}"} for index in range(n) for name in "ab"]
    item = {"request": {"method": "POST", "url": _URL, "body": body}}
    return json.dumps({"info": {"name": "x"}, "item": [item], "variable": variables})


def _lines(n: int) -> str:
    return f"curl -d 'x{'&a=b' * n}' {_URL}\n"


def _quotation(n: int) -> str:
    body = "a=b\n" * n
    return f"curl -d '{body}' {_URL}\n"


_CASES: tuple[tuple[str, str, Callable[[int], str], int], ...] = (
    ("`check`, fields named password in one request", "check", _fields, 5_000),
    ("`redact`, fields named password in one request", "redact", _fields, 5_000),
    ("`check`, characters of a value that repeats itself", "check", _repeated, 40_000),
    ("`redact`, characters of a value that repeats itself", "redact", _repeated, 40_000),
    ("`redact`, fields of two variables in a collection", "redact", _collection, 100),
    ("`check`, fields in one line of curl", "check", _lines, 100_000),
    ("`check`, lines in one quotation of curl", "check", _quotation, 50_000),
)


def _seconds(command: str, text: str) -> float:
    """Give the CPU seconds of a command, the better of two."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_text(text)
        words = [command, str(path), *(("-o", str(Path(folder, "out"))) if command == "redact" else ())]
        best = float("inf")
        for _ in range(_TWICE):
            started = time.process_time()
            CliRunner().invoke(blastiq, words)
            best = min(best, time.process_time() - started)
    return best


def _rows() -> Iterator[Row]:
    for what, command, make, n in _CASES:
        times = [_seconds(command, make(n * factor)) for factor in (1, 2, 4)]
        result = f"{', '.join(f'{each:.2f}' for each in times)} s at {n:,}, {2 * n:,}, {4 * n:,}"
        yield Row(what, result, f"≤ {_STEEPEST:g} × at 4n", times[2] <= _STEEPEST * max(times[0], 0.01))


def measure() -> list[Row]:
    """Measure all cases."""
    return list(_rows())
