"""Tests of the search of shipped artefacts."""
