"""Proof that no secret leaves."""
