"""What the real curl says of its own traffic, and texts like it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from blastiq_conformance.sources import SourceError
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.server_config import ServerConfig, ServiceUser
from tests.judge.sources.bytes_of import fields, read_text

CURL = shutil.which("curl")
FORM = "grant_type=password&username=u%40mine.example&password=p9X2mK4vQ7wZ&client_id=external.customer"
VERBOSE = """\
* Connected to www.blastiq.com (192.0.2.1) port 443
* SSL connection using TLSv1.3
} [5 bytes data]
> POST /identity/connect/token HTTP/2
> Host: www.blastiq.com
> Content-Length: 9
>
* upload completely sent off: 9 bytes
< HTTP/1.1 100 Continue
<
< HTTP/2 400
< Content-Type: application/json
<
{"error":
"invalid_grant"}* Connection #0 to host www.blastiq.com left intact
"""

TUNNEL = """\
*   Trying 127.0.0.1:8461...
> CONNECT www.blastiq.com:443 HTTP/1.1
> Host: www.blastiq.com:443
>
< HTTP/1.1 200 Connection established
<
* CONNECT tunnel established, response 200
"""


def test_stamps_before_each_line_change_nothing(tmp_path: Path) -> None:
    """Neither the time (--trace-time) nor the number of the connection (--trace-ids)."""
    stamped = "\n".join(f"12:00:00.5 [0-0] {line}" if line[:1] in "*><}" else line for line in VERBOSE.splitlines())
    plain, told = read_text(tmp_path, VERBOSE), read_text(tmp_path, stamped)
    assert [(x.request, x.response) for x in told.exchanges] == [(x.request, x.response) for x in plain.exchanges]


@pytest.mark.skipif(CURL is None, reason="needs curl")
@pytest.mark.parametrize("options", [["--trace-ascii", "-"], ["--trace-ascii", "-", "--trace-time"], ["-v"]])
def test_a_sign_in_that_curl_wrote_down(tmp_path: Path, options: list[str]) -> None:
    """Fields, answer and token are read from it; -v has no body of the request, and says so."""
    user = ServiceUser(username="u@mine.example", password="p9X2mK4vQ7wZ")
    with Server() as server:
        url = server.serve(FakeIdp(ServerConfig(users=(user,)))).token_url
        done = subprocess.run([str(CURL), *options, "-s", "-d", FORM, url], capture_output=True, check=True, timeout=20)
    evidence = read_text(tmp_path, done.stderr.decode() + done.stdout.decode())
    (request,) = evidence.token_requests
    assert request.status == 200
    assert request.request.scheme == "http"
    if options == ["-v"]:
        assert request.exchange.lost == {"body"}
        return
    assert request.exchange.edited == ""
    assert len(evidence.access_tokens) == 1
    assert fields(evidence)[0] == {
        "grant_type": "password",
        "username": "u@mine.example",
        "password": "p9X2mK4vQ7wZ",
        "client_id": "external.customer",
    }


def test_a_sign_in_through_a_proxy(tmp_path: Path) -> None:
    """The port, which is the proxy's, may be named after TLS is there; the tunnel before it is not an exchange."""
    secure, _, request = VERBOSE.partition("}")
    connected = secure.replace("443", "8461").splitlines(keepends=True)
    (exchange,) = read_text(tmp_path, TUNNEL + "".join(reversed(connected)) + "}" + request).exchanges
    assert exchange.request.url == "https://www.blastiq.com/identity/connect/token"


def test_the_scheme_is_that_of_each_connection(tmp_path: Path) -> None:
    """A second one may be plain; one that is used again stays what it was."""
    request = "> GET /identity/connect/token HTTP/1.1\n> Host: a.example\n>\n"
    secure, plain = "*   Trying 192.0.2.1:8443...\n* SSL connection using TLSv1.3\n", "*   Trying 192.0.2.1:80...\n"
    exchanges = read_text(tmp_path, secure + request + request + plain + request).exchanges
    assert [exchange.request.scheme for exchange in exchanges] == ["https", "https", "http"]


def test_verbose_output_of_a_refusal(tmp_path: Path) -> None:
    """Interim answers are passed over; the last line of a body may have curl's words at its end."""
    evidence = read_text(tmp_path, VERBOSE)
    (request,) = evidence.token_requests
    assert (request.status, request.error, request.request.scheme) == (400, "invalid_grant", "https")
    assert request.exchange.source.endswith(":4")
    assert request.exchange.edited == "curl -v does not show the body of a request: --trace-ascii does"


@pytest.mark.parametrize(
    ("response", "edited"),
    [
        ('0000: HTTP/1.1 200 OK\n0011: Content-Type: application/json\n<= Recv data, 9 bytes (0x9)\n0000: {."a":1.}',
         "the trace has dots where the response had line ends"),
        ("0000: HTTP/1.1 200 OK\n0011: Content-Length: 3\n", "the response had a body, and the recording has none"),
        ("0000: HTTP/1.1 200 OK\n", ""),
    ],
)  # fmt: skip
def test_what_a_trace_loses_is_known(tmp_path: Path, response: str, edited: str) -> None:
    """Line ends of a body are dots in it."""
    request = "=> Send header, 50 bytes (0x32)\n0000: GET /identity/connect/token HTTP/1.1\n0026: Host: a\n"
    (exchange,) = read_text(tmp_path, f"{request}<= Recv header, 99 bytes (0x63)\n{response}").exchanges
    assert exchange.edited == edited


def test_a_request_without_an_answer(tmp_path: Path) -> None:
    """Where the connection broke, there is none."""
    (exchange,) = read_text(tmp_path, "> GET /identity/connect/token HTTP/1.1\n> Host: a\n>\n* Empty reply").exchanges
    assert exchange.response is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("=> Send header, 50 bytes (0x32)\n0000: 50 4f 53 54 20 2f P", "line 2: a trace in hexadecimal numbers"),
        ("> GET http://[/ HTTP/1.1\n>\n", "Invalid IPv6"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str, said: str) -> None:
    """The option that writes what can be read is named."""
    with pytest.raises(SourceError, match=said) as caught:
        read_text(tmp_path, text)
    assert "--trace-ascii" in str(caught.value)


def test_a_length_of_thousands_of_digits_heads_no_block(tmp_path: Path) -> None:
    """Python makes no integer of more than 4,300 digits; the trace goes on with what comes next."""
    text = f"=> Send header, {'9' * 5000} bytes (0x1)\n=> Send header, 28 bytes (0x1c)\n0000: GET /api HTTP/1.1\n"
    assert [exchange.request.target for exchange in read_text(tmp_path, text).exchanges] == ["/api"]
