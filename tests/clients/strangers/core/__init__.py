"""One right program for each language, and the flaws that it can be given."""
