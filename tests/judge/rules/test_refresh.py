"""Rules 5xx beyond their examples: what looks wrong and is not, and what is wrong in other ways."""

import base64
from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Profile
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFRESH_2,
    REFRESH_3,
    TOKEN_2,
    TOKEN_3,
    answered,
    called,
    died,
    granted,
    refreshed,
    renewal,
    signed_in,
    story,
)
from blastiq_conformance.redaction.whole import redact
from blastiq_conformance.sources.recording import write
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict

LENIENT = Profile.LENIENT
FIELDS = f"grant_type=refresh_token&refresh_token={REFRESH_1}&client_id=external.customer"
SECOND = granted(TOKEN_2, REFRESH_2)
NONE = granted(TOKEN_2, "")
INVALID = '{"error":"invalid_grant"}'


def refresh(fields: str = FIELDS, header: str = "") -> str:
    """A refresh after a sign-in, with these fields and one more header."""
    return story(signed_in(), renewal(fields).replace("\n\n", f"\n{header}\n\n", 1) if header else renewal(fields))


def basic(credentials: str) -> str:
    return "Authorization: Basic " + base64.b64encode(credentials.encode()).decode()


@pytest.mark.parametrize(
    "rule", ["BIQ502", "BIQ503", "BIQ504", "BIQ505", "BIQ506", "BIQ507", "BIQ508", "BIQ510", "BIQ512"]
)
def test_signing_in_again_is_as_good(rule: str) -> None:
    """A client that never refreshes is not judged by the rules of refreshing (D7)."""
    example = story("facts: api_calls = 2", signed_in(), called(), died(), signed_in(SECOND), called(TOKEN_2))
    assert verdict(rule, example) == "inapplicable"
    assert verdict("BIQ501", example) == "passed"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(refresh(), "passed", id="right"),
        pytest.param(refresh(header="X-A: b"), "passed", id="another header"),
        pytest.param(
            refresh().replace("urlencoded\n\ngrant_type=r", "urlencoded; charset=utf-8\n\ngrant_type=r"),
            "passed",
            id="charset",
        ),
        pytest.param(
            refresh(FIELDS.replace("grant_type=refresh_token", "grant_type=Refresh_Token")),
            "error",
            id="case of the grant",
        ),
        pytest.param(refresh(FIELDS.replace("grant_type=refresh_token&", "")), "error", id="no grant"),
        pytest.param(refresh(FIELDS.replace("grant_type=refresh_token", "grant_type=refresh")), "error", id="a grant"),
        pytest.param(
            refresh(FIELDS.replace("grant_type=refresh_token", "grant_type=password")), "error", id="another grant"
        ),
        pytest.param(refresh(FIELDS.replace("refresh_token=", "token=")), "error", id="wrong name"),
        pytest.param(refresh(FIELDS.replace("refresh_token=", "Refresh_Token=")), "passed", id="other case: BIQ218"),
        pytest.param(refresh(FIELDS.replace(REFRESH_1, "")), "error", id="empty, though one came"),
        pytest.param(
            refresh(FIELDS.replace(REFRESH_1, base64.b64encode(REFRESH_1.encode()).decode())), "error", id="in base64"
        ),
        pytest.param(refresh(FIELDS.replace(REFRESH_1, f"%22{REFRESH_1}%22")), "error", id="in quotes"),
        pytest.param(refresh(FIELDS.replace(REFRESH_1, REFRESH_1[:20])), "error", id="cut by a column"),
        pytest.param(refresh(FIELDS.replace(REFRESH_1, REFRESH_1.lower())), "error", id="in lower case"),
        pytest.param(refresh(FIELDS.replace(REFRESH_1, REFRESH_1[:8])), "passed", id="too short to tell"),
        pytest.param(refresh(FIELDS.replace(REFRESH_1, REFRESH_1[:-1] + "Z")), "passed", id="of another session"),
        pytest.param(
            story(signed_in(), f"GET /identity/connect/token?{FIELDS}"), "error error error error", id="GET, query"
        ),
        pytest.param(story(signed_in(), f"POST /identity/connect/token?x=1\n\n{FIELDS}"), "error", id="no media type"),
    ],
)
def test_502_form(example: str, expected: str) -> None:
    """Each way to miss the form of RFC 6749 section 6 is told once."""
    assert verdict("BIQ502", example) == expected


NO_ID = FIELDS.replace("&client_id=external.customer", "")


@pytest.mark.parametrize(
    ("example", "expected", "lenient"),
    [
        pytest.param(refresh(), "passed", "passed", id="in the body"),
        pytest.param(refresh(FIELDS + "&client_id=external.customer"), "passed", "passed", id="twice: BIQ213"),
        pytest.param(refresh(FIELDS.replace("client_id", "Client_Id")), "passed", "passed", id="other case: BIQ218"),
        pytest.param(refresh(NO_ID, basic("external.customer:")), "error", "warning", id="Basic only"),
        pytest.param(refresh(NO_ID, basic("other:")), "error", "error", id="another in Basic"),
        pytest.param(
            refresh(FIELDS.replace("external.customer", "External.Customer")), "error", "error", id="other case"
        ),
        pytest.param(story("facts: client_id = ours", refresh()), "error", "error", id="not the configured one"),
    ],
)
def test_503_client_id(example: str, expected: str, lenient: str) -> None:
    """The client id belongs in the body; Basic alone is forgiven by lenient (D1, D32)."""
    assert (verdict("BIQ503", example), verdict("BIQ503", example, LENIENT)) == (expected, lenient)


