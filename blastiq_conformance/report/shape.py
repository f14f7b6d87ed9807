"""The shapes of the JSON report and of a bundle: `shape.pyi` has their members, made of the shipped schemas.

At run time each is an object of JSON; type checkers read the stub.
"""

from typing import Any


def __getattr__(name: str) -> object:
    if name != "Model" and not name.endswith("Shape"):
        raise AttributeError(name)
    return dict[str, Any]
