"""What a run costs beyond the integration itself."""

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.process import serving
from benchmarks.table import Row

_BLASTIQ = str(Path(sys.executable).with_name("blastiq"))
_CURL = Path(__file__).parent.parent / "blastiq_conformance" / "programs" / "examples" / "curl.sh"


def _seconds(*command: str, env: dict[str, str] | None = None) -> float:
    started = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, env=env)
    if done.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout.decode()}{done.stderr.decode()}"
        )
    return time.perf_counter() - started


def _alone() -> float:
    """Run the curl client against a fake that is up already."""
    with serving("fake_idp") as (_, facts):
        env = os.environ | {
            "BLASTIQ_AUTHORITY": facts["authority"],
            "BLASTIQ_DISCOVERY_URL": facts["authority"] + "/.well-known/openid-configuration",
            "BLASTIQ_API_URL": facts["api_url"],
            "BLASTIQ_USERNAME": facts["username"],
            "BLASTIQ_PASSWORD": facts["password"],
            "BLASTIQ_CLIENT_ID": "external.customer",
            "BLASTIQ_API_CALLS": "1",
        }
        return min(_seconds("sh", str(_CURL), env=env) for _ in range(3))


def measure() -> list[Row]:
    """Compare a quick run with curl alone, and all scenarios with the slowest of them."""
    curl = _alone()
    quick = min(_seconds(_BLASTIQ, "run", "--quick", "--", "sh", str(_CURL)) for _ in range(3))
    from blastiq_conformance.scenarios import scenarios

    slowest = max(scenario.seconds for scenario in scenarios().values() if not scenario.slow)
    whole = _seconds(_BLASTIQ, "run", "--demo")
    return [
        Row("`blastiq run --quick` on curl, beyond curl alone", f"{quick - curl:.2f} s", "≤ 1 s", quick - curl <= 1),
        Row("all scenarios on the demo", f"{whole:.1f} s", f"≤ {slowest:g} + 2 s", whole <= slowest + 2),
    ]
