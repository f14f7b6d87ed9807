"""Measure everything, or what is named: `python -m benchmarks [signing] [throughput] [pipelining] …`."""

import importlib
import os
import sys

from benchmarks.table import Row, show

_ALL = (
    "signing",
    "throughput",
    "pipelining",
    "judging",
    "startup",
    "fixtures",
    "runs",
    "reading",
    "watching",
    "live_page",
    "growth",
)

# What is measured runs as it does for a user, whose Python keeps what it has compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

rows: list[Row] = []
for name in sys.argv[1:] or _ALL:
    rows += importlib.import_module(f"benchmarks.{name}").measure()
print(show(rows))
sys.exit(any(row.met is False for row in rows))
