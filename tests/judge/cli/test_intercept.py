"""`--tls` and `--intercept`: the production authority, over TLS, and nothing of it leaves the machine."""

import json
import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.judge.cli.serving import ended, serving
from tests.judge.cli.shell import blastiq as started
from tests.judge.cli.shell import called as blastiq
from tests.judge.naive import RIGHT
from tests.measuring import MEASURED

pytestmark = pytest.mark.slow

WHO = (
    "import json, os; from pathlib import Path; "
    "Path(os.environ['SEEN']).write_text(json.dumps(dict(os.environ))); {then}"
)
# In a namespace of its own a process has no network but loopback, and that is down.
NAMESPACE = ("unshare", "--map-root-user", "--net", "--")
UP = (
    "import fcntl, socket, struct, sys, subprocess; "
    "fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x41)); "
    "sys.exit(subprocess.call(sys.argv[1:]))"
)
can_unshare = (
    shutil.which("unshare") and not subprocess.run([*NAMESPACE, "true"], check=False, capture_output=True).returncode
)


def program(tmp_path: Path, then: str = RIGHT) -> list[str]:
    (tmp_path / "app.py").write_text(WHO.format(then=then))
    return ["--", sys.executable, str(tmp_path / "app.py")]


def seen(tmp_path: Path) -> dict[str, str]:
    return dict(json.loads((tmp_path / "seen").read_text()))


SLUGS = ["sign-in", "issuer-mismatch", "redirects", "tls-untrusted", "tls-wrong-name", "tls-old"]


def chosen(*slugs: str) -> list[str]:
    return [word for slug in slugs for word in ("--scenario", slug)]


@pytest.mark.unmeasured
def test_the_demo_is_clean_over_tls() -> None:
    """Certificates, endpoints and redirects included; by the proxy as well, in the test that nothing leaves."""
    done = blastiq("run", "--tls", "--demo", *chosen(*SLUGS))
    assert done.returncode == 0, done.stdout
    assert "8 of " in done.stdout  # tls-good and the control come by themselves


def test_the_child_is_told_the_production_authority(tmp_path: Path) -> None:
    """With the proxy, the files to trust, and the inherited options of the JVM before the kit's own."""
    told = {"SEEN": str(tmp_path / "seen"), "JAVA_TOOL_OPTIONS": "-Xmx64m", "BLASTIQ_CA_FILE": "stale"}
    assert blastiq("run", "--intercept", "--quick", *program(tmp_path), **told).returncode == 0
    given = seen(tmp_path)
    assert given["BLASTIQ_AUTHORITY"] == "https://www.blastiq.com/identity"
    assert given["BLASTIQ_API_URL"] == "https://www.blastiq.com/api"
    assert given["HTTPS_PROXY"] == given["http_proxy"] == given["BLASTIQ_PROXY"]
    assert given["NO_PROXY"] == "127.0.0.1,localhost"
    assert given["SSL_CERT_FILE"] == given["BLASTIQ_CA_FILE"] != "stale"
    assert given["JAVA_TOOL_OPTIONS"].startswith("-Xmx64m -Djavax.net.ssl.trustStore=")
    assert not Path(given["SSL_CERT_FILE"]).parent.exists()


