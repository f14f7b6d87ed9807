"""Shipped artefacts searched for credentials and tokens (BIQ707): files, and packages within packages."""

from blastiq_conformance.scan.limits import Limits
from blastiq_conformance.scan.member import Unread
from blastiq_conformance.scan.search import Found, Scan, scan

__all__ = ["Found", "Limits", "Scan", "Unread", "scan"]
