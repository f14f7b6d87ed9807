"""Paths below the authority to which a browser is sent, and the parameter that tells each page what it is for."""

# Where the browser comes back to after a page.
CALLBACK = "/connect/authorize/callback"
LOGIN = "/Account/Login"
LOGOUT = "/Account/Logout"
CONSENT, ERROR = "/consent", "/home/error"

# The pages of consent and errors are the product's own defaults, the others belong to ASP.NET's cookies.
RETURNS = {LOGIN: "ReturnUrl", LOGOUT: "logoutId", CONSENT: "returnUrl", ERROR: "errorId"}
