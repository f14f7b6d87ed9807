"""A fake in a process of its own, which tells on request what it holds: a line in, a line of JSON out."""

import ctypes
import gc
import json
import os
import sys
import threading
import time
from pathlib import Path

from fake_idp.core import FakeIdp
from fake_idp.server import Server
from fake_idp.tenant import ServiceUser, Tenant

_PAGE = os.sysconf("SC_PAGE_SIZE")
_SETTLED = 20.0


def _resident() -> int:
    gc.collect()
    if sys.platform == "linux":
        # What was freed goes back, so that only what is held is measured.
        ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def main() -> None:
    """Serve a fresh fake for each round; the server, its loop and its threads stay."""
    tenant = Tenant(users=(ServiceUser(username="svc", password="soak-password"),))  # noqa: S106 - opens nothing
    with Server() as server:
        while sys.stdin.readline():
            idp = FakeIdp(tenant)
            listener = server.serve(idp)
            print(listener.port, flush=True)
            expected = int(sys.stdin.readline())
            deadline = time.monotonic() + _SETTLED
            while len(idp.journal) < expected and time.monotonic() < deadline:
                time.sleep(0.02)
            listener.close()
            held = {"entries": len(idp.journal), "under_way": idp.journal.under_way}
            del listener, idp
            held |= {"resident": _resident(), "descriptors": _descriptors(), "threads": threading.active_count()}
            print(json.dumps(held), flush=True)


if __name__ == "__main__":
    main()
