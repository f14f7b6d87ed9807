"""A clean core and, a class each, the known ways to get the sign-in wrong, under the numbers of requirements 6."""
