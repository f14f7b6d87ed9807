"""The judge: reads journals and recordings of BlastIQ sign-ins and says, with a citation, what conforms."""

import importlib

# What checkers believe of these names stands in __init__.pyi: they cannot see what is imported on first use.
__version__ = "0.1.0"

# Name → module that holds it, imported on first use (PEP 562): a pytest plugin is paid for by every test run.
_FACE = {
    "BlastiqUntested": "plugin.door",
    "BlastiqViolation": "plugin.door",
    "BlastiqWarning": "plugin.door",
    "Door": "plugin.door",
    "Evidence": "evidence",
    "Facts": "evidence",
    "Finding": "catalogue",
    "LiveServer": "plugin.live",
    "Outcome": "catalogue",
    "Profile": "catalogue",
    "Result": "catalogue",
    "Rule": "catalogue",
    "Severity": "catalogue",
    "fake_blastiq": "plugin.block",
}

__all__ = list(_FACE)
__all__ += ["__version__"]


def __getattr__(name: str) -> object:
    """Import a public name when it is asked for."""
    if name not in _FACE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_FACE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
