"""BIQ005: no version of TLS before 1.2."""

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.rules.transport.handshakes import REFUSAL, Handshakes, faced
from blastiq_conformance.rules.transport.messages import LOOKUP, alert, facing


@rule(
    id="BIQ005",
    level=Level.MUST_NOT,
    severity=Severity.WARNING,
    title="TLS 1.0 and 1.1 are refused",
    why="RFC 8996 withdrew both versions: their ciphers and hashes are broken or close to it, and a client that still "
    "accepts them can be downgraded to them.",
    instead="Set the lowest version to TLS 1.2, or leave the default of a current library.",
    references=("RFC 8996 4", "RFC 8996 5"),
    fixes={
        "Python": "context.minimum_version = ssl.TLSVersion.TLSv1_2, the default since 3.10",
        "Node": "remove tls.DEFAULT_MIN_VERSION and minVersion: 'TLSv1'",
        "Go": "remove MinVersion: tls.VersionTLS10",
        "curl": "--tlsv1.2 instead of --tlsv1.0, and neither --tls-max nor @SECLEVEL=0",
    },
    good=facing("tls-old", alert("UNSUPPORTED_PROTOCOL")),
    bad=facing("tls-old", LOOKUP),
    select=faced("tls-old"),
    refusal=Symptom.NO_REQUEST,
)
def old_tls_accepted(handshakes: Handshakes) -> Problems:
    """Find a request to a server that speaks only the old versions."""
    for exchange in handshakes.sent[:1]:
        yield Problem(
            message="a request was sent over TLS 1.1 or 1.0",
            expected=REFUSAL,
            received=quote(exchange.request.method, exchange.request.url),
            exchange=exchange.number,
        )