def test_a_target_may_name_the_hosts_itself(tmp_path: Path) -> None:
    """`intercept` in the configuration is as good as the option; the first name is the authority's."""
    command = program(tmp_path)[1:]
    lines = [
        "[[target]]",
        f"command = {json.dumps(command)}",
        'intercept = ["Login.Vendor.Example", "api.vendor.example"]',
    ]
    (tmp_path / "blastiq.toml").write_text("\n".join(lines))
    done = blastiq("run", "--quick", "--config", str(tmp_path / "blastiq.toml"), SEEN=str(tmp_path / "seen"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert seen(tmp_path)["BLASTIQ_AUTHORITY"] == "https://login.vendor.example/identity"


def test_over_plain_http_what_needs_tls_is_left_out() -> None:
    """It says what it needs."""
    done = blastiq("run", "--demo", "--scenario", "tls-good")
    assert done.returncode == 2
    assert "tls-good needs `tls`" in done.stderr


def test_who_does_not_trust_the_kit_is_told_how(tmp_path: Path) -> None:
    """Nothing can be judged, and nothing more is tried."""
    command = program(tmp_path, f"os.environ.pop('SSL_CERT_FILE'); {RIGHT}")
    done = blastiq("run", "--tls", *command, SEEN=str(tmp_path / "seen"), SSL_CERT_DIR=str(tmp_path))
    assert done.returncode == 3
    assert "the kit's own authority" in " ".join(done.stdout.split())
    assert "SSL_CERT_FILE" in done.stdout


def test_whoever_calls_over_tls_is_shown_wrong_certificates(tmp_path: Path) -> None:
    """Whether a token came does not matter to that: the handshake with a right one is what is compared (D49)."""
    then = (
        "from urllib.request import urlopen; "
        "urlopen(os.environ['BLASTIQ_AUTHORITY'] + '/.well-known/openid-configuration'); raise SystemExit(1)"
    )
    words = ("--scenario", "tls-untrusted", "--allow-untested", *program(tmp_path, then))
    done = blastiq("run", "--tls", *words, SEEN=str(tmp_path / "seen"))
    assert "were not tested" not in " ".join(done.stdout.split())
    assert "BIQ002" not in done.stdout
    assert "3 of " in done.stdout


def test_a_finding_is_reproduced_in_the_same_way(tmp_path: Path) -> None:
    """The line says --tls again."""
    then = (
        "import ssl; from urllib.request import urlopen; ssl._create_default_https_context = "
        f"ssl._create_unverified_context; {RIGHT}"
    )
    words = ("--scenario", "tls-expired", *program(tmp_path, then))
    done = blastiq("run", "--tls", *words, SEEN=str(tmp_path / "seen"))
    assert done.returncode == 1
    assert "blastiq run --tls --scenario tls-expired --rule BIQ004 -- " in " ".join(done.stdout.split())


@pytest.mark.skipif(not can_unshare, reason="no network namespace can be made here")
def test_without_any_network_all_is_the_same() -> None:
    """Nothing is looked up and nobody is called: there is nobody."""
    kit = [sys.executable, "-m", "blastiq_conformance", "run", "--intercept", "--quick", "--demo"]
    done = subprocess.run([*NAMESPACE, sys.executable, "-c", UP, *kit], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


GUARD = """
import os, sys

NAMES = {"socket.connect", "socket.sendto", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname"}

def look(event, arguments):
    if event not in NAMES:
        return
    address = arguments[0] if event.startswith("socket.get") else arguments[1]
    host = address if isinstance(address, (str, bytes)) else address[0]
    if str(host) not in {"127.0.0.1", "localhost", "::1"}:
        with open(os.environ["SEEN"], "a") as seen:
            seen.write(f"{event} {host}\\n")
        raise OSError("guarded")

sys.addaudithook(look)
"""


def guarded(tmp_path: Path, *words: str) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run the kit with a guard on the sockets of every Python process: its own, and its children's."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    path = os.pathsep.join((str(tmp_path / "guard"), os.environ.get("PYTHONPATH", "")))
    return started(*words, PYTHONPATH=path, SEEN=str(tmp_path / "seen")), tmp_path / "seen"


def test_nothing_leaves_the_machine(tmp_path: Path) -> None:
    """The demo is clean, no address but loopback is called and no name looked up, whatever name it calls."""
    done, seen = guarded(tmp_path, "run", "--intercept", *chosen(*SLUGS, "endpoint-http"), "--demo")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 of " in done.stdout
    assert not seen.exists(), seen.read_text()


def test_the_guard_sees_what_would_leave(tmp_path: Path) -> None:
    """A program that passes the proxy over is stopped by it: the test above can fail."""
    then = "import socket; socket.create_connection(('collector.example', 443))"
    (tmp_path / "app.py").write_text(then)
    _, seen = guarded(tmp_path, "run", "--intercept", "--quick", "--", sys.executable, str(tmp_path / "app.py"))
    assert seen.read_text() == "socket.getaddrinfo collector.example\n"


@pytest.mark.parametrize("way", ["--tls", "--intercept"])
def test_a_fake_that_stays_up_speaks_tls(tmp_path: Path, way: str) -> None:
    """The ready file and the terminal say whom to trust; a scenario changes the certificate while it runs."""
    with serving(tmp_path, way, **MEASURED) as (process, told):
        authority = "https://www.blastiq.com/identity" if way == "--intercept" else told["authority"]
        trust = ssl.create_default_context(cafile=told["ca_file"])
        url = authority + "/.well-known/openid-configuration"
        exports = Path(told["environment_file"]).read_text()
        assert f"export SSL_CERT_FILE={told['ca_file']}\n" in exports
        assert ("proxy" in told) is ("HTTPS_PROXY" in exports) is (way == "--intercept")
        with httpx.Client(verify=trust, proxy=told.get("proxy"), trust_env=False) as http:
            assert http.get(url).json()["issuer"] == authority
            # By a production name nothing answers that BlastIQ does not have.
            beside = [http.get(authority.removesuffix("/identity") + path) for path in ("/", "/__blastiq__/health")]
            assert [answer.status_code for answer in beside] == ([404, 404] if way == "--intercept" else [200, 200])
            address = told["authority"].removesuffix("/identity") + "/__blastiq__/scenario/"
            header = {"X-BlastIQ-Control": told["control_token"]}
            with httpx.Client(verify=trust, trust_env=False) as control:
                assert control.post(address + "issuer-mismatch/other-origin", headers=header).status_code == 200
                assert http.get(url).json()["issuer"] != authority
                assert control.post(address + "tls-expired", headers=header).status_code == 200
        anew = httpx.Client(verify=trust, proxy=told.get("proxy"), trust_env=False)
        with anew, pytest.raises(httpx.ConnectError, match="expired"):
            anew.get(url)
        stdout = ended(process)[1]
    assert f"  . {told['environment_file']}\n" in stdout
    assert "TLS handshake failed: SSLV3_ALERT_CERTIFICATE_EXPIRED" in stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--scenario", "tls-good"), "needs --intercept, or --tls"),
        (("--tls", "--scenario", "endpoint-http"), "needs --intercept"),
    ],
)
def test_a_scenario_that_would_show_nothing_is_refused(words: tuple[str, ...], said: str) -> None:
    """Before the fake is up."""
    done = blastiq("serve", *words)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
