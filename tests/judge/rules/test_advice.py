"""What findings expect and what pages advise: nothing that the article forbids, nothing that breaks another rule."""

import re

import pytest

from blastiq_conformance.catalogue import Rule, catalogue
from blastiq_conformance.catalogue.example_messages import REFRESH_1, SIGN_IN, renewal, signed_in, story
from blastiq_conformance.judge.engine import judge
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result

RULES = tuple(catalogue().values())
UNWANTED = ("audience", "client_secret", "client_assertion", "client_assertion_type")
# Named as what is to be absent, or as what was sent: "no client_secret parameter", "no client_secret, no …".
NAMED = re.compile(rf"(?<!no )\b(?:{'|'.join(UNWANTED)})\b")
REFRESH = f"grant_type=refresh_token&refresh_token={REFRESH_1}&client_id=external.customer"


def spoilt(name: str) -> list[str]:
    """Requests with a parameter that the article does not want, in each way in which rules look at it."""
    more = (f"&{name}=x", f"&{name}=", f"&{name}", f"&{name}=x&{name}=x", f"&{name}=undefined", f"&{name}=%E9")
    examples = [SIGN_IN + text for text in (*more, f"&{name.title()}=x", f"&{name}=x&realm=y")]
    examples += [story(signed_in(), renewal(REFRESH + text)) for text in (*more, f"&{name}=x&realm=y")]
    return [*examples, SIGN_IN.replace("/token", f"/token?{name}=x", 1)]


@pytest.mark.parametrize("name", UNWANTED)
def test_no_finding_expects_what_the_article_forbids(name: str) -> None:
    """Whoever reads "client_secret once" sends it once (A33, A35)."""
    findings = [
        finding
        for example in spoilt(name)
        for found in judge(read_example(example), RULES)
        for finding in found.findings
    ]
    assert findings
    assert [(f.rule, f.expected) for f in findings if NAMED.search(f.expected)] == []


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        (SIGN_IN + "&realm=x", "client_id, grant_type, password, username, and scope where a library insists on it"),
        (story(signed_in(), renewal(REFRESH + "&realm=x")), "client_id, grant_type, refresh_token"),
    ],
    ids=["sign-in", "refresh"],
)
def test_215_names_what_belongs_to_this_grant(example: str, expected: str) -> None:
    """A sign-in needs no refresh token, a refresh no password."""
    (finding,) = result("BIQ215", example).findings
    assert finding.expected == f"none but {expected}"


def test_other_names_are_expected_as_before() -> None:
    """What is wanted is wanted once, in the body, in lower case, with a value."""
    assert result("BIQ213", SIGN_IN + "&client_id=external.customer").findings[0].expected == "client_id once"
    assert result("BIQ218", SIGN_IN.replace("username", "UserName")).findings[0].expected == "username"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_advice_puts_a_secret_among_arguments(rule: Rule) -> None:
    """Who follows a fix of curl must not break BIQ703."""
    for text in (rule.instead, *rule.fixes.values()):
        assert "--data-urlencode" not in text or "password@-" in text or "-K -" in text
        assert not re.search(r"--data(?:-urlencode)? [\"']?(?:password|client_secret|refresh_token)=", text)


@pytest.mark.parametrize("rule", ["BIQ212", "BIQ301", "BIQ414"])
def test_msal_is_told_that_it_cannot(rule: str) -> None:
    """It adds scopes, puts the name into a header, and needs an id_token: no switch of it helps."""
    (told,) = (text for name, text in catalogue()[rule].fixes.items() if name.startswith("MSAL"))
    assert "cannot sign in as a Service User" in told
    assert "post the form yourself" in told
