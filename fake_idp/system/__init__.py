"""What our programs need of the system: output that survives, files written whole, signals, reported faults."""
