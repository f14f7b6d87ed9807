"""Small files of all other formats that the kit reads."""

import base64
import gzip
import io
import tarfile
import zipfile

from blastiq_conformance.report import several
from blastiq_conformance.report.shape import ReportShape
from blastiq_conformance.writers import writer
from tests.judge.doors.recordings import BODY, as_json
from tests.judge.judged import GOOD, SECRET, report
from tests.judge.writers.models import mixed, recorded

TOML = b"""pytest = true
[[target]]
name = "mine"
command = ["node", "app.js", "{username}"]
env = { USER = "{username}" }
timeout = 10.5
users = 2
scenarios = ["sign-in"]
rules = ["BIQ211"]
verbose = { LOG = "debug" }
intercept = ["www.blastiq.com"]
skips = [403]
home = "inherit"
quiet = 5
[[target.waivers]]
rule = "BIQ211"
reason = "old"
owner = "me"
expires = 2027-01-31
"""


def packages() -> list[bytes]:
    """Give packages of each kind, one in another."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/config.ini", BODY)
        archive.writestr("b", b"\0" * 2000)
    outer = io.BytesIO()
    with tarfile.open(fileobj=outer, mode="w") as tar:
        info = tarfile.TarInfo("c.zip")
        info.size = len(inner.getvalue())
        tar.addfile(info, io.BytesIO(inner.getvalue()))
    head = as_json({"files": {"a": {"size": 3, "offset": "0"}}}).replace(b" ", b"")
    asar = b"".join(n.to_bytes(4, "little") for n in (4, len(head) + 8, len(head) + 4, len(head))) + head + b"abc"
    return [
        inner.getvalue(),
        outer.getvalue(),
        gzip.compress(outer.getvalue()),
        asar,
        BODY.encode(),
        b"x" * 100 + inner.getvalue(),
    ]


def jwt() -> bytes:
    """Give a token."""
    parts = [{"alg": "RS256", "kid": "\u202e"}, {"exp": 1767225600, "iat": 1.5, "scope": ["a"], "auth_time": 1}]
    return b".".join(base64.urlsafe_b64encode(as_json(part)).rstrip(b"=") for part in parts) + b".c2ln"


def _short(report: ReportShape) -> ReportShape:
    """Keep a few rules only: the less there is of each kind, the more is tried."""
    broken = [result for result in report["results"] if result["findings"]]
    return {**report, "results": broken[:3] + [result for result in report["results"] if result not in broken][:2]}


_MODELS = (
    _short(mixed().to_model()),
    _short(recorded().to_model()),
    several([_short(report(each).to_model()) for each in (GOOD, SECRET)]),
)
REPORTS = [writer("json")(model).encode() for model in _MODELS]
BESIDE = as_json({"dev": {"pw": "p9X2mK4vQ7wZ", "n": 1}, "prod": {"pw": "p9X2mK4vQ7wZ", "ssl": {"a": "b"}}})
