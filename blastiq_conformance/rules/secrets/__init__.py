"""Rules 7xx: where secrets must not turn up."""
