"""Keep a bundle of the current edition: `python -m tests.judge.editions`, once, before it is released."""

import gzip
import tempfile
from pathlib import Path

from blastiq_conformance.bundle import write_bundle
from blastiq_conformance.editions import CURRENT
from tests.judge.tampering import every_rule


def main() -> None:
    """Write it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "b.zip"
        write_bundle(path, [report for reports in every_rule() for report in reports])
        kept = Path(__file__).parent / f"{CURRENT}.zip.gz"
        kept.write_bytes(gzip.compress(path.read_bytes(), mtime=0))


if __name__ == "__main__":
    main()
