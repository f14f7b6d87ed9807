"""BIQ001 to BIQ006: credentials travel over TLS alone; wrong certificates and old versions end the connection."""

from collections.abc import Callable, Sequence
from functools import partial

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, Symptom, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.evidence.hosts import is_plain_abroad, is_same_origin, is_secure
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Request


def _with_secrets(evidence: Evidence) -> Sequence[Exchange]:
    carrying = [request.exchange for request in evidence.token_requests]
    carrying += [call.exchange for call in evidence.api_calls if call.is_plain or call.tokens]
    # Userinfo, revocation and introspection take tokens as well.
    carrying += [x for x in evidence.of_kind(Kind.IDENTITY) if _carries_token(x.request, evidence)]
    # Plain http on this machine is the kit's simple mode, and so is an http address that `serve` was told to announce;
    # a recording may not say which host it was (D16).
    facts = evidence.facts
    announced = facts.authority if facts.typed else None
    origins = ((x, x.request.origin) for x in carrying if is_secure(x.request) or is_plain_abroad(x.request.origin))
    telling = (x for x, origin in origins if not is_same_origin(origin, announced or ""))
    return sorted(telling, key=lambda exchange: exchange.number)


def _carries_token(request: Request, evidence: Evidence) -> bool:
    if request.headers.get("authorization") is not None:
        return True
    return any(pair.value in evidence.access_tokens or pair.value in evidence.refresh_tokens for pair in request.form)


@rule(
    id="BIQ001",
    level=Level.MUST,
    title="Credentials and tokens are sent over https only",
    why="Without TLS everybody on the way can read the Service User's password and the token that opens the customer's "
    "data. OAuth demands TLS for the token endpoint and for every use of a bearer token.",
    instead="Use https:// addresses for the authority and the API, and refuse all others but loopback.",
    references=("RFC 6749 3.2", "RFC 6749 10.9", "RFC 6750 5.3", "OIDC Discovery 7.1"),
    good=SIGN_IN.replace("/identity", "https://www.blastiq.com/identity"),
    bad=SIGN_IN.replace("/identity", "http://www.blastiq.com/identity"),
    select=_with_secrets,
)
def credentials_over_plain_http(exchange: Exchange) -> Problems:
    """Find token requests, and whatever carries a token to API or identity server, without TLS and not on loopback."""
    if not is_secure(exchange.request):
        yield Problem(
            message="credentials or a token were sent over plain http",
            expected="https, or nothing at all",
            received=quote(exchange.request.method, exchange.request.url),
        )


# What is wrong with the certificate, by scenario.
WRONG = {
    "tls-untrusted": "that no authority known to it has signed",
    "tls-self-signed": "that is self-signed",
    "tls-wrong-name": "for another name",
    "tls-expired": "that expired yesterday",
    "tls-future": "that is not valid before tomorrow",
}
# Variants in which TLS is right until an exchange of this kind was answered.
_RIGHT_UNTIL = {"token-endpoint": Kind.DISCOVERY, "api": Kind.TOKEN}


def _faced(*slugs: str) -> Callable[[Evidence], Sequence[Evidence]]:
    """Make the selector of these scenarios; where nothing came at all, nothing is proved."""
    return where(lambda evidence: evidence.facts.scenario in slugs and (_sent(evidence) or evidence.connections))


def _sent(evidence: Evidence) -> Sequence[Exchange]:
    """Give the requests that came although TLS was wrong."""
    until = _RIGHT_UNTIL.get(evidence.facts.variant)
    right = 0 if until is None else next((x.number for x in evidence.judged if x.kind is until), float("inf"))
    return [x for x in evidence.judged if x.number > right and x.kind is not Kind.OTHER]


def _accepted(evidence: Evidence) -> Problems:
    """Find the first request that came over the wrong TLS; one is enough."""
    secure = [x for x in _sent(evidence) if is_secure(x.request)]
    return _told(secure, f"a request was sent over TLS with a certificate {WRONG[evidence.facts.scenario]}")


def _told(sent: Sequence[Exchange], message: str) -> Problems:
    for exchange in sent[:1]:
        yield Problem(
            message=message,
            expected="no request: the client aborts the handshake, and the run fails",
            received=quote(exchange.request.method, exchange.request.url),
            exchange=exchange.number,
        )


_LOOKUP = "GET https://www.blastiq.com/identity/.well-known/openid-configuration\nHTTP/1.1 404 Not Found\n"


def _alert(name: str) -> str:
    """Give a connection on which the client aborted the handshake with this alert."""
    return f"connection: www.blastiq.com TLS handshake failed: {name}"


def _facing(slug: str, *then: str) -> str:
    """Give what a client did in a scenario before it failed."""
    facts = f"facts: scenario = {slug}, variant = at-once, authority = https://www.blastiq.com/identity"
    return "\n###\n".join((facts, *then, "exit: 1"))


