"""Rules 2xx: the form of the token request."""
