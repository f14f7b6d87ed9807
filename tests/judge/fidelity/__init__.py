"""Tests of the comparison with a real authority."""
