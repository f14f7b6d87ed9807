"""The judge: reads journals and recordings of BlastIQ sign-ins and says, with a citation, what conforms."""

import importlib

__version__ = "0.1.0"

# Name → module that holds it, imported on first use (PEP 562): a pytest plugin is paid for by every test run.
_FACE = {
    "BlastiqUntested": "plugin.door",
    "BlastiqViolation": "plugin.door",
    "BlastiqWarning": "plugin.door",
    "Evidence": "evidence",
    "Facts": "evidence",
    "Finding": "catalogue",
    "Outcome": "catalogue",
    "Profile": "catalogue",
    "Result": "catalogue",
    "Rule": "catalogue",
    "Severity": "catalogue",
    "catalogue": "catalogue",
    "fake_blastiq": "plugin.door",
    "judge": "judge.engine",
}

__all__ = [
    "BlastiqUntested",
    "BlastiqViolation",
    "BlastiqWarning",
    "Evidence",
    "Facts",
    "Finding",
    "Outcome",
    "Profile",
    "Result",
    "Rule",
    "Severity",
    "__version__",
    "catalogue",
    "fake_blastiq",
    "judge",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is asked for."""
    if name not in _FACE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_FACE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
