"""BIQ306 beyond its examples: answers and addresses that name a site."""

import pytest

from blastiq_conformance.catalogue.example_messages import TOKEN_1, TOKEN_2, called, granted, renewal, signed_in, story
from tests.judge.rules.verdicts import verdict

OTHER = "loader-9@quarry.test"
FACTS = f"facts: api_calls = 2, other_user = {OTHER}:Bw6Tz3Hc8Yd5"
SECOND = (
    renewal(f"grant_type=password&username={OTHER}&password=Bw6Tz3Hc8Yd5&client_id=external.customer")
    + f"\nHTTP/1.1 200 OK\n\n{granted(TOKEN_2, '')}"
)


def of(site: str, token: str, path: str = "/api", status: str = "200 OK") -> str:
    """A call, and the answer with the site of its token."""
    return called(token, status).replace("GET /api", f"GET {path}").rstrip() + f'\n\n{{"site":"{site}"}}'


BOTH = (FACTS, signed_in(), of("pit", TOKEN_1), SECOND, of("quarry", TOKEN_2))
REFUSED = "403 Forbidden"
THIRD = "facts: other_user = haul-3@mill.test:Cx7Ua4Id9Ze6"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(*BOTH), "passed", id="each its own"),
        pytest.param(story(*BOTH, of("", TOKEN_1, "/api/sites/quarry", REFUSED)), "warning", id="the other's site"),
        pytest.param(story(*BOTH, of("", TOKEN_1, "/api/sites/pit", REFUSED)), "passed", id="its own, and refused"),
        pytest.param(story(*BOTH, of("", TOKEN_1, "/api/sites/mill", REFUSED)), "passed", id="a site of nobody's"),
        pytest.param(story(*BOTH, of("pit", TOKEN_1, "/api/sites/pit")), "passed", id="its own"),
        pytest.param(story(*BOTH[:4], called(TOKEN_2, REFUSED)), "passed", id="no answer names the second's"),
        pytest.param(story(FACTS, signed_in(), of("pit", TOKEN_1), SECOND), "warning", id="one only"),
        pytest.param(story(*BOTH, THIRD), "passed", id="two calls for three users"),
        pytest.param(story(*BOTH, THIRD, of("pit", TOKEN_1)), "warning", id="three calls, and none of the third"),
    ],
)
def test_tokens_are_kept_apart(example: str, expected: str) -> None:
    """A token is used for the site that its own answers name."""
    assert verdict("BIQ306", example) == expected
