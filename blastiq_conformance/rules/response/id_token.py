"""BIQ414: the id_token is irrelevant."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_2, called, granted, signed_in, story
from blastiq_conformance.catalogue.symptoms import Symptom, symptoms
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.rules.response.traits import Answers

_WITH_ID = granted().replace("{", f'{{"id_token":"{TOKEN_2}",', 1)


def _select(evidence: Evidence) -> Sequence[Answers]:
    requests = tuple(r for r in evidence.token_requests if r.access_token is not None and r.answer.get("id_token"))
    # A client that only signs in and ends well shows nothing.
    shown = requests and (evidence.api_calls or evidence.failed)
    return (Answers(evidence=evidence, requests=requests),) if shown else ()


@rule(
    id="BIQ414",
    level=Level.MUST,
    severity=Severity.WARNING,
    title="The id_token is irrelevant: it may be there or not, and it is not an access token",
    why="The password grant brings an access token; IdentityServer adds no id_token to it, but another version may. A "
    "library made for logging people in looks for one and fails without it, and the API accepts only the access token.",
    instead="Take access_token, and ignore id_token.",
    references=("A23", "RFC 6749 5.1"),
    fixes={
        "OpenID Connect login libraries": "use their token endpoint call (grant), not their login callback",
        "MSAL": "it fails where no id_token comes, and cannot sign in as a Service User: post the form yourself",
    },
    good=story(signed_in(_WITH_ID), called()),
    bad=story(signed_in(_WITH_ID), called(TOKEN_2, "401 Unauthorized"), "exit: 1"),
    select=_select,
    reads=Part.HEADERS | Part.RESPONSE,
)
def id_token_relied_on(answers: Answers) -> Problems:
    """Find an id_token sent to the API, and a client that works with one and not without, or the other way round."""
    evidence, control = answers.evidence, answers.evidence.control
    id_tokens = {request.answer["id_token"] for request in answers.requests}
    for call in evidence.api_calls:
        if any(sent.token in id_tokens for sent in call.tokens):
            yield Problem(
                message="the API was called with the id_token",
                expected="the access_token of the same answer",
                received=f"Authorization: {call.shown_authorization}",
                parameter="id_token",
                exchange=call.exchange.number,
            )
            return
    if not answers.used:
        yield _problem(answers, "with", Symptom.NO_CALL)
    elif control is not None and control.access_tokens and Symptom.NO_CALL in symptoms(control, 1):
        yield _problem(answers, "without", None)


def _problem(answers: Answers, how: str, symptom: Symptom | None) -> Problem:
    other = "without" if how == "with" else "with"
    return Problem(
        message=f"the integration could not use an answer {how} an id_token",
        expected="a call of the API with its access token, id_token or not",
        received=f"calls of the API after an answer {other} an id_token alone",
        parameter="id_token",
        exchange=answers.requests[-1].exchange.number,
        symptom=symptom,
        missing=True,
    )
