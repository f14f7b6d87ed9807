"""A sign-in is known by what it is."""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.runner.way import intercepted
from blastiq_conformance.sources import read
from blastiq_conformance.sources.ownership import Ownership
from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.journal import Exchange
from fake_idp.server_config import PRODUCTION_NAMES, ServerConfig
from fake_idp.wire import FORM, Headers, Json, Request, Response
from tests.judge.har import PRODUCTION, call, discovery, entry, sign_in, write_har

GATEWAY = "https://gateway.vendor.example"
AUTH0 = "https://tenant.auth0.example"
GRANT = "grant_type=client_credentials&client_id=mine&client_secret=s3cret"


def kinds(folder: Path, *entries: Json, authority: str | None = None, client_id: str | None = None) -> str:
    (evidence,) = read(write_har(folder / "x", *entries), authority=authority, client_id=client_id)
    return " ".join(x.kind for x in evidence.exchanges)


@pytest.mark.parametrize(
    "url",
    [
        "https://test.blastiq.com/identity/connect/token",
        "https://uat.blastiq.com/oauth/token",
        f"{GATEWAY}/identity/connect/token",
        f"{GATEWAY}/sign-in",
        "http://127.0.0.1:4711/connect/token",
    ],
)
def test_a_sign_in_goes_where_it_will(tmp_path: Path, url: str) -> None:
    """Its client id, or a host of the product's, makes it one, whatever host discovery was asked at."""
    assert kinds(tmp_path, discovery(), sign_in(url)) == "discovery token"


@pytest.mark.parametrize(
    "body",
    [
        {"grant_type": "password", "client_id": "external.customer"},
        {"grant_type": "password", "client_Id": "External.Customer"},
    ],
    ids=["JSON", "other case"],
)
def test_a_client_id_counts_wherever_it_stands(tmp_path: Path, body: Json) -> None:
    """In whatever body, in other case, or as the user of Basic: each is another rule's finding, in a sign-in."""
    url = f"{GATEWAY}/sign-in"
    posted: Json = {"mimeType": "application/json", "text": json.dumps(body)}
    sent: Json = {"method": "POST", "url": url, "postData": posted}
    one = entry(url) | {"request": sent}
    assert kinds(tmp_path, discovery(), one) == "discovery token"
    basic = entry(url, "POST", "grant_type=password", authorization="Basic ZXh0ZXJuYWwuY3VzdG9tZXI6")
    assert kinds(tmp_path, discovery(), basic) == "discovery token"


def test_where_a_sign_in_went_go_others(tmp_path: Path) -> None:
    """A refresh without a client id is BIQ503's, a second try without one BIQ206's; discovery there is discovery."""
    refresh = entry(f"{GATEWAY}/sign-in", "POST", "grant_type=refresh_token&refresh_token=r")
    found = kinds(tmp_path, discovery(at=f"{GATEWAY}/identity"), sign_in(f"{GATEWAY}/sign-in"), refresh)
    assert found == "discovery token token"


def test_a_sign_in_at_the_address_of_others_makes_none_of_them(tmp_path: Path) -> None:
    """Who posts to the API by mistake still calls it afterwards."""
    url = "https://www.blastiq.com/api"
    assert kinds(tmp_path, discovery(), sign_in(url), call(url), entry(url, "POST", "a=b")) == "discovery token api api"


def test_the_discovered_endpoint_is_one(tmp_path: Path) -> None:
    """Whatever its host, its address and the client id; but only where BlastIQ's document names it."""
    away = {"issuer": PRODUCTION, "token_endpoint": f"{GATEWAY}/t/1?x=y"}
    document = entry(f"{PRODUCTION}/.well-known/openid-configuration", answer=away)
    asked = entry(f"{GATEWAY}/T/1?x=y", "POST", GRANT)
    assert kinds(tmp_path, document, asked) == "discovery token"
    assert kinds(tmp_path, entry(f"{PRODUCTION}/other", answer=away), asked) == "other other"


@pytest.mark.parametrize("url", [f"{AUTH0}/oauth/token", f"{AUTH0}/connect/token"])
def test_other_peoples_sign_ins_stay_theirs(tmp_path: Path, url: str) -> None:
    """Beside something of BlastIQ's a grant that nothing ties to it is another's, with all that its server has."""
    theirs = [discovery(AUTH0), entry(url, "POST", GRANT), entry(f"{AUTH0}/connect/userinfo"), entry(f"{AUTH0}/api/v2")]
    for ours in (sign_in(), sign_in(f"{GATEWAY}/sign-in"), entry("https://api.blastiq.com/v3/sites")):
        assert kinds(tmp_path, *theirs, ours).startswith("other other other other ")


def test_where_nothing_is_of_blastiq_each_is_taken_for_its_own(tmp_path: Path) -> None:
    """A client that has everything wrong is still judged."""
    assert kinds(tmp_path, entry(f"{AUTH0}/oauth/token", "POST", GRANT)) == "token"
    assert kinds(tmp_path, discovery(AUTH0), entry(f"{GATEWAY}/x", "POST", GRANT)) == "discovery token"


