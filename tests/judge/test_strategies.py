"""The strategies that are shipped: what they call right is right, and what they call wrong breaks what they say."""

import json
from dataclasses import replace
from functools import partial

from hypothesis import find, given, settings
from hypothesis import strategies as st

from blastiq_conformance import Evidence, Facts, Severity
from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.strategies import (
    Flow,
    flows,
    refusals,
    token_answers,
    token_requests,
    users,
    wrong_token_requests,
)
from fake_idp import FakeIdp, Headers, Request, Response, ServerConfig, ServiceUser

quick = settings(max_examples=30, deadline=None)


def sent(request: Request, user: ServiceUser, config: ServerConfig | None = None) -> tuple[Response, set[str]]:
    """Send a token request, and give the answer with the rules that it breaks."""
    idp = FakeIdp(replace(config or ServerConfig(), users=(user,)))
    answer = idp.handle(request)
    facts = Facts(username=user.username, password=user.password, issued=idp.journal.issued)
    results = judge(Evidence(exchanges=idp.journal.exchanges, facts=facts), catalogue().values())
    # Of a client that sends one request and is done: BIQ103 asks for the discovery before it.
    known = catalogue()
    found = {
        each.rule
        for result in results
        for each in result.findings
        if each.severity is not Severity.INFO or known[each.rule].severity is Severity.INFO
    }
    return answer, found - {"BIQ103"}


def _breaks(kind: str, drawn: tuple[Request, frozenset[str]]) -> bool:
    return kind in drawn[1]


def test_each_kind_can_be_asked_for() -> None:
    """A test that is about one mistake, or one look of an answer, finds an example of it."""
    user = ServiceUser(username="svc@mine.example", password="Tr0ub4dor&3")
    for kind in ("BIQ201", "BIQ202", "BIQ206", "BIQ209", "BIQ211"):
        request, rules = find(wrong_token_requests(user), partial(_breaks, kind))
        assert sent(request, user)[1] == rules
    assert find(token_requests(user), lambda request: b"scope=cosmos" in request.body).method == "POST"
    assert find(token_answers(), lambda answer: b"refresh_token" in answer.body).status == 200
    assert find(refusals(), lambda answer: answer.status == 401).json == {"error": "invalid_client"}


@quick
@given(flows(), st.data())
def test_what_is_right_is_granted_and_not_accused(flow: Flow, data: st.DataObject) -> None:
    """By whatever BlastIQ a flow brings, for whatever credentials it has."""
    request = data.draw(token_requests(flow.user))
    answer, broken = sent(request, flow.user, flow.config)
    assert (answer.status, broken) == (200, set())


@quick
@given(users().filter(lambda user: len(user.password) > 8 < len(user.username)), st.data())
def test_what_is_wrong_breaks_the_rules_that_it_says(user: ServiceUser, data: st.DataObject) -> None:
    """No more and no fewer, so that a test of a gateway can rest on them."""
    request, rules = data.draw(wrong_token_requests(user))
    assert sent(request, user)[1] == rules


@quick
@given(token_answers(), refusals())
def test_answers_are_what_the_endpoint_may_say(granted: Response, refused: Response) -> None:
    """JSON with the members that RFC 6749 demands, and a status that tells one from the other."""
    members, error = json.loads(granted.body), json.loads(refused.body)
    assert {"access_token", "token_type", "expires_in"} <= members.keys()
    assert (granted.status, refused.status in {400, 401}, "error" in error) == (200, True, True)
    assert Headers(granted.headers.raw).get("content-type")
