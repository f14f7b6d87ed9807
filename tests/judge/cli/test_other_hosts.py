"""Hosts that an integration calls beside BlastIQ's are listed by every command that sees them."""

import json
import re
import ssl
from pathlib import Path

import httpx
import jsonschema
import pytest

from blastiq_conformance.schemas import shipped_schema
from tests.judge.cli.serving import ended, serving
from tests.judge.cli.shell import called
from tests.judge.cli.test_intercept import program
from tests.judge.har import call, discovery, entry, sign_in, write_har
from tests.judge.naive import RIGHT

pytestmark = pytest.mark.slow

# The second shows a certificate to a client that trusts nobody.
THEN = f"""\
import contextlib, ssl, urllib.request
for url, trust in (("https://collector.example/x", None), ("https://maps.example/x", ssl.PROTOCOL_TLS_CLIENT)):
    with contextlib.suppress(OSError):
        urllib.request.urlopen(url, context=trust and ssl.SSLContext(trust))
{RIGHT}"""
LINE = re.compile(r"also called collector\.example \(\d+ requests?\), maps\.example \(no request\)")


def test_a_run_lists_them(tmp_path: Path) -> None:
    """Refused, and told: also where the client turned away from the certificate that it was shown."""
    told = tmp_path / "m.json"
    words = ("run", "--intercept", "--quick", "--report", f"json={told}", *program(tmp_path, THEN))
    done = called(*words, SEEN=str(tmp_path / "seen"))
    assert LINE.search(" ".join(done.stdout.split())), done.stdout + done.stderr
    model = json.loads(told.read_text())
    jsonschema.validate(model, shipped_schema("report"))
    assert [each["host"] for each in model["other_hosts"]] == ["collector.example", "maps.example"]


def test_a_fake_that_stays_up_lists_them(tmp_path: Path) -> None:
    """At its end, and in the verdict that it gives meanwhile."""
    with serving(tmp_path, "--intercept") as (process, told):
        trust = ssl.create_default_context(cafile=told["ca_file"])
        with httpx.Client(verify=trust, proxy=told["proxy"], trust_env=False) as http:
            assert http.get("https://collector.example/x").status_code == 403
        stdout = ended(process)[1]
    assert "also called collector.example (1 request)" in " ".join(stdout.split())


def test_a_check_lists_them(tmp_path: Path) -> None:
    """What was judged as BlastIQ's is not among them, whatever its host."""
    others = entry("https://cdn.example/a.js"), entry("https://cdn.example/b.js"), entry("http://localhost:3000/")
    api = call("https://data.mine.example/v3")
    path = write_har(tmp_path / "x", discovery(), sign_in("https://gateway.example/connect/token"), api, *others)
    done = called("check", str(path), "--report", f"html={tmp_path / 'h'}")
    assert "also called cdn.example (2 requests), this machine (1 request)" in " ".join(done.stdout.split())
    assert "<dt>Also called</dt><dd>cdn.example (2 requests)" in (tmp_path / "h").read_text()


def test_parts_of_a_run_list_all(tmp_path: Path) -> None:
    """Put together they name what any of them named."""
    for name, host in (("a", "a.example"), ("b", "b.example"), ("c", "a.example")):
        path = write_har(tmp_path / "x.har", sign_in(), entry(f"https://{host}/"))
        (tmp_path / f"{name}.json").write_text(called("check", "--format", "json", str(path)).stdout)
    files = [str(tmp_path / f"{name}.json") for name in "abc"]
    done = called("report", *files, "--to", "json")
    hosts = [{"host": "a.example", "requests": 2}, {"host": "b.example", "requests": 1}]
    assert json.loads(done.stdout)["other_hosts"] == hosts
