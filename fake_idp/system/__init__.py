"""What a program of ours needs of the system: output that survives, files written whole, signals, faults told."""
