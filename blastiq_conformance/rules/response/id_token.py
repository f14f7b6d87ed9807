"""BIQ414: the id_token plays no part."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Flaw, Level, Part, Severity, rule
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.example_messages import TOKEN_2, called, granted, signed_in, story
from blastiq_conformance.rules.response import traits
from blastiq_conformance.rules.response.traits import Answers, refused

_WITH_ID = granted().replace("{", f'{{"id_token":"{TOKEN_2}",', 1)
# What else could make a client fail has a rule of its own.
_OTHER_TRAITS = (
    traits.has_extra_members,
    traits.is_no_bearer,
    traits.is_bearer_in_other_case,
    traits.has_no_lifetime,
    traits.has_odd_lifetime,
    traits.has_odd_token,
    traits.has_long_token,
    traits.is_varied,
    traits.is_cut,
    traits.has_no_refresh_token,
)


def _select(evidence: Evidence) -> Sequence[Answers]:
    requests = tuple(request for request in evidence.token_requests if request.access_token is not None)
    # Who only signs in and ends well shows nothing.
    shown = requests and (evidence.api_calls or evidence.failed)
    return (Answers(evidence=evidence, requests=requests),) if shown else ()


@rule(
    id="BIQ414",
    name="id-token-relied-on",
    level=Level.MUST,
    severity=Severity.WARNING,
    title="The id_token plays no part: it may be there or not, and it is no access token",
    why="The password grant brings an access token; IdentityServer adds no id_token to it, another version may. A "
    "library made for logging people in looks for one and fails without it, and the API takes no other token than "
    "the access token.",
    instead="Take access_token, and leave id_token alone.",
    references=("A23", "RFC 6749 5.1"),
    fixes={"OpenID Connect login libraries": "use their token endpoint call (grant), not their login callback"},
    good=story(signed_in(_WITH_ID), called()),
    bad=story(signed_in(), "exit: 1"),
    select=_select,
    reads=Part.HEADERS | Part.RESPONSE,
)
def id_token_relied_on(answers: Answers) -> Iterator[Flaw]:
    """Find an id_token sent to the API, and a client that fails on an answer with nothing else about it."""
    id_tokens = {request.answer["id_token"] for request in answers.requests if "id_token" in request.answer}
    for call in answers.evidence.api_calls if id_tokens else ():
        if any(sent.token in id_tokens for sent in call.tokens):
            yield Flaw(
                message="the API was called with the id_token",
                expected="the access_token of the same answer",
                received=f"Authorization: {call.shown_authorization}",
                parameter="id_token",
                exchange=call.exchange.number,
            )
    child = answers.evidence.child
    gave_up = child is not None and not child.timed_out and not answers.evidence.api_calls
    if gave_up and not any(trait(request) for request in answers.requests for trait in _OTHER_TRAITS):
        yield from refused(answers, f"{'with' if id_tokens else 'without'} an id_token")
