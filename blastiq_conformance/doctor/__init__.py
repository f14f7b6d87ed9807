"""What is wrong with a machine or a set-up, found and named before any verdict: `blastiq doctor`."""

from blastiq_conformance.doctor.check import Check, Machine, Status
from blastiq_conformance.doctor.diagnosis import advise, diagnose, problems

__all__ = ["Check", "Machine", "Status", "advise", "diagnose", "problems"]
