"""What is unusual but legal, in Python: each class differs from the plain client in one thing."""

import logging
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

from tests.clients.strangers.right_core.python.client import Answer, BlastiqError, Client

LOG = logging.getLogger("blastiq")


class HalfCloses(Client):
    """Says with a FIN that the request is whole, and reads on: TCP allows it, and RFC 9112 9.6 describes it."""

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        parts = urlsplit(url)
        fields = {"Host": parts.netloc, "Connection": "close", **headers, "Content-Length": str(len(body or b""))}
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        head = "".join([f"{method} {target} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in fields.items())])
        with socket.create_connection((str(parts.hostname), parts.port or 80), timeout=10) as peer:
            peer.sendall(head.encode() + b"\r\n" + (body or b""))
            peer.shutdown(socket.SHUT_WR)
            with HTTPResponse(peer, method=method) as response:
                response.begin()
                names = {name.lower(): value for name, value in response.getheaders()}
                return Answer(response.status, names, response.read())


class OldConnection(HTTPConnection):
    """The version before persistent connections and chunks."""

    _http_vsn = 10
    _http_vsn_str = "HTTP/1.0"


class Http10(Client):
    """Speaks HTTP/1.0, with the Host that a server of many names needs all the same."""

    plain = OldConnection

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        return super().send(method, url, {"Host": urlsplit(url).netloc, **headers}, body)


class Traceback(Client):
    """Ends with its own exception unhandled: exit status 1, and a stack trace that holds no secret."""

    def main(self) -> None:
        self.run()


class RenewsForEveryCall(Client):
    """A new token for each call: wasteful, and works."""

    def call(self) -> None:
        if self.tokens.get("used"):
            self.renew()
        super().call()
        self.tokens["used"] = True


class OneRenewal(Client):
    """A job that signs in anew once in its life, and gives up at the next 401: it will be started again."""

    renewed = False

    def renew(self) -> None:
        if self.renewed:
            raise BlastiqError("the second token died; the next job begins anew")
        self.renewed = True
        self.sign_in()


class ProcessPerJob(Client):
    """A scheduler: for each call a process of its own, which signs in for itself."""

    def run(self) -> None:
        self.demand_credentials()
        job = [sys.executable, "-m", "tests.clients.strangers.right_core.python", "plain"]
        for call in range(self.calls):
            time.sleep(1 if call else 0)
            if subprocess.run(job, env={**os.environ, "BLASTIQ_API_CALLS": "1"}, check=False).returncode:
                raise BlastiqError("a job failed")


class TwoUsers(Client):
    """Two customers in one process, whose calls take turns: each has a token of its own."""

    def run(self) -> None:
        customers = [Client(self.environment)]
        if "BLASTIQ_USERNAME_2" in self.environment:
            names = ("BLASTIQ_USERNAME", "BLASTIQ_PASSWORD")
            customers.append(Client({**self.environment, **{name: self.environment[f"{name}_2"] for name in names}}))
        for call in range(self.calls):
            time.sleep(1 if call else 0)
            customer = customers[call % len(customers)]
            if not customer.tokens:
                customer.demand_credentials()
                customer.discover()
                customer.sign_in()
            customer.call()


class Debugs(Client):
    """With --debug it says what it sends and gets, by name and never by value."""

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        answer = super().send(method, url, headers, body)
        if "--debug" in sys.argv:
            logging.basicConfig(level=logging.DEBUG)
            fields = [pair.partition(b"=")[0].decode() for pair in (body or b"").split(b"&")]
            LOG.debug("sent %s %s with %s and %s", method, url, sorted(headers), fields)
            LOG.debug("got %s with %s and %s bytes", answer.status, answer.headers, len(answer.body))
        return answer


class Probes(Client):
    """Asks first whether the server is there (HEAD) and what the API allows (OPTIONS)."""

    def discover(self) -> None:
        self.patiently("HEAD", f"{self.authority}/.well-known/openid-configuration", {})
        super().discover()
        self.patiently("OPTIONS", self.api_url, {})
        time.sleep(1)


class OtherHeaders(Client):
    """A cookie of its own and trace headers (W3C Trace Context) go with every request, as instrumented programs do."""

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        trace = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
        more = {"Traceparent": trace, "Tracestate": "vendor=t61rcWkgMzE", "Cookie": "locale=en; seen=1"}
        return super().send(method, url, {**headers, **more, "X-Request-Id": secrets.token_hex(16)}, body)


class Plain(Client):
    """Nothing odd but the client id, which Support gave under another name: article, C# sample."""


ODDITIES: dict[str, type[Client]] = {
    "plain": Plain,
    "half-closes": HalfCloses,
    "http-1.0": Http10,
    "traceback": Traceback,
    "renews-for-every-call": RenewsForEveryCall,
    "one-renewal": OneRenewal,
    "process-per-job": ProcessPerJob,
    "two-users": TwoUsers,
    "debugs": Debugs,
    "probes": Probes,
    "other-headers": OtherHeaders,
}
