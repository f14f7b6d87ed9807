"""Tests of blastiq_conformance."""
