"""Measurements as ratios within one run, for the machine is noisy: `python -m benchmarks`."""
