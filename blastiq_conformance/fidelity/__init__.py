"""Whether a recorded authority answers as the fake does: the fake gets the same requests, compared trait by trait."""

from blastiq_conformance.fidelity.comparison import Comparison, compare_all

__all__ = ["Comparison", "compare_all"]
