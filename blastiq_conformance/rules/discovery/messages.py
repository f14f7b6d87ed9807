"""The messages that the examples of this family are made of: the document as it is asked for and answered."""

from blastiq_conformance.catalogue.example_messages import SIGN_IN

LOOKUP = "GET /identity/.well-known/openid-configuration"
AT_HOST = "Host: 127.0.0.1:8080\n"
OK = "HTTP/1.1 200 OK\nContent-Type: application/json\n"
DOCUMENT = '{"token_endpoint": "http://127.0.0.1:8080/identity/connect/token"}\n'
SIGN_IN_AT_HOST = SIGN_IN.replace("\n", f"\n{AT_HOST}", 1)
FETCHED = f"{LOOKUP}\n\nHTTP/1.1 200 OK\n\n{DOCUMENT}"


def discovered(issuer: str = "127.0.0.1:8080", path: str = "token") -> str:
    """Give a lookup whose answer names an issuer and a token endpoint at the host that was asked."""
    base = "http://127.0.0.1:8080/identity"
    document = f'{{"issuer": "http://{issuer}/identity", "token_endpoint": "{base}/connect/{path}"}}'
    return f"{LOOKUP}\n{AT_HOST}\n{OK}\n{document}\n"
