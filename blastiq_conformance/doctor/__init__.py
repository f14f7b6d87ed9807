"""`blastiq doctor`: what is wrong with a machine or a set-up, found before any verdict."""

from blastiq_conformance.doctor.check import Check, Machine, Status
from blastiq_conformance.doctor.diagnosis import advise, diagnose, problems

__all__ = ["Check", "Machine", "Status", "advise", "diagnose", "problems"]
