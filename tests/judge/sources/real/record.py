"""Records the samples of this folder anew: real tools between real clients and the fake, under production names.

`python -m tests.judge.sources.real.record [TOOL…]`; README.md says what must be there.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote, urlencode

from tests.clients.launch import CLIENTS
from tests.judge.sources.real import firefox

HERE = Path(__file__).parent
AUTHORITY = "https://www.blastiq.com/identity"
API = "https://www.blastiq.com/api"
USERNAME, PASSWORD = "service.user@mine.example", "päss w+rd&100%=recorded"
USER = {"username": USERNAME, "password": PASSWORD}
RIGHT = USER | {"client_id": "external.customer"}
WRONG = RIGHT | {"client_secret": "app-s3cret-recorded", "audience": API}
MITMPROXY = 8461


def listening() -> bool:
    """Whether mitmproxy can be called."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", MITMPROXY)) == 0


@contextmanager
def background(words: Sequence[str], ready: Callable[[], object]) -> Iterator[None]:
    """Run a program until the block ends; it may tidy up after itself."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
        try:
            while not ready():
                time.sleep(0.1)
            yield
        finally:
            process.terminate()


@contextmanager
def fake(work: Path) -> Iterator[Mapping[str, str]]:
    """A fake that is called by production names; gives its ready file."""
    ready = work / "ready.json"
    words = [sys.executable, "-m", "blastiq_conformance", "serve", "--intercept", "--user", f"{USERNAME}:{PASSWORD}"]
    with background([*words, "--ready-file", str(ready)], ready.exists):
        yield json.loads(ready.read_text(encoding="utf-8"))


@contextmanager
def mitmproxy(work: Path, told: Mapping[str, str], har: Path | None = None) -> Iterator[str]:
    """A mitmproxy before the fake, which speaks HTTP/2 to whoever can; gives its address."""
    options = {
        "confdir": str(work),
        "connection_strategy": "lazy",
        "ssl_verify_upstream_trusted_ca": told["ca_file"],
        **({"hardump": str(har)} if har else {}),
    }
    words = ["mitmdump", "--quiet", "--listen-host", "127.0.0.1", "--listen-port", str(MITMPROXY)]
    words += ["--mode", f"upstream:{told['proxy']}", *(f"--set={name}={value}" for name, value in options.items())]
    with background(words, listening):
        yield f"http://127.0.0.1:{MITMPROXY}"


@contextmanager
def pages() -> Iterator[dict[str, str]]:
    """The addresses of the page that signs in by fetch, one for each way to do it."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(HERE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        ways = {"right": RIGHT, "wrong": WRONG, "basic": USER | {"client": "external.customer"}}
        start = f"http://127.0.0.1:{server.server_port}/page.html#"
        yield {name: start + urlencode({"authority": AUTHORITY, **way}, quote_via=quote) for name, way in ways.items()}
        server.shutdown()


def run(words: Sequence[str], **more: str) -> None:
    """Run a program to its end; it must succeed."""
    subprocess.run(words, env=os.environ | more, check=True, timeout=120)


def in_browsers(work: Path, told: Mapping[str, str], tools: set[str]) -> None:
    """Record the page in browsers."""
    chromium = shutil.which("chromium") or "chromium"
    with mitmproxy(work, told) as proxy, pages() as ways:
        few = {name: ways[name] for name in ("right", "wrong")}
        for tool, visits in (("chrome", ways), ("playwright", few)):
            if tool in tools:
                asked = [part for visit in visits.items() for part in visit]
                run(["node", str(HERE / f"{tool}.js"), chromium, proxy, str(HERE), *asked])
        if "firefox" in tools:
            firefox.record("firefox-esr", proxy, HERE, few)


def by_curl(work: Path, told: Mapping[str, str]) -> None:
    """Keep curl's trace of a sign-in through a proxy, without the lines that name folders of this machine."""
    with mitmproxy(work, told) as proxy:
        for name, way in (("right", RIGHT), ("wrong", WRONG)):
            trace = work / "trace"
            run([*curl(work, proxy), "--trace-ascii", str(trace), *form(way), f"{AUTHORITY}/connect/token"])
            lines = trace.read_text(encoding="utf-8").splitlines(keepends=True)
            text = "".join(line for line in lines if not re.match(r"== Info:\s+CA(file|path):", line))
            (HERE / f"curl-{name}.txt").write_text(text, encoding="utf-8")


def curl(work: Path, proxy: str) -> list[str]:
    """Give the beginning of a command that speaks HTTP/2 and throws the answer away."""
    trusting = ["--proxy", proxy, "--cacert", str(work / "mitmproxy-ca-cert.pem")]
    return ["curl", "-sS", "--http2", "-o", os.devnull, *trusting]


def form(fields: Mapping[str, str]) -> list[str]:
    """Give the options that post the fields."""
    pairs = [f"{name}={value}" for name, value in {"grant_type": "password", **fields}.items()]
    return [part for pair in pairs for part in ("--data-urlencode", pair)]


def through_mitmproxy(work: Path, told: Mapping[str, str]) -> None:
    """Record requests, which does all right, and curl, over HTTP/2, which does not."""
    with mitmproxy(work, told, HERE / "mitmproxy-right.har") as proxy:
        contract = {"AUTHORITY": AUTHORITY, "API_URL": API, "CLIENT_ID": "external.customer", "API_CALLS": "2"}
        contract |= {"USERNAME": USERNAME, "PASSWORD": PASSWORD}
        trust = {"HTTPS_PROXY": proxy, "REQUESTS_CA_BUNDLE": str(work / "mitmproxy-ca-cert.pem")}
        environment = trust | {f"BLASTIQ_{name}": value for name, value in contract.items()}
        run([sys.executable, str(CLIENTS / "good/requests_session.py")], **environment)
    with mitmproxy(work, told, HERE / "mitmproxy-wrong.har") as proxy:
        run([*curl(work, proxy), f"{AUTHORITY}/.well-known/openid-configuration"])
        run([*curl(work, proxy), *form(WRONG), f"{AUTHORITY}/connect/token"])


def by_newman(work: Path, told: Mapping[str, str]) -> None:
    """Run the collections; of the report every byte of a body has a line, which are joined."""
    for name in ("right", "wrong"):
        out = work / "newman.json"
        words = ["newman", "run", str(HERE / f"postman-{name}.json"), "-e", str(HERE / "postman-environment.json")]
        words += ["--reporters", "json", "--reporter-json-export", str(out)]
        run(words, HTTPS_PROXY=told["proxy"], NODE_EXTRA_CA_CERTS=told["ca_file"])
        text = json.dumps(json.loads(out.read_text(encoding="utf-8")), ensure_ascii=False, separators=(",", ":"))
        (HERE / f"newman-{name}.json").write_text(text + "\n", encoding="utf-8")


def main(tools: set[str]) -> None:
    """Record with each tool."""
    with tempfile.TemporaryDirectory() as folder, fake(Path(folder)) as told:
        work = Path(folder)
        if tools & BROWSERS:
            in_browsers(work, told, tools)
        for tool, record in OTHERS.items():
            if tool in tools:
                record(work, told)


BROWSERS = {"chrome", "playwright", "firefox"}
OTHERS = {"mitmproxy": through_mitmproxy, "curl": by_curl, "newman": by_newman}

if __name__ == "__main__":
    main(set(sys.argv[1:]) or BROWSERS | OTHERS.keys())
