"""Rules 8xx: how failures are handled, and how fast the API is called."""
