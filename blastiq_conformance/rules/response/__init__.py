"""Rules 4xx: what the client makes of the answer."""
