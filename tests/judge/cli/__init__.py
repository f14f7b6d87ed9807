"""Tests of the command line, as a shell calls it."""
