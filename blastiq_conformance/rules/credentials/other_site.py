"""BIQ306: two Service Users keep their tokens apart."""

import re

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, TOKEN_2, called, granted, renewal, signed_in, story
from blastiq_conformance.evidence import ApiCall, Evidence, where
from blastiq_conformance.evidence.lineage import refresh_history

_SITE = re.compile(r"/sites/([^/]+)", re.IGNORECASE)
_OTHER = "loader-9@quarry.test"
_FACTS = f"facts: api_calls = 2, other_user = {_OTHER}:Bw6Tz3Hc8Yd5"
_OTHER_SIGN_IN = (
    renewal(f"grant_type=password&username={_OTHER}&password=Bw6Tz3Hc8Yd5&client_id=external.customer")
    + f"\nHTTP/1.1 200 OK\n\n{granted(TOKEN_2, '')}"
)


@rule(
    id="BIQ306",
    level=Level.SHOULD_NOT,
    title="Each Service User's calls carry that user's own token",
    why="A Service User sees the data of one site only. An integration that serves several sites in one process and "
    "keeps its token in one place reads one customer's data, or writes it, with another customer's rights.",
    instead="Keep tokens by Service User: make the user part of the cache key.",
    references=("A9",),
    good=story(_FACTS, signed_in(), called(), _OTHER_SIGN_IN, called(TOKEN_2)),
    bad=story(_FACTS, signed_in(), called(), _OTHER_SIGN_IN, called(TOKEN_1)),
    select=where(lambda evidence: evidence.facts.other_users and evidence.api_calls),
    reads=Part.BODY | Part.HEADERS | Part.RESPONSE,
    conduct=True,
)
def sites_mixed(evidence: Evidence) -> Problems:
    """Find a user whose token was never used though others' were, and a token that was used for another's site."""
    yield from _strayed(evidence)
    owners = _owners(evidence)
    callers = {owners.get(call.issued_token or "") for call in evidence.api_calls}
    users = (evidence.facts.username, *(name for name, _ in evidence.facts.other_users))
    # Two calls cannot be those of three users.
    calls = max(evidence.facts.api_calls, len(evidence.api_calls))
    for username in users if len(users) <= calls else ():
        if username is not None and username not in callers:
            yield Problem(
                message="no call of the API was made with the token of one of the Service Users",
                expected=f"calls with a token of {quote(username)}",
                received=f"{len(evidence.api_calls)} calls, all with tokens of others",
                parameter="username",
                missing=True,
            )


def _strayed(evidence: Evidence) -> Problems:
    # The answer names the site of the token, and the URL may name one too; another user's site is refused.
    sites = {call.issued_token: _answered_site(call) for call in evidence.api_calls if call.accepted}
    for call in evidence.api_calls:
        named, own = _SITE.search(call.request.path), sites.get(call.issued_token)
        if call.status == 403 and named is not None and own not in {None, named[1]} and named[1] in sites.values():
            yield Problem(
                message="a site was asked for with the token of another site's Service User",
                expected=f"a token of the user of site {quote(named[1])}",
                received=f"{quote(call.request.method, call.request.path)} with a token of site {quote(own)}",
                parameter="username",
                exchange=call.exchange.number,
            )


def _answered_site(call: ApiCall) -> str | None:
    site = call.exchange.reply.members.get("site")
    return site if isinstance(site, str) else None


def _owners(evidence: Evidence) -> dict[str, str]:
    """Map each access token to its user, through sign-ins and the refreshes that followed them."""
    owners: dict[str, str] = {}
    for request in evidence.password_grants:
        if request.access_token is not None:
            owners[request.access_token] = request.value("username") or ""
    for refresh in refresh_history(evidence):
        origin, token = refresh.origin, refresh.request.access_token
        if origin is not None and token is not None:
            owners[token] = owners.get(origin.access_token or "", "")
    return owners
