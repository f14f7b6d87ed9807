"""Rules 0xx: TLS and redirects."""
