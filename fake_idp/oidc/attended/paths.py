"""Where the attended endpoints and pages are, below the authority; login and consent are pages of our own making."""

AUTHORIZE = "/connect/authorize"
# Where the browser comes back to after a page.
CALLBACK = "/connect/authorize/callback"
CHECK_SESSION = "/connect/checksession"
END_SESSION = "/connect/endsession"
# Its frames tell other clients of the sign-out; ours has none.
END_SESSION_CALLBACK = "/connect/endsession/callback"
PUSH = "/connect/par"
LOGIN = "/Account/Login"
CONSENT = "/Account/Consent"

RETURN = "ReturnUrl"
