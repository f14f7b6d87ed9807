"""BIQ401 and BIQ416: members that the client does not know, and scope, which may be missing."""

from blastiq_conformance.catalogue import Level, Part, Problems, rule
from blastiq_conformance.catalogue.example_messages import called, granted, signed_in, story
from blastiq_conformance.rules.response.traits import Answers, answers_with, has_extra_members, has_no_scope, refused

_EXTRA = granted()[:-1] + ',"not-before-policy":0,"session":{"id":"7f"}}'


@rule(
    id="BIQ401",
    level=Level.MUST,
    title="Members of the token answer that the client does not know are ignored",
    why="A client must ignore what it does not know in a token answer (RFC 6749 section 5.1), and BlastIQ does not "
    "count an added field as a breaking change: a strict parser stops working on the day that one is added.",
    instead="Read the members that you need, and configure the parser to skip the rest.",
    references=("RFC 6749 5.1", "S"),
    fixes={
        "Jackson": "FAIL_ON_UNKNOWN_PROPERTIES = false, or @JsonIgnoreProperties(ignoreUnknown = true)",
        "pydantic": "extra='ignore'",
        "Go encoding/json": "no DisallowUnknownFields",
        "System.Text.Json": "UnmappedMemberHandling = Skip",
    },
    good=story(signed_in(_EXTRA), called()),
    bad=story(signed_in(_EXTRA), "exit: 1"),
    select=answers_with(has_extra_members),
    reads=Part.HEADERS | Part.RESPONSE,
    seen=True,
)
def unknown_member_fatal(answers: Answers) -> Problems:
    """Find a client that fails on such an answer."""
    return refused(answers, "with members beyond the standard's")


_WITHOUT_SCOPE = granted().replace(',"scope":"cosmos offline_access"', "")


@rule(
    id="BIQ416",
    level=Level.MUST,
    title="A token answer without scope is used like any other",
    why="scope is optional in a token answer (RFC 6749 section 5.1), and IdentityServer4 2.3 sends none. The article "
    "needs no scope at all: the API tells what was granted when it is called.",
    instead="Take scope only if it is there.",
    references=("RFC 6749 5.1", "A34"),
    fixes={"JavaScript": "(answer.scope ?? '').split(' ')"},
    good=story(signed_in(_WITHOUT_SCOPE), called()),
    bad=story(signed_in(_WITHOUT_SCOPE), "exit: 1"),
    select=answers_with(has_no_scope),
    reads=Part.HEADERS | Part.RESPONSE,
    seen=True,
)
def missing_scope_fatal(answers: Answers) -> Problems:
    """Find a client that fails on such an answer."""
    return refused(answers, "without scope")
