"""BIQ905: an answer that the client did not ask for is not accepted."""

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.rules.attended.authorization import Authorization, answers, authorizations
from blastiq_conformance.rules.attended.messages import ANSWERED, ASKED, attended


@rule(
    id="BIQ905",
    level=Level.MUST,
    title="An answer to an authorization request is accepted only with the state that was sent",
    why="Anybody can send a browser to the redirect address with a code of their own: the victim then works in the "
    "attacker's account. A state that only this sign-in knows prevents that, as do PKCE and nonce. A client of several "
    "servers also compares the issuer in the answer (iss).",
    instead="Send a random state with each request, and end the sign-in where the answer has another state or none.",
    references=("RFC 6749 10.12", "RFC 6749 4.1.2", "RFC 9700 2.1", "RFC 8252 8.9", "RFC 9207 2.4"),
    fixes={
        "openid-client": "pass checks.state to client.callback()",
        "authlib": "pass state= to fetch_token(authorization_response=…)",
        "requests-oauthlib": "keep the session, or give it state=",
    },
    good=attended(),
    bad=attended(ASKED, ANSWERED.replace("state=af0ifjsldkj", "state=somebody-elses")),
    select=where(authorizations),
    refusal=Symptom.NO_TOKEN_REQUEST,
)
def foreign_answer_accepted(evidence: Evidence) -> Problems:
    """Find requests that nothing binds to their answer, and codes that were used despite a wrong state or issuer."""
    for request in authorizations(evidence):
        if not request.asked.keys() & {"state", "code_challenge", "nonce"}:
            yield Problem(
                message="nothing binds the authorization request to its answer",
                expected="a random state (or code_challenge and nonce)",
                received="no state, no code_challenge and no nonce",
                parameter="state",
                exchange=request.exchange.number,
            )
    used = {request.value("code"): request.exchange.number for request in evidence.code_exchanges}
    for answer in answers(evidence):
        if "code" in answer.answer and (number := used.get(answer.answer["code"])) is not None:
            yield from _wrong_state(answer, number)
            yield from _wrong_issuer(answer, number, evidence.facts.authority)


def _wrong_state(answer: Authorization, number: int) -> Problems:
    sent, received = answer.asked.get("state"), answer.answer.get("state")
    if sent is None or sent == received:
        return
    guarded = answer.asked.keys() & {"code_challenge", "nonce"}
    yield Problem(
        message="the code of an answer with a wrong state was used",
        expected="an end without a token request",
        received=f"state={quote(received)}, but state={quote(sent)} had been sent"
        if received
        else "no state, though one was sent",
        parameter="state",
        exchange=number,
        # RFC 9700 2.1: either protects as well; to compare the state is then recommended (RFC 8252 8.9).
        severity=Severity.WARNING if guarded else None,
    )


def _wrong_issuer(answer: Authorization, number: int, authority: str | None) -> Problems:
    issuer = answer.answer.get("iss")
    if issuer is None or authority is None or issuer == authority.rstrip("/"):
        return
    yield Problem(
        message="the code of an answer that names another server as its issuer was used",
        expected=f"iss={authority.rstrip('/')}, or an end without a token request",
        received=f"iss={quote(issuer)}",
        parameter="iss",
        exchange=number,
        # RFC 9700 2.1: a client of a single server need not compare it.
        severity=Severity.INFO,
    )
