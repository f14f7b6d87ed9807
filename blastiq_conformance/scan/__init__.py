"""Searching shipped artefacts for credentials and tokens (BIQ707): files, and nested packages."""

from blastiq_conformance.scan.limits import Limits
from blastiq_conformance.scan.search import Found, Scan, scan
from blastiq_conformance.scan.walk import Unread

__all__ = ["Found", "Limits", "Scan", "Unread", "scan"]
