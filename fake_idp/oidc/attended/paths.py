"""Paths below the authority to which a browser is sent, and the parameter in which it brings a page its way back."""

# Where the browser comes back to after a page.
CALLBACK = "/connect/authorize/callback"
LOGIN = "/Account/Login"
CONSENT = "/consent"

# The page of consent is the product's own default, that of the login belongs to ASP.NET's cookies.
RETURNS = {LOGIN: "ReturnUrl", CONSENT: "returnUrl"}