def test_who_gives_authority_or_client_id_is_believed(tmp_path: Path) -> None:
    """Then they tell what is BlastIQ's."""
    grants = [entry(f"{host}/connect/token", "POST", GRANT) for host in (GATEWAY, AUTH0)]
    assert kinds(tmp_path, *grants) == "token token"
    assert kinds(tmp_path, *grants, authority=f"{GATEWAY}/identity") == "token other"
    grants.append(sign_in(f"{AUTH0}/connect/token", "given"))
    assert kinds(tmp_path, *grants[1:], entry("https://www.blastiq.com/"), client_id="given") == "token token other"


def test_a_host_that_is_left_open_may_be_the_products(tmp_path: Path) -> None:
    """A variable that nobody filled in."""
    text = f"POST {{{{authority}}}}/connect/token\nContent-Type: {FORM}\n\n{GRANT}\n\n###\nGET https://api.blastiq.com/v3\n"
    (tmp_path / "x").write_text(text)
    (evidence,) = read(tmp_path / "x")
    assert [x.kind for x in evidence.exchanges] == [Kind.TOKEN, Kind.API]


@pytest.mark.parametrize("endpoint", ["http://[", "/connect/token", "", "::"])
def test_a_document_may_name_nonsense(tmp_path: Path, endpoint: str) -> None:
    """Nothing stands there, and the sign-in is known all the same."""
    document = entry(
        f"{PRODUCTION}/.well-known/openid-configuration", answer={"issuer": "http://[", "token_endpoint": endpoint}
    )
    assert kinds(tmp_path, document, sign_in(), call("https://api.blastiq.com/v3")) == "discovery token api"


HOSTS = ("www.blastiq.com", "test.blastiq.com", "gateway.example", "tenant.example:8443", "127.0.0.1:1", "{{base}}", "")
CLIENTS = ("external.customer", "External.Customer", "mine", "")
PATHS = ("/identity/connect/token", "/oauth/token", "/api/x", "/identity/.well-known/openid-configuration", "/x")


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    host, path, client = (draw(st.sampled_from(each)) for each in (HOSTS, PATHS, CLIENTS))
    grant = draw(st.sampled_from(("grant_type=password&", "")))
    body = f"{grant}client_id={client}".encode() if draw(st.booleans()) else b""
    document = f'{{"issuer":"https://{draw(st.sampled_from(HOSTS))}","token_endpoint":"https://{host}/t"}}'.encode()
    headers = Headers((("Host", host), ("Content-Type", FORM)))
    request = Request(method="POST", target=path, headers=headers, body=body, scheme="https")
    return Exchange(number=0, kind=Kind.OTHER, request=request, response=Response(status=200, body=document))


@given(st.lists(exchanges(), max_size=6), st.randoms())
def test_what_a_request_is_does_not_depend_on_its_place(found: Sequence[Exchange], random: Random) -> None:
    """A sign-in of the expected client, or at a host of the product, is one among whatever others, in any order."""
    ownership = Ownership(found, None, None)
    shuffled = list(found)
    random.shuffle(shuffled)
    again = Ownership(shuffled, None, None)
    for exchange in found:
        request, kind = exchange.request, ownership.kind(exchange.request)
        assert again.kind(request) is kind or ownership.authority != again.authority
        # A grant at the address of discovery is BIQ102's.
        grants = b"grant_type" in request.body and "well-known" not in request.path
        if grants and (b"external.customer" in request.body.lower() or request.host.endswith("blastiq.com")):
            assert kind is Kind.TOKEN


@given(st.lists(exchanges(), max_size=6))
def test_a_grant_of_others_stays_theirs_beside_ours(found: Sequence[Exchange]) -> None:
    """No other request of a recording makes a grant BlastIQ's that neither client, host nor document ties to it."""
    request = Request(
        method="POST",
        target="/oauth/token",
        headers=Headers((("Host", "nobody.example"), ("Content-Type", FORM))),
        body=b"grant_type=password&client_id=mine",
    )
    ours = Request(method="GET", target="/identity/x", headers=Headers((("Host", "www.blastiq.com"),)))
    both = [Exchange(number=0, kind=Kind.OTHER, request=each) for each in (request, ours)]
    assert Ownership([*found, *both], None, None).kind(request) is Kind.OTHER


@given(
    st.sampled_from((*PRODUCTION_NAMES, "collector.example")),
    st.sampled_from((*PATHS, "/identity/connect/userinfo", "/v3/sites", "/API/x", "/identity/connect/token/")),
    st.sampled_from(("", "?access_token=x", "?grant_type=password")),
    st.sampled_from((b"", b"grant_type=password&client_id=mine", b'{"grant_type": "password"}')),
)
def test_a_recording_is_told_apart_as_the_live_run_is(host: str, path: str, query: str, body: bytes) -> None:
    """The same bytes are for the same thing, whoever looks at them: behind the proxy, or afterwards."""
    headers = Headers((("Host", host), ("Content-Type", FORM)))
    request = Request(method="POST", target=path + query, headers=headers, body=body, scheme="https")
    live = FakeIdp(intercepted(ServerConfig(), PRODUCTION_NAMES)).arrive(request).kind
    ours = Request(method="GET", target="/", headers=Headers((("Host", "www.blastiq.com"),)))
    found = [Exchange(number=0, kind=Kind.OTHER, request=each) for each in (request, ours)]
    assert Ownership(found, None, PRODUCTION).kind(request) is live
