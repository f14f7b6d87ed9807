"""Rules 5xx: renewing the token."""
