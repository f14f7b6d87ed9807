"""What rules cite: sentences of the article, sections of standards and the sister article, each in our own words."""

from collections.abc import Mapping

from blastiq_conformance.catalogue import Rule
from blastiq_conformance.catalogue.article import SENTENCES, Sentence
from blastiq_conformance.evidence.grouping import grouped

# RFC and section: what it says, paraphrased: each that a rule cites, and no other.
SECTIONS: Mapping[str, str] = {
    "OIDC Discovery 4": "the well-known path is added to the issuer, whose slash at the end is taken off first",
    "OIDC Discovery 4.1": "the document is asked for with GET",
    "OIDC Discovery 4.2": "the answer is JSON with status 200; members that a client does not know are ignored",
    "OIDC Discovery 4.3": "the issuer in the document must equal the one asked; otherwise it must not be used",
    "OIDC Discovery 7.1": "discovery needs TLS, and the server's certificate must be checked",
    "OIDC Discovery 7.2": "a forged issuer leads to an impostor: check TLS and compare the issuer",
    "RFC 5280 6.1": "how a chain of certificates is validated: signatures, dates and what each may be used for",
    "RFC 6585 4": "429 tells a client that it calls too often; Retry-After may say how long to wait",
    "RFC 6749 1.4": "an access token is usually opaque to the client",
    "RFC 6749 1.5": "a refresh token gets new access tokens, and goes to the authorization server only",
    "RFC 6749 1.9": "names and values of parameters are case-sensitive",
    "RFC 6749 2.3.1": "how a client with a password authenticates; its credentials never stand in a URL",
    "RFC 6749 3.2": "the token endpoint: POST, its query is kept, unknown parameters are ignored, none is repeated",
    "RFC 6749 3.2.1": "a client says who it is; one that does not authenticate may do it by client_id",
    "RFC 6749 3.3": "scope: words parted by single spaces, case-sensitive",
    "RFC 6749 4.1.2": "the answer brings a code that works once, and the state as it was sent",
    "RFC 6749 4.1.3": "the exchange of an authorization code for a token",
    "RFC 6749 4.3.1": "the client takes the user's credentials, and discards them once it has a token",
    "RFC 6749 4.3.2": "the password grant's request: a form in UTF-8; the server guards against guessing",
    "RFC 6749 5.1": "the answer: JSON; expires_in, refresh_token, scope may be absent; unknown members are ignored",
    "RFC 6749 5.2": "the error answer: 400 or 401, JSON with a code; two ways of authentication are an error",
    "RFC 6749 6": "refresh: scope no wider than granted; a new refresh token takes the place of the old one",
    "RFC 6749 7": "how an access token is used, and what to do when it has expired",
    "RFC 6749 7.1": "a client must not use a token whose type it does not understand",
    "RFC 6749 10.3": "access tokens are confidential in transit and storage",
    "RFC 6749 10.4": "refresh tokens are confidential, bound to their client, shared with their server only",
    "RFC 6749 10.7": "the password grant carries more risk than others: credentials must not leak to logs",
    "RFC 6749 10.9": "the server's identity must be checked by its TLS certificate",
    "RFC 6749 10.12": "the redirect is to be bound to the browser's session: state",
    "RFC 6749 appendix A": "how each parameter is spelt: expires_in is a row of digits",
    "RFC 6749 appendix B": "form encoding is UTF-8, then percent-encoding; with an example",
    "RFC 6750 2": "a request must carry a token in one way only",
    "RFC 6750 2.1": "the Authorization header with the scheme Bearer, which clients should use",
    "RFC 6750 2.3": "a token in the query, which is not to be used where there is another way",
    "RFC 6750 3.1": "error codes: invalid_token may be answered by one new attempt, insufficient_scope not",
    "RFC 6750 4": "an example of an answer with a bearer token, whose type is Bearer",
    "RFC 6750 5.3": "bearer tokens go to their own server only, over checked TLS, and never into URLs",
    "RFC 7636 4.2": "PKCE: the challenge is the SHA-256 of the verifier",
    "RFC 7636 4.5": "the verifier is sent with the code",
    "RFC 8252 6": "native apps must use PKCE",
    "RFC 8252 7": "redirect addresses of native apps",
    "RFC 8252 8.3": "the loopback address is safer than the name localhost",
    "RFC 8259 2": "white space may stand between any two parts of a JSON text",
    "RFC 8414 3.3": "the issuer in the metadata must equal the one asked",
    "RFC 8996 4": "TLS 1.0 must not be used",
    "RFC 8996 5": "TLS 1.1 must not be used",
    "RFC 9068 6": "a client must not look into an access token",
    "RFC 9110 8.3.1": "media types: case means nothing, parameters may follow",
    "RFC 9110 8.4": "Content-Encoding, which the receiver need not understand",
    "RFC 9110 9.2.2": "POST is not idempotent: it is not repeated blindly",
    "RFC 9110 10.2.3": "Retry-After: how long to wait, in seconds or as a date",
    "RFC 9110 11.4": "credentials are one scheme, one or more blanks, and what belongs to it",
    "RFC 9110 15.4": "redirects, and what becomes of method and body",
    "RFC 9111 4.2": "how long a stored answer is fresh",
    "RFC 9112 8": "an incomplete message is not to be taken for a whole one",
    "RFC 9207 2.4": "a client compares the issuer in the answer with the server that it asked",
    "RFC 9525 6": "the name in the certificate must be the name that was called",
    "RFC 9700 2.1": "authorization code with PKCE, bound to the session",
    "RFC 9700 2.1.1": "PKCE for every client",
    "RFC 9700 2.1.2": "no implicit grant",
    "RFC 9700 2.4": "the password grant must not be used; BlastIQ's article asks for it all the same",
    "RFC 9700 2.6": "metadata tells clients the endpoints, so that they need not be configured",
    "RFC 9700 4.3.2": "access tokens do not belong in URLs",
    "D9": "decision of this kit: two attempts, by probing how to authenticate, are a warning; three are an error",
    "D12": "decision of this kit: pauses run from the end of an answer to the next request, give or take 50 ms",
    "D13": "decision of this kit: a scheme in lower case is worth a word, for servers accept it",
    "D21": "decision of this kit: attempts after any refusal are bounded like those after a wrong password",
    "D30": "decision of this kit: attempts after invalid_grant and after invalid_client count alike",
    "D34": "decision of this kit: a failure that the exit status reports is a clean one, and exit status 0 hides it",
    "D35": "decision of this kit: a cookie or header of one's own beside Authorization is a second way to send a token",
    "D38": "decision of this kit: where every answer is good, an integration has to succeed",
    "D39": "decision of this kit: to end with a failure when the token dies is a warning, to be stuck an error",
    "D41": "decision of this kit: five tries within a minute are enough, after an outage as after a lost connection",
    "D42": "decision of this kit: after a 429 a pause is long that is longer than the client's own usual one",
    "D44": "decision of this kit: several blanks before a token are a warning, a tab or an encoder an error",
    "D45": "decision of this kit: whatever was given up in the end must show in the exit status, unless it is declared",
    "D47": "decision of this kit: a password that follows a redirect is a warning, out of TLS to plain http an error",
    "D48": "decision of this kit: to refuse a malformed expires_in clearly is worth a word, to misread it a warning",
    "S": "sister article on the API: how fast and how often it may be called, and what may change without notice",
    "S rate limits": "sister article: 20 calls in 10 seconds, 60 in a minute, 1200 in 4 hours",
    "S sequential calls": "sister article: one call after the other",
    "S pauses": "sister article: a second between two calls, five between two looks at whether a result is ready",
    "S additive changes": "sister article: new members, headers and values may come without a new version",
}


def describe(reference: str) -> str:
    """Say in our own words what a reference says; raises KeyError for one that no rule may cite."""
    return f"article: {_ARTICLE[reference]}" if reference in _ARTICLE else SECTIONS[reference]


def coverage(rules: Mapping[str, Rule]) -> list[Sentence]:
    """Give each sentence in order, with those of the rules that judge it: by its own list, or because they cite it."""
    citing = grouped((reference, rule.id) for rule in rules.values() for reference in rule.references)
    return [
        each._replace(rules=tuple(sorted((set(each.rules) & rules.keys()).union(citing.get(each.key, ())))))
        for each in SENTENCES
    ]


_ARTICLE = {sentence.key: sentence.gist for sentence in SENTENCES}
