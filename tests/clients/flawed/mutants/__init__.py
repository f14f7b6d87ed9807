"""A clean core and, a class each, the known ways to get the sign-in wrong, numbered as in docs/spec/mutants.md."""
