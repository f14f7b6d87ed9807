"""Rules 6xx: how the access token is used."""
