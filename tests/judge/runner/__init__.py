"""Tests of the runner, with real processes."""
