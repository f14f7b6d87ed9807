"""A fake in a process of its own, which reports on request what it holds: a line in, a line of JSON out.

The argument says how it is reached: plain, tls or proxy.
"""

import ctypes
import gc
import json
import os
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, closing
from pathlib import Path

from blastiq_conformance.proxy.certificates import Certificates
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.server_config import ServerConfig, ServiceUser

_PAGE = os.sysconf("SC_PAGE_SIZE")
_SETTLED = 20.0


def _resident() -> int:
    gc.collect()
    if sys.platform == "linux":
        # Freed memory is returned to the system, so that only what is held is measured.
        ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def main() -> None:
    """Serve a fresh fake for each round; the server, the proxy, their loops and threads stay."""
    config = ServerConfig(users=(ServiceUser(username="svc", password="soak-password"),))  # noqa: S106 - opens nothing
    way = sys.argv[1]
    with Server() as server, tempfile.TemporaryDirectory() as folder:
        certificates = Certificates(Path(folder))
        while sys.stdin.readline():
            idp = FakeIdp(config)
            with ExitStack() as stack:
                secure = certificates.context() if way != "plain" else None
                listener = stack.enter_context(closing(server.serve(idp, tls=secure, proxied=way == "proxy")))
                print(json.dumps({"port": listener.port, "ca_file": str(certificates.ca_file)}), flush=True)
                expected = int(sys.stdin.readline())
                deadline = time.monotonic() + _SETTLED
                while len(idp.journal) < expected and time.monotonic() < deadline:
                    time.sleep(0.02)
            held = {"entries": len(idp.journal), "under_way": idp.journal.under_way}
            del listener, idp, secure
            held |= {"resident": _resident(), "descriptors": _descriptors(), "threads": threading.active_count()}
            print(json.dumps(held), flush=True)


if __name__ == "__main__":
    main()
