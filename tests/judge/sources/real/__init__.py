"""Recordings of real tools, and how they are made."""
