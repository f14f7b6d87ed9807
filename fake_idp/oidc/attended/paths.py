"""Paths below the authority to which a browser is sent; login and consent are pages of our own making."""

# Where the browser comes back to after a page.
CALLBACK = "/connect/authorize/callback"
LOGIN = "/Account/Login"
CONSENT = "/Account/Consent"

RETURN = "ReturnUrl"
