"""A credential that was encoded, hashed or put into the other's place is told from one that comes from elsewhere."""

import base64
import hashlib

import pytest

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.catalogue.example_messages import SIGN_IN, called, sign_in, signed_in, story
from blastiq_conformance.judge.engine import judge
from tests.judge.example import PASSWORD, USERNAME, read_example
from tests.judge.rules.verdicts import result

RULES = tuple(catalogue().values())
SHA_256 = hashlib.sha256(PASSWORD.encode()).digest()
CODED = "encoded as base64 or as hexadecimal digits"
HASHED = "replaced by a hash of it"


def failed(example: str) -> set[str]:
    return {found.rule for found in judge(read_example(example), RULES) if found.outcome is Outcome.FAILED}


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        pytest.param(base64.b64encode(PASSWORD.encode()).decode(), CODED, id="a Kubernetes secret as it stands"),
        pytest.param(PASSWORD.encode().hex().upper(), CODED, id="hexadecimal"),
        pytest.param(hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest(), HASHED, id="MD5"),
        pytest.param(SHA_256.hex().upper(), HASHED, id="SHA-256"),
        pytest.param(base64.b64encode(SHA_256).decode(), HASHED, id="SHA-256 in base64"),
    ],
)
def test_a_rewritten_password_is_not_a_built_in_one(sent: str, told: str) -> None:
    """BIQ305 sent the owner to his configuration, which was right; BIQ208 says what was done to the value."""
    example = sign_in(sent)
    assert failed(example) == {"BIQ208"}
    (finding,) = result("BIQ208", example).findings
    assert finding.received.endswith(f", {told}")


def test_user_name_and_password_in_each_others_place() -> None:
    """Both were said to be built in; the one thing to change is the order of two arguments."""
    example = sign_in(USERNAME, PASSWORD)
    assert failed(example) == {"BIQ207", "BIQ208"}
    for rule in ("BIQ207", "BIQ208"):
        (finding,) = result(rule, example).findings
        assert "user name and password exchanged" in finding.message


def test_305_still_finds_what_has_nothing_in_common() -> None:
    """Digits that are not a hash of the password, and base64 of something else."""
    for sent in (hashlib.md5(b"other", usedforsecurity=False).hexdigest(), base64.b64encode(b"Winter-2019!").decode()):
        assert failed(sign_in(sent)) == {"BIQ305"}


@pytest.mark.parametrize(("name", "known"), [("clientId", "client_id"), ("client-id", "client_id")])
def test_a_missing_name_is_shown_beside_the_one_that_is_like_it(name: str, known: str) -> None:
    """The owner sees clientId in his code, and read only that there is no client_id."""
    (finding,) = result("BIQ206", SIGN_IN.replace(known, name)).findings
    assert finding.received.startswith(f"no {known} parameter, but {name}=external.customer")


@pytest.mark.parametrize("template", ["{token}", "{{ token }}", "${accessToken}", "$TOKEN", "%TOKEN%"])
def test_604_calls_a_template_a_template(template: str) -> None:
    """A single brace was taken for what a language prints of an answer."""
    (finding,) = result("BIQ604", story(signed_in(), called(template, "401 Unauthorized"))).findings
    assert finding.received == "Authorization: Bearer, and a template that nobody filled in"
