"""The messages that the examples of this family are made of: a client and a server whose TLS is wrong."""

LOOKUP = "GET https://www.blastiq.com/identity/.well-known/openid-configuration\nHTTP/1.1 404 Not Found\n"


def alert(name: str) -> str:
    """Give a connection on which the client aborted the handshake with this alert."""
    return f"connection: www.blastiq.com TLS handshake failed: {name}"


def facing(slug: str, *then: str) -> str:
    """Give what a client did in a scenario before it failed."""
    facts = f"facts: scenario = {slug}, variant = at-once, authority = https://www.blastiq.com/identity"
    return "\n###\n".join((facts, *then, "exit: 1"))
