"""Secrets found, and replaced by marks."""
