"""`python -m tests.clients.fixes` writes blastiq_conformance/catalogue/tried.json anew, from the tables beside this."""

import json
from pathlib import Path

from blastiq_conformance.catalogue import tried
from tests.clients.fixes import FIXES


def source() -> str:
    """Give the file as the tables have it."""
    libraries: dict[str, list[str]] = {}
    for rule, library in sorted({(rule, fix.library) for fix in FIXES for rule in fix.ids}):
        libraries.setdefault(rule, []).append(library)
    return json.dumps(libraries, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(str(tried.__file__)).with_suffix(".json").write_text(source(), encoding="utf-8")
