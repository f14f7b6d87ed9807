"""Secrets in a request: found at their place, but for the bearer token where it belongs."""

import pytest

from blastiq_conformance.catalogue.example_messages import REFRESH_1, TOKEN_1, signed_in, story
from blastiq_conformance.evidence.sent import sent
from fake_idp.classify import Kind
from tests.judge.example import read_example

PASSWORD = "k7Fq2vN9xW4mZ8tR1pLs"
BEARER = f"Authorization: Bearer {TOKEN_1}"
OK = "HTTP/1.1 200 OK\n\n"


@pytest.mark.parametrize(
    ("request_", "places"),
    [
        pytest.param(f"GET /api?page=1\n{BEARER}", [], id="a bearer token where it belongs"),
        pytest.param(f"GET /other\n{BEARER}", ["header Authorization"], id="sent to others"),
        pytest.param(f"GET /api\nAuthorization: Token {TOKEN_1}", ["header Authorization"], id="another scheme"),
        pytest.param(f"GET /api\nAuthorization: Bearer x{PASSWORD}", ["header Authorization"], id="a password as one"),
        pytest.param(f"GET /api?h={REFRESH_1}\nX: {PASSWORD}", ["target", "header X"], id="target and header"),
        pytest.param(f"POST /api\nContent-Type: text/plain\n\n{REFRESH_1}", ["body"], id="body"),
    ],
)
def test_where_a_secret_is_found(request_: str, places: list[str]) -> None:
    """Each rule that looks for one gets the same places."""
    evidence = read_example(story(signed_in(), f"{request_}\n{OK}"))
    found = [
        place for each in sent(evidence, Kind.API, Kind.OTHER) for place, _ in each.leaks(evidence.canaries.search)
    ]
    assert found == places
