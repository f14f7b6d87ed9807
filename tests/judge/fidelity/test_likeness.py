"""What is taken over of a recorded authority, by answers of a fake that is set up otherwise, and of the products."""

from pathlib import Path

import pytest

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.config import ConfigError
from blastiq_conformance.config.likeness import open_likeness, read_file, write
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.fidelity.likeness import read_likeness
from blastiq_conformance.judge.engine import judge
from fake_idp.classify import WELL_KNOWN, Kind
from fake_idp.customs import Change, Customs, Rewording
from fake_idp.journal import Exchange
from fake_idp.likeness import Likeness
from fake_idp.server_config import ARTICLE_LIMITS, Flavour, RefreshPolicy, ServerConfig, TokenShape
from fake_idp.wire import Headers, Request, Response
from tests.fake_idp.calls import Now, call, fake, form, get, members, post, refresh
from tests.fake_idp.recorded import API, FOLDER, RECORDINGS, Recording
from tests.judge.right_client import RightClient, Style


def recorded(**fields: object) -> Likeness:
    """Let a fake that is set up so answer some questions, and read what they show."""
    now = Now()
    idp = fake(now, **fields)  # type: ignore[arg-type]  # fields of a ServerConfig
    base = idp.config.base
    get(idp, base + WELL_KNOWN)
    token_url = idp.endpoints.token
    signed_in = members(post(idp, form(), token_url))
    post(idp, form(password="wrong"), token_url)
    if "refresh_token" in signed_in:
        refresh(idp, signed_in["refresh_token"])
    for _ in range(25):
        call(idp, signed_in["access_token"])
        now.sleep(0.1)
    call(idp, "x")
    evidence = Evidence(exchanges=tuple(idp.journal.exchanges), facts=Facts())
    return read_likeness([evidence], "recorded.har")


WORDS = Rewording(
    error="invalid_grant",
    description="invalid_username_or_password",
    status=401,
    body={"error": "invalid_grant", "error_description": "Wrong."},
)
OWN: dict[str, dict[str, object]] = {
    "flavour": {"flavour": Flavour.DUENDE},
    "older": {"flavour": Flavour.IS4_V2},
    "lifetime": {"access_token_lifetime": 1200},
    "audience": {"resource": "urn:blasts"},
    "scopes": {"scopes": ("blasts", "cosmos")},
    "path of tokens": {"token_path": "/oauth/token"},
    "used again": {"refresh_policy": RefreshPolicy.REUSE},
    "kept": {"refresh_policy": RefreshPolicy.KEEP},
    "no renewal": {"refresh_policy": RefreshPolicy.NONE},
    "one time": {"flavour": Flavour.DUENDE, "refresh_policy": RefreshPolicy.ONE_TIME},
    "opaque": {"token_shape": TokenShape.OPAQUE},
    "slash": {"issuer_slash": True},
    "id_token": {"identity_tokens": True},
    "no limits": {"rate_limits": ()},
    "other limits": {"rate_limits": ((5, 30),)},
    "key set": {"jwks_path": "/keys"},
    "answer": {"customs": Customs(answer=Change(more={"site": "text", "level": 3}, less=frozenset({"scope"})))},
    "claims": {"customs": Customs(claims=Change(more={"roles": ["text"]}, less=frozenset({"jti"})))},
    "document": {
        "customs": Customs(
            document=Change(more={"x_portal": "https://like.example/"}, less=frozenset({"check_session_iframe"}))
        )
    },
    "words": {"customs": Customs(errors=(WORDS,))},
    "words of the API": {"customs": Customs(api_errors=(Rewording(status=401, body={"Message": "text"}),))},
}


@pytest.mark.parametrize("own", OWN.values(), ids=OWN)
@pytest.mark.unmeasured
def test_what_is_shown_is_taken_over(own: dict[str, object]) -> None:
    """That alone; a fake set up so answers as the recorded one did."""
    likeness = recorded(**own)
    assert likeness.taken == own
    config = likeness.of(ServerConfig())
    assert {name: getattr(config, name) for name in own} == own


def test_the_base_path_is_taken_over() -> None:
    """The host is not: a fake is called by its own names."""
    likeness = recorded(authority="https://id.mine.example/auth/v2")
    assert likeness.of(ServerConfig()).authority == "https://www.blastiq.com/auth/v2"
    assert "base path /auth/v2" in likeness.told()


