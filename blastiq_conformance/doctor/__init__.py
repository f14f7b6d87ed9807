"""`blastiq doctor`: what is wrong with a machine or a set-up, found before any verdict."""

from blastiq_conformance.doctor.check import Check, Status
from blastiq_conformance.doctor.diagnosis import advise, diagnose

__all__ = ["Check", "Status", "advise", "diagnose"]