_SWITCHES = {
    "requests, httpx": "remove verify=False; for a private authority verify='/path/ca.pem' or SSL_CERT_FILE",
    "Node": "remove rejectUnauthorized: false, and NODE_TLS_REJECT_UNAUTHORIZED=0 from the environment",
    "Go": "remove InsecureSkipVerify: true; for a private authority set RootCAs",
    "curl": "remove -k, --insecure; for a private authority --cacert",
    "Java": "remove the TrustManager and the HostnameVerifier that accept everything",
    ".NET": "remove ServerCertificateCustomValidationCallback, DangerousAcceptAnyServerCertificateValidator",
    "PHP": "remove CURLOPT_SSL_VERIFYPEER, CURLOPT_SSL_VERIFYHOST, verify_peer and verify_peer_name set to false",
}

_certificate = partial(rule, level=Level.MUST, fixes=_SWITCHES, refusal=Symptom.NO_REQUEST)


@_certificate(
    id="BIQ002",
    title="A certificate that no trusted authority has signed ends the connection",
    why="Anyone between the program and BlastIQ can present a certificate of their own. If its chain is not checked, "
    "they get the Service User's password, and TLS has protected nothing.",
    instead="Leave certificate checks on. For a private authority, add its certificate to the trusted ones.",
    references=("RFC 6749 10.9", "RFC 6750 5.3", "OIDC Discovery 7.1"),
    good=_facing("tls-untrusted", _alert("TLSV1_ALERT_UNKNOWN_CA")),
    bad=_facing("tls-untrusted", _LOOKUP),
    select=_faced("tls-untrusted", "tls-self-signed"),
)
def certificate_chain_not_checked(evidence: Evidence) -> Problems:
    """Find a request on a connection whose certificate no known authority has signed."""
    return _accepted(evidence)


@_certificate(
    id="BIQ003",
    title="A certificate for another name ends the connection",
    why="Anyone can get a certificate from a trusted authority for a name of their own. Only the comparison of that "
    "name with the one that was called tells BlastIQ from them.",
    instead="Leave the check of the host name on; call BlastIQ by its name, not by an address.",
    references=("RFC 9525 6", "RFC 6749 10.9"),
    good=_facing("tls-wrong-name", _alert("SSLV3_ALERT_BAD_CERTIFICATE")),
    bad=_facing("tls-wrong-name", _LOOKUP),
    select=_faced("tls-wrong-name"),
)
def host_name_not_checked(evidence: Evidence) -> Problems:
    """Find a request on a connection whose certificate names somebody else."""
    return _accepted(evidence)


@_certificate(
    id="BIQ004",
    title="A certificate that is no longer valid, or not yet, ends the connection",
    why="A certificate expires so that a stolen key becomes worthless. A client that accepts expired ones accepts "
    "anyone who ever had such a key.",
    instead="Leave certificate checks on, and keep the clock of the machine right.",
    references=("RFC 5280 6.1", "RFC 6749 10.9"),
    good=_facing("tls-expired", _alert("SSLV3_ALERT_CERTIFICATE_EXPIRED")),
    bad=_facing("tls-expired", _LOOKUP),
    select=_faced("tls-expired", "tls-future"),
)
def certificate_dates_not_checked(evidence: Evidence) -> Problems:
    """Find a request on a connection whose certificate is not valid now."""
    return _accepted(evidence)


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
    good=_facing("tls-old", _alert("UNSUPPORTED_PROTOCOL")),
    bad=_facing("tls-old", _LOOKUP),
    select=_faced("tls-old"),
    refusal=Symptom.NO_REQUEST,
)
def old_tls_accepted(evidence: Evidence) -> Problems:
    """Find a request to a server that speaks only the old versions."""
    return _told(_sent(evidence), "a request was sent over TLS 1.1 or 1.0")


_METHODS = (b"GET ", b"POST ", b"HEAD ", b"PUT ")


@rule(
    id="BIQ006",
    level=Level.MUST_NOT,
    title="A handshake that fails is not followed by plain http",
    why="Anyone who can spoil a handshake can read what follows it in the clear. A program that falls back gives the "
    "password away at the very moment of an attack.",
    instead="Report the failure and stop; try again later, over TLS.",
    references=("RFC 6749 10.3", "RFC 6749 10.9"),
    good=_facing("tls-untrusted", _alert("TLSV1_ALERT_UNKNOWN_CA")),
    bad=_facing("tls-untrusted", _alert("TLSV1_ALERT_UNKNOWN_CA"), _LOOKUP.replace("https:", "http:")),
    select=_faced(*WRONG),
    refusal=Symptom.NO_REQUEST,
)
def plaintext_fallback(evidence: Evidence) -> Problems:
    """Find requests without TLS: those that were answered, and those sent to the port that speaks TLS."""
    plain = [x for x in _sent(evidence) if not is_secure(x.request)]
    spoken = [connection for connection in evidence.connections if connection.received.startswith(_METHODS)]
    told = [(f"{x.request.method} {x.request.url}", x.number) for x in plain[:1]]
    told = told or [(each.received.split(b"\r\n")[0].decode("latin-1"), each.number) for each in spoken[:1]]
    for received, number in told:
        yield Problem(
            message="after TLS had failed, the integration tried without it",
            expected="no request over plain http",
            received=quote(received),
            exchange=number,
        )
