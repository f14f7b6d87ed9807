"""Where the attended endpoints and pages are, below the authority; login and consent are pages of our own making."""

AUTHORIZE = "/connect/authorize"
# Where the product lets the browser come back to, once a page has done its work.
CALLBACK = "/connect/authorize/callback"
CHECK_SESSION = "/connect/checksession"
END_SESSION = "/connect/endsession"
# Whose frames tell other clients; ours has none.
END_SESSION_CALLBACK = "/connect/endsession/callback"
PUSH = "/connect/par"
LOGIN = "/account/login"
CONSENT = "/account/consent"

RETURN = "ReturnUrl"
