"""Rules applied to evidence."""
