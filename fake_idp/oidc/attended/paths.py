"""Paths below the authority to which a browser is sent, and the parameter that tells each page what it is for."""

# Where the browser comes back to after a page.
CALLBACK = "/connect/authorize/callback"
LOGIN = "/Account/Login"
LOGOUT = "/Account/Logout"
CONSENT = "/consent"

# The page of consent is the product's own default, that of the login belongs to ASP.NET's cookies.
RETURNS = {LOGIN: "ReturnUrl", LOGOUT: "logoutId", CONSENT: "returnUrl"}
