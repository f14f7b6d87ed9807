"""Try the doors by hand: python -m tests.judge.doors SEED CASES [DOOR …]; files that break one are kept here."""

import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from hashlib import sha256
from pathlib import Path

from click.testing import CliRunner

from tests.judge.doors import DOORS, mutated

_DOCUMENTED = frozenset(range(5))
_SECONDS = 10


def _too_long(_number: int, _frame: object) -> None:
    raise TimeoutError(f"no end after {_SECONDS} s")


def main(seed: int, cases: int, names: list[str]) -> int:
    """Print how often each door ended how, and keep a file for each fault; 1 where there was one."""
    chance, runner, kept = random.Random(seed), CliRunner(), Path.cwd()
    signal.signal(signal.SIGALRM, _too_long)
    ends: Counter[tuple[str, str]] = Counter()
    faults: Counter[str] = Counter()
    slowest = (0.0, "")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for _ in range(cases):
            name = chance.choice(names)
            content = mutated(DOORS[name].seeds, chance)
            started = time.process_time()
            signal.alarm(_SECONDS)
            outcome = DOORS[name].enter(content, Path(folder), runner)
            signal.alarm(0)
            slowest = max(slowest, (time.process_time() - started, name))
            ends[name, str(outcome) if outcome in _DOCUMENTED else "fault"] += 1
            if outcome not in _DOCUMENTED:
                where = traceback.extract_tb(outcome.__traceback__)[-1] if isinstance(outcome, BaseException) else ""
                fault = f"{name}: {outcome!r:.100} {where}"
                faults[fault] += 1
                (kept / f"fault-{sha256(fault.encode('utf-8', 'replace')).hexdigest()[:8]}").write_bytes(content)
        os.chdir(kept)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{cases} cases, the slowest {slowest[0]:.2f} s ({slowest[1]}), at most {memory} MiB\n")
    for (name, end), count in sorted(ends.items()):
        sys.stdout.write(f"  {name:<16} {end:<6} {count}\n")
    for fault, count in faults.most_common():
        sys.stdout.write(f"FAULT {count} times: {fault!a}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] or list(DOORS)))