@pytest.mark.parametrize(
    ("answer", "limits"),
    [
        (
            Response(status=200, headers=Headers((("RateLimit-Policy", '"a";q=100;w=60, "b";q=5;w=1'),))),
            ((5, 1), (100, 60)),
        ),
        (Response(status=429, body=b"API calls quota exceeded! maximum admitted 50 per 5m."), ((50, 300),)),
        (Response(status=429), ARTICLE_LIMITS),
    ],
)
def test_limits_that_are_announced_are_taken_over(answer: Response, limits: tuple[tuple[int, int], ...]) -> None:
    """As policies of the IETF's draft, and in the words of AspNetCoreRateLimit."""
    asked = Request(method="GET", target="/api", headers=Headers())
    exchange = Exchange(number=1, kind=Kind.API, request=asked, response=answer, started=0.0, ended=0.0, at="")
    likeness = read_likeness([Evidence(exchanges=(exchange,), facts=Facts())], "x")
    assert likeness.shown.rate_limits == limits
    assert ("(the article: 20 calls in 10 s" in likeness.summary) is (limits != ARTICLE_LIMITS)


def test_values_of_members_are_not_kept() -> None:
    """Whose name stands there, nobody knows: its kind is enough."""
    own = Customs(answer=Change(more={"contact": "pat@mine.example", "api_key": "https://k3y.example/"}))
    assert recorded(customs=own).shown.customs.answer.more == {"contact": "text", "api_key": "text"}


@pytest.mark.parametrize("own", OWN.values(), ids=OWN)
def test_a_file_says_the_same(own: dict[str, object], tmp_path: Path) -> None:
    """What was written is read again, and by whoever opens a likeness."""
    (file := tmp_path / "like.toml").write_text(write(recorded(**own)), encoding="utf-8")
    assert open_likeness(file).taken == own


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("flavor = 1", "there is no such key; did you mean 'flavour'?"),
        ('flavour = "is5"', "key 'flavour': expected \"is4\""),
        ("base = 3", "key 'base': expected a path"),
        ("answer = 3", "key 'answer': expected a table"),
        ("[answer]\nmore = { since = 2026-01-01 }", "[answer], key 'more': expected a table of texts, numbers"),
        ("[answer]\nmost = {}", "there is no such key; known are less, more"),
        ('[[errors]]\nerror = "x"\nstatus = 200', "key 'status': expected an HTTP status from 400"),
        ("[[errors]]\nstatus = 400", "key 'error': it is missing"),
        ("rate_limits = [20, 10]", "expected a list of pairs"),
        ("flavour = ", "is not valid TOML"),
    ],
)
def test_a_wrong_file_is_refused(text: str, said: str, tmp_path: Path) -> None:
    """With its name, the key, what was expected and what was found."""
    (file := tmp_path / "like.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_file(file)
    assert str(file) in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.slow
@pytest.mark.unmeasured
@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda each: each.name)
def test_a_product_is_its_flavour_and_nothing_more(recording: Recording) -> None:
    """There is nothing of their own in the products; the API's tokens lived two seconds."""
    usual = {} if recording.flavour is Flavour.IS4 else {"flavour": recording.flavour}
    expected = {"access_token_lifetime": 2} if recording.name == API else usual
    assert open_likeness(FOLDER / recording.file).taken == expected


def failing(likeness: Likeness) -> list[str]:
    """Judge a right client at a fake that is set up so."""
    client = RightClient(Style(calls=3), "svc-user", "a right password")
    client.idp.become(likeness.of(client.idp.config))
    evidence = client.run()
    assert evidence.child is not None
    assert evidence.child.exit_status == 0
    return [result.rule for result in judge(evidence, catalogue().values()) if result.outcome is Outcome.FAILED]


@pytest.mark.slow
@pytest.mark.unmeasured
@pytest.mark.parametrize("recording", [each for each in RECORDINGS if each.name != API], ids=lambda each: each.name)
def test_a_right_client_keeps_its_verdict(recording: Recording) -> None:
    """Whichever product it meets."""
    assert failing(open_likeness(FOLDER / recording.file)) == []


@pytest.mark.unmeasured
@pytest.mark.parametrize("own", OWN.values(), ids=OWN)
def test_nor_does_what_is_an_authority_s_own_cost_it_any(own: dict[str, object]) -> None:
    """A client that does right by the article does so wherever members are added, or left out that it need not read."""
    assert failing(recorded(**own)) == []
