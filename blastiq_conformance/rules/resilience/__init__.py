"""The rules 8xx: how failures are taken, and how fast the API is called."""
