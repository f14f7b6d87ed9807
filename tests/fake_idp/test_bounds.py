"""The product's lengths and counts to the character, and which of several equal parameters it reads."""

import pytest

from fake_idp.oidc.form import BODY_LIMIT
from fake_idp.server_config import Flavour, Mode, RefreshPolicy, ServiceUser
from tests.fake_idp.calls import GOOD, basic, claims, error, fake, flavoured, form, members, post, refresh, sign_in


@pytest.mark.parametrize(("length", "status"), [(100, 200), (101, 400)])
@pytest.mark.parametrize(("name", "password"), [("x", "p"), ("s", "x")])
def test_a_credential_has_at_most_a_hundred_characters(name: str, password: str, length: int, status: int) -> None:
    """Row 12: a longer one is refused before anybody looks for it."""
    user = ServiceUser(username=name.replace("x", "x" * length), password=password.replace("x", "x" * length))
    idp = fake(users=(user,))
    answer = post(idp, form(username=user.username, password=user.password))
    assert answer.status == status
    if status == 400:
        assert answer.body == error("invalid_grant")


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(("length", "status"), [(300, 200), (301, 400)])
def test_a_scope_has_at_most_three_hundred_characters(mode: Mode, length: int, status: int) -> None:
    """Row 9: what is longer is invalid, though it names what is allowed."""
    assert post(flavoured(Flavour.IS4, mode), form(scope="cosmos".ljust(length))).status == status


@pytest.mark.parametrize(("length", "status"), [(100, 200), (101, 400)])
def test_a_client_id_has_at_most_a_hundred_characters(length: int, status: int) -> None:
    """Row 2: a longer one is none."""
    assert post(fake(client_id="c" * length), form(client_id="c" * length)).status == status


@pytest.mark.parametrize(("length", "status"), [(100, 200), (101, 400)])
def test_a_client_id_in_a_header_has_at_most_a_hundred_characters(length: int, status: int) -> None:
    """Row 2: a header with a longer one is not a header, and the body has none."""
    client = "c" * length
    answer = post(fake(client_id=client), form(client_id=None), authorization=basic(client, ""))
    assert answer.status == status


@pytest.mark.parametrize(
    ("length", "said"),
    [(512, ""), (513, "Resource indicator maximum length exceeded")],
)
def test_a_resource_has_at_most_512_characters(length: int, said: str) -> None:
    """Row 8: Duende looks at the length first."""
    answer = post(flavoured(Flavour.DUENDE), form(resource="https://api.example/".ljust(length, "x")))
    assert answer.body == error("invalid_target", said)


@pytest.mark.parametrize(("size", "status"), [(BODY_LIMIT, 200), (BODY_LIMIT + 1, 413)])
def test_a_body_has_at_most_a_mebibyte(size: int, status: int) -> None:
    """R39: to the byte."""
    assert BODY_LIMIT == 1024 * 1024
    body = f"{GOOD}&x=".encode()
    assert post(fake(), body.ljust(size, b"y")).status == status


@pytest.mark.parametrize(("more", "status"), [(1024 - 4, 200), (1024 - 3, 500)])
def test_a_form_has_at_most_1024_pairs(more: int, status: int) -> None:
    """R39: four are the article's own, and an ampersand at the end begins no other."""
    assert post(fake(), GOOD + "&x=1" * more).status == status
    assert post(fake(), GOOD + "&x=1" * more + "&").status == status


@pytest.mark.parametrize(("length", "status"), [(2048, 200), (2049, 500)])
def test_a_name_has_at_most_2048_bytes(length: int, status: int) -> None:
    """R39: of the name as it was sent, with a value or without."""
    name = "%78" + "x" * (length - 3)
    assert post(fake(), f"{GOOD}&{name}=1").status == status
    assert post(fake(), f"{GOOD}&{name}").status == status


@pytest.mark.parametrize(
    ("clients", "status"),
    [
        ("client_id=external.customer&client_id=other", 200),
        ("client_id=other&client_id=external.customer", 400),
        ("client_id=external.customer&client_id=+", 200),
        ("client_id=+&client_id=external.customer", 400),
    ],
)
def test_the_first_of_several_counts(clients: str, status: int) -> None:
    """IdentityServer4 reads the first value, blank or not (server.md 1.1)."""
    assert post(fake(), GOOD.replace("client_id=external.customer", clients)).status == status


def test_a_token_ends_a_lifetime_after_it_began() -> None:
    """The JWT says the same as expires_in."""
    answer = sign_in(fake(access_token_lifetime=1234))
    read = claims(answer["access_token"])
    assert len(str(read["jti"])) == 32
    assert (answer["expires_in"], int(str(read["exp"])) - int(str(read["nbf"]))) == (1234, 1234)


@pytest.mark.parametrize("policy", [RefreshPolicy.ONE_TIME, RefreshPolicy.KEEP, RefreshPolicy.REUSE])
def test_every_refresh_token_is_a_canary(policy: RefreshPolicy) -> None:
    """What a refresh brings is noted as issued, and nothing where it brings none."""
    idp = fake(refresh_policy=policy)
    first = sign_in(idp)["refresh_token"]
    second = members(refresh(idp, first)).get("refresh_token")
    expected = {str(refresh_token) for refresh_token in (first, second) if refresh_token is not None}
    noted = [secret.value for secret in idp.journal.issued if secret.kind == "refresh_token"]
    assert set(noted) == expected
