"""Fixes that were run: for each rule the libraries, named as in `Rule.fixes`, whose program was mended so.

`python -m tests.clients.fixes` writes `tried.json`; a test holds it to the programs.
"""

import json
from collections.abc import Mapping
from importlib.resources import files

TRIED: Mapping[str, list[str]] = json.loads(files(__package__).joinpath("tried.json").read_text(encoding="utf-8"))
