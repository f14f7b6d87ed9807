"""A bundle of each edition, with the bad example of every rule in it; they are kept as they were written."""
