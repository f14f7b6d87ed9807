"""Where the API stands is told by what is sent there."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.sources import read
from blastiq_conformance.sources.recorded import with_api
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import FORM, Headers, Json, Request, Response
from tests.judge.har import TOKEN, call, discovery, entry, sign_in, write_har
from tests.judge.recorded import broken

DATA = "https://data.mine.example"
RULES = [catalogue()[rule] for rule in ("BIQ601", "BIQ602", "BIQ603", "BIQ604", "BIQ610")]
SCRIPT = f"""\
POST https://www.blastiq.com/identity/connect/token
Content-Type: {FORM}

grant_type=password&username=u&password={{{{password}}}}&client_id=external.customer
"""


def read_har(folder: Path, *entries: Json) -> Evidence:
    (evidence,) = read(write_har(folder / "x", *entries))
    return evidence


def read_script(folder: Path, *requests: str) -> Evidence:
    (folder / "x").write_text("\n###\n".join((SCRIPT, *requests)))
    (evidence,) = read(folder / "x")
    return evidence


@pytest.mark.parametrize(
    "url",
    [
        "https://api.blastiq.com/v3/sites",
        "https://apitest.blastiq.com/v3/sites",
        "https://www.blastiq.com/api/v3",
        f"{DATA}/v3/sites",
    ],
)
@pytest.mark.parametrize("name", ["access_token", "t"])
def test_a_token_in_a_url_of_the_api_is_602s(tmp_path: Path, url: str, name: str) -> None:
    """A call of the API is one, however it carries its token; it went to nobody else."""
    evidence = read_har(tmp_path, discovery(), sign_in(), entry(f"{url}?{name}={TOKEN}"))
    assert evidence.exchanges[-1].kind is Kind.API
    assert broken(evidence, RULES) == {"BIQ602": {3}}


@pytest.mark.parametrize("url", ["https://api.blastiq.com/v3/sites", "https://www.blastiq.com/api/v3", f"{DATA}/v3"])
def test_a_script_has_no_answers_and_a_call_of_the_api_all_the_same(tmp_path: Path, url: str) -> None:
    """What it would send as a token stands for the one that it would get."""
    evidence = read_script(tmp_path, f"GET {url}?access_token={{{{token}}}}")
    assert broken(evidence, RULES) == {"BIQ602": {2}}
    evidence = read_script(
        tmp_path, f"GET {DATA}/log?access_token=x", f"GET {url}\nAuthorization: Bearer {{{{token}}}}"
    )
    assert evidence.exchanges[-1].kind is Kind.API


def test_a_bearer_token_tells_before_one_in_a_url(tmp_path: Path) -> None:
    """Who sends it to a collector too, and be it earlier, sends it elsewhere: BIQ610."""
    log = entry(f"https://collector.example/x?access_token={TOKEN}")
    evidence = read_har(tmp_path, discovery(), sign_in(), log, call(f"{DATA}/v3"), entry(f"{DATA}/v4?t={TOKEN}"))
    assert [x.kind for x in evidence.exchanges[2:]] == [Kind.OTHER, Kind.API, Kind.API]
    assert broken(evidence, RULES) == {"BIQ602": {5}, "BIQ610": {3}}


def test_what_nobody_issued_tells_nothing(tmp_path: Path) -> None:
    """Other services have tokens of their own."""
    theirs = (
        entry("https://maps.example/v1?access_token=another"),
        entry("https://x.example/", authorization="Basic eA=="),
    )
    kinds = [x.kind for x in read_har(tmp_path, sign_in(), *theirs).exchanges]
    assert kinds == [Kind.TOKEN, Kind.OTHER, Kind.OTHER]
    script = read_script(tmp_path, "GET https://x.example/\nAuthorization: Basic eA==")
    assert script.exchanges[-1].kind is Kind.OTHER


def test_an_api_path_of_others_is_no_api(tmp_path: Path) -> None:
    """Beside BlastIQ's, /api of any other host is that of somebody else."""
    evidence = read_har(tmp_path, sign_in(), entry("https://maps.example/api/v1"), call(f"{DATA}/v3"))
    assert [x.kind for x in evidence.exchanges] == [Kind.TOKEN, Kind.OTHER, Kind.API]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("a.example", "b.example")),
            st.sampled_from(("", f"?access_token={TOKEN}", "?access_token=x", f"?y={TOKEN}", "?y=x", "?")),
            st.sampled_from(("", f"Bearer {TOKEN}", "Bearer x", "Basic eA==", "Bearer")),
        ),
        max_size=6,
    ),
    st.booleans(),
)
def test_one_origin_at_most_is_taken_for_the_api(calls: list[tuple[str, str, str]], answered: bool) -> None:
    """Where a token was sent to anybody, one origin is the API, and of it all that carries one; else none is."""
    answer = Response(status=200, body=f'{{"access_token": "{TOKEN}"}}'.encode())
    requests = [Request(method="POST", target="/t")]
    requests += [
        Request(method="GET", target="/" + query, headers=Headers((("Host", host), ("Authorization", value))))
        for host, query, value in calls
    ]
    found = [Exchange(number=0, kind=Kind.OTHER, request=request, response=None) for request in requests]
    if answered:
        found[0] = Exchange(number=0, kind=Kind.OTHER, request=requests[0], response=answer)
    kinds = with_api(found, [Kind.TOKEN, *[Kind.OTHER] * len(calls)])
    apis = {request.host for request, kind in zip(requests, kinds, strict=True) if kind is Kind.API}
    assert len(apis) <= 1
    # Of a source without answers nobody knows what else may be a token.
    mark = TOKEN if answered else "access_token="
    sent = any(mark in query or TOKEN in value for _, query, value in calls)
    assert bool(apis) >= sent
    assert kinds[0] is Kind.TOKEN
