"""BIQ904: the address to which the browser returns belongs to the application alone."""

from urllib.parse import urlsplit

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, quote, rule
from blastiq_conformance.rules.attended.authorization import Authorization, authorizations
from blastiq_conformance.rules.attended.messages import ASKED, REDIRECT_URI, attended
from fake_idp.system.loopback import is_loopback_address


@rule(
    id="BIQ904",
    level=Level.SHOULD,
    title="redirect_uri is a loopback address, an https address of one's own, or a private scheme",
    why="Whoever receives the redirect receives the code. Plain http to another machine can be read on the way; any "
    "other program can claim a short private scheme; out-of-band addresses make people copy codes around. The name "
    "localhost may resolve to another address, 127.0.0.1 cannot.",
    instead="Use http://127.0.0.1 or http://[::1] with any free port, an https address that you claim, or a scheme "
    "that is your domain name reversed.",
    references=("RFC 8252 7", "RFC 8252 8.3"),
    fixes={"MSAL": 'WithRedirectUri("http://127.0.0.1")'},
    good=attended(),
    bad=attended(
        ASKED.replace(REDIRECT_URI, "http%3A%2F%2Fapp.mine.example%2Fcallback"), "HTTP/1.1 400 Bad Request", "exit: 1"
    ),
    select=authorizations,
)
def exposed_redirect_address(authorization: Authorization) -> Problems:
    """Find addresses that others can claim or read; an info for localhost, which may resolve elsewhere."""
    address = authorization.asked.get("redirect_uri")
    if address is None:
        return
    problem, severity = _problem(address)
    if problem:
        yield Problem(
            message=f"the redirect_uri {problem}",
            expected="http on 127.0.0.1 or [::1], https, or a private scheme with a dot in it",
            received=f"redirect_uri={quote(address[:300])}",
            parameter="redirect_uri",
            severity=severity,
        )


def _problem(address: str) -> tuple[str, Severity | None]:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "is not an address", None
    match parts.scheme:
        case "https":
            return "", None
        case "http" if host == "localhost":
            return "names localhost, which can be resolved to another address", Severity.INFO
        case "http":
            return (
                ("", None) if is_loopback_address(host) else ("sends the code over plain http to another machine", None)
            )
        case "urn":
            return "leaves it to a person to carry the code", None
        case scheme:
            return ("", None) if "." in scheme else ("has a scheme that any program can claim", None)