@pytest.mark.parametrize(
    ("fields", "header", "expected", "lenient"),
    [
        pytest.param("&audience=", "", "error", "error", id="empty audience"),
        pytest.param("&client_secret=x", "", "error", "error", id="secret"),
        pytest.param("&client_secret=", "", "error", "warning", id="empty secret"),
        pytest.param("&client_secret", "", "error", "warning", id="bare secret"),
        pytest.param(
            "&client_assertion=e30&client_assertion_type=jwt", "", "error error", "error error", id="assertion"
        ),
        pytest.param("", basic("external.customer:s3cr3t"), "error", "error", id="secret in Basic"),
        pytest.param("", basic("external.customer:"), "passed", "passed", id="empty Basic: BIQ216"),
        pytest.param("", basic("svc.pit-42@mine.example:k7Fq2vN9xW4mZ8tR1pLs"), "passed", "passed", id="user: BIQ217"),
        pytest.param("&resource=x", "", "passed", "passed", id="foreign: BIQ215"),
    ],
)
def test_504_unused_parameters(fields: str, header: str, expected: str, lenient: str) -> None:
    """What the article asks not to send is not sent on a refresh either."""
    example = refresh(FIELDS + fields, header)
    assert (verdict("BIQ504", example), verdict("BIQ504", example, LENIENT)) == (expected, lenient)


def test_504_names_the_parameter() -> None:
    """The three headlines look at the parameter, so each finding has the one that it is about."""
    found = result("BIQ504", refresh(FIELDS + "&audience=a&client_secret=b")).findings
    assert [finding.parameter for finding in found] == ["audience", "client_secret"]


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(
            story(signed_in(), refreshed(REFRESH_1, granted(TOKEN_2)), refreshed(REFRESH_1, granted())),
            "passed",
            id="the same comes back",
        ),
        pytest.param(
            story(signed_in(), refreshed(REFRESH_1, NONE), refreshed(REFRESH_1, NONE)), "passed", id="none comes"
        ),
        pytest.param(refresh(FIELDS.replace(REFRESH_1, REFRESH_3)), "passed", id="unknown: the recording began later"),
        pytest.param(
            story(signed_in(), signed_in(SECOND), refreshed(REFRESH_1, granted(TOKEN_3, REFRESH_3))),
            "passed",
            id="another line, still alive",
        ),
        pytest.param(
            story(signed_in(), f"{renewal(FIELDS)}\n{answered(SECOND)}\n### -0.05\n{renewal(FIELDS)}"),
            "passed",
            id="both under way: BIQ510",
        ),
        pytest.param(
            story(
                signed_in(), refreshed(REFRESH_1, SECOND), refreshed(REFRESH_2, granted(TOKEN_3, REFRESH_3)), refresh()
            ),
            "error",
            id="the first of three",
        ),
    ],
)
def test_505_rotation(example: str, expected: str) -> None:
    """Only a refresh token whose successor had arrived is an old one."""
    assert verdict("BIQ505", example) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param("grant_type=refresh_token&refresh_token=null", "error", id="null"),
        pytest.param("grant_type=refresh_token&refresh_token=undefined", "error", id="undefined"),
        pytest.param("grant_type=refresh_token", "error", id="left out"),
        pytest.param(FIELDS, "passed", id="kept"),
        pytest.param(FIELDS.replace(REFRESH_1, REFRESH_3), "passed", id="another that we do not know"),
    ],
)
def test_506_kept(fields: str, expected: str) -> None:
    """After an answer without a refresh token, nothing is no answer; BIQ502 leaves it to this rule."""
    example = story(signed_in(), refreshed(REFRESH_1, NONE), renewal(fields))
    assert verdict("BIQ506", example) == expected
    assert verdict("BIQ502", example) == "passed"


SILENT = granted().replace(',"scope":"cosmos offline_access"', "")


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(refresh(FIELDS + "&scope=cosmos"), "passed", id="narrower"),
        pytest.param(refresh(FIELDS + "&scope=offline_access+cosmos"), "passed", id="equal, other order"),
        pytest.param(refresh(FIELDS + "&scope="), "warning", id="empty"),
        pytest.param(refresh(FIELDS + "&scope=null"), "error", id="null"),
        pytest.param(refresh(FIELDS + "&scope=Cosmos"), "error", id="other case"),
        pytest.param(refresh(FIELDS.replace(REFRESH_1, REFRESH_3) + "&scope=cosmos"), "passed", id="unknown grant"),
        pytest.param(
            story(signed_in(SILENT), renewal(FIELDS + "&scope=cosmos")), "passed", id="no scope in the answer"
        ),
        pytest.param(
            story(
                signed_in(SILENT).replace("external.customer", "external.customer&scope=cosmos", 1),
                renewal(FIELDS + "&scope=cosmos+offline_access"),
            ),
            "error",
            id="more than was asked",
        ),
    ],
)
def test_507_scope(example: str, expected: str) -> None:
    """Wider than granted is wrong; where the grant is unknown, wider than asked (D28)."""
    assert verdict("BIQ507", example) == expected


def test_502_is_seen_in_what_was_redacted() -> None:
    """The stand-in of an altered refresh token is the other's, altered alike."""
    sent = base64.b64encode(REFRESH_1.encode()).decode()
    evidence = read_example(refresh(FIELDS.replace(REFRESH_1, sent)))
    redacted = redact(replace(evidence, facts=replace(evidence.facts, issued=())))
    assert sent not in write(redacted)
    assert result("BIQ502", redacted).severity == "error"
