"""BIQ109 beyond its example: what no client need know, the order of members, and what a recording shows."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import SIGN_IN, story
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict

AUTHORITY = "http://127.0.0.1:8080/identity"


def document(*members: str) -> str:
    given = [f'"issuer": "{AUTHORITY}"', f'"token_endpoint": "{AUTHORITY}/connect/token"', *members]
    head = "GET /identity/.well-known/openid-configuration\nHost: 127.0.0.1:8080\n\nHTTP/1.1 200 OK\n\n"
    return head + "{" + ", ".join(given) + "}"


EXTRA = document('"x_new": {"deeper": [true]}')
REORDERED = document().replace('{"issuer"', '{"jwks_uri": "/k", "issuer"')
LONGER = document('"mtls_endpoint_aliases": {}', '"frontchannel_logout_session_supported": true')
SIGNED_IN = SIGN_IN.replace("connect/token", "connect/token\nHost: 127.0.0.1:8080", 1)


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        pytest.param([EXTRA, SIGNED_IN], "passed", id="went on"),
        pytest.param([EXTRA], "error", id="gave up"),
        pytest.param([REORDERED, SIGNED_IN], "passed", id="went on after another order"),
        pytest.param([REORDERED], "error", id="gave up over the order"),
        pytest.param([SIGNED_IN, EXTRA], "error", id="went on before only"),
        pytest.param([document()], "inapplicable", id="nothing odd"),
        pytest.param(
            [LONGER],
            "inapplicable",
            id="members that are registered, or that OpenID defines",
        ),
        pytest.param([EXTRA.replace('"token_endpoint"', '"x"')], "inapplicable", id="no token endpoint: BIQ106"),
        pytest.param([SIGNED_IN], "inapplicable", id="no discovery"),
    ],
)
def test_109_metadata(blocks: list[str], expected: str) -> None:
    """After a document with what no registry holds (D50), the client must go on to the token request."""
    assert verdict("BIQ109", story(*blocks)) == expected


def test_109_a_recording_may_end_with_the_document() -> None:
    """Who went on is seen to; who did not may have gone on afterwards."""
    assert verdict("BIQ109", replace(read_example(EXTRA), child=None)) == "inapplicable"
    assert verdict("BIQ109", replace(read_example(story(EXTRA, SIGNED_IN)), child=None)) == "passed"


def test_109_says_what_was_odd() -> None:
    """Who stumbles over the order is not told of members."""
    (more,), (order,) = (result("BIQ109", example).findings for example in (EXTRA, REORDERED))
    assert more.message.endswith("with members that it does not know")
    assert order.message.endswith("whose members stand in another order")
