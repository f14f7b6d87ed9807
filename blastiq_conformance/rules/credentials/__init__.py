"""Rules 3xx: the Service User's credentials on the wire."""
