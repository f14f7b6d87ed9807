"""Rules 1xx: the discovery document, where it is asked for and what it is good for."""
