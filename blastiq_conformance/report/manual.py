"""What only a person can check, because no traffic shows it (D20)."""

MANUAL = (
    "For an attended integration: a ticket was raised with BlastIQ Support before it was built (article A7).",
    "Service User credentials are stored encrypted, and only the integration can read them (article A10).",
    "The customer enters the credentials through a screen that is safe and plain (article A10).",
    "The token request is made by a maintained client library, not by hand-made code (article A13).",
    "Where no second sign-in is needed, the password is discarded once the token is there (RFC 6749 4.3.1).",
    "The Service User has no more rights than the integration needs, and sees the one site it is for (article A9).",
    "Data is fetched as modified since the last time, where the API offers it (the sister article on API limits).",
    "For an attended integration: the sign-in opens in the system's browser, not in an embedded one (RFC 8252 8.12).",
)
