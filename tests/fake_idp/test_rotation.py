"""Several clients renew in any order while time passes: the fake against a model of what the product does (1.5)."""

from dataclasses import dataclass
from math import floor
from typing import TypeAlias

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, initialize, multiple, rule

from fake_idp.core import FakeIdp
from fake_idp.server_config import Flavour, RefreshPolicy, ServiceUser, TokenShape
from fake_idp.wire import Json
from tests.fake_idp.calls import CLIENT, Now, call, error, fake, members, post, refresh

USERS = tuple(ServiceUser(username=name, password="secret", site=f"site of {name}") for name in ("a", "b", "c"))
LIFETIME, REFRESH_TOKEN_LIFETIME = 60, 300
SOME_TIME = st.one_of(st.just(0.5), st.sampled_from([1.0, 59.0, 60.0, 241.0, 300.0]), st.floats(0, 70))


@dataclass
class Session:
    """What was granted at a sign-in: whose it is, when its refresh tokens and its newest access token die."""

    site: str
    dies: float
    expires: int
    alive: str = ""  # the one refresh token that may be used


# Whose it is, when it dies, and its text.
Token: TypeAlias = tuple[Session, int, str]


class Rotation(RuleBasedStateMachine):
    """Clients that sign in, renew with refresh tokens of any age and call the API."""

    refresh_tokens: Bundle[tuple[Session, str]] = Bundle("refresh_tokens")
    tokens: Bundle[Token] = Bundle("tokens")

    def __init__(self) -> None:
        super().__init__()
        self.now = Now()
        self.idp = FakeIdp()
        self.policy = RefreshPolicy.ONE_TIME
        self.issued: set[str] = set()
        self.killed: set[str] = set()

    @initialize(policy=st.sampled_from(RefreshPolicy), flavour=st.sampled_from(Flavour))
    def begin(self, policy: RefreshPolicy, flavour: Flavour) -> None:
        self.idp = fake(
            self.now,
            users=USERS,
            flavour=flavour,
            refresh_policy=policy,
            token_shape=TokenShape.OPAQUE,
            access_token_lifetime=LIFETIME,
            refresh_token_lifetime=REFRESH_TOKEN_LIFETIME,
        )
        self.policy = self.idp.config.renewal

    @rule(target=tokens, user=st.sampled_from(USERS))
    def sign_in_for_the_api_alone(self, user: ServiceUser) -> Token:
        answer = self.signed_in(user, scope="cosmos")
        assert "refresh_token" not in answer
        session = Session(site=user.site, dies=0, expires=floor(self.now.seconds) + LIFETIME)
        return session, session.expires, self.fresh(answer["access_token"])

    @rule(target=refresh_tokens, user=st.sampled_from(USERS))
    def sign_in(self, user: ServiceUser) -> tuple[Session, str]:
        answer = self.signed_in(user)
        now = self.now.seconds
        session = Session(site=user.site, dies=now + REFRESH_TOKEN_LIFETIME, expires=floor(now) + LIFETIME)
        self.fresh(answer["access_token"])
        if self.policy is RefreshPolicy.NONE:
            assert "refresh_token" not in answer
        else:
            session.alive = self.fresh(answer["refresh_token"])
        return session, session.alive or "none was issued"

    @rule(target=tokens, refresh_token=refresh_tokens)
    def renew(self, refresh_token: tuple[Session, str]) -> MultipleResults[Token] | Token:
        """The living refresh token brings a token; a used, dead or unknown one is refused in the same words."""
        session, presented = refresh_token
        answer = refresh(self.idp, presented)
        if presented != session.alive or self.now.seconds >= session.dies:
            assert (answer.status, answer.body) == (400, error("invalid_grant"))
            return multiple()
        token = self.fresh(members(answer)["access_token"])
        lifetime_over = floor(self.now.seconds) + LIFETIME
        # Only IdentityServer4 repeats the jti: its token must differ by its end.
        repeats = self.idp.config.flavour is not Flavour.DUENDE
        session.expires = max(lifetime_over, session.expires + 1) if repeats else lifetime_over
        self.rotate(session, members(answer).get("refresh_token"))
        return session, session.expires, token

    @rule(target=refresh_tokens, refresh_token=refresh_tokens)
    def go_on_with_the_newest(self, refresh_token: tuple[Session, str]) -> tuple[Session, str]:
        return refresh_token[0], refresh_token[0].alive or refresh_token[1]

    @rule(token=tokens)
    def call(self, token: Token) -> None:
        """A token lives for its lifetime, whatever became of its session, and shows its own user's site alone."""
        session, expires, text = token
        answer = call(self.idp, text)
        dead = text in self.killed or self.now.seconds >= expires
        assert answer.status == (401 if dead else 200)
        assert dead or members(answer)["site"] == session.site

    @rule(seconds=SOME_TIME)
    def wait(self, seconds: float) -> None:
        self.now.sleep(seconds)

    @rule()
    def expire_all_tokens(self) -> None:
        self.idp.expire_tokens()
        self.killed |= self.issued

    def rotate(self, session: Session, returned: Json) -> None:
        match self.policy:
            case RefreshPolicy.ONE_TIME:
                session.alive = self.fresh(returned)
            case RefreshPolicy.REUSE:
                assert returned == session.alive
            case _:
                assert returned is None

    def signed_in(self, user: ServiceUser, **fields: str) -> dict[str, Json]:
        wanted = {"grant_type": "password", "username": user.username, "password": user.password, **CLIENT, **fields}
        return members(post(self.idp, wanted))

    def fresh(self, value: Json) -> str:
        """No token and no refresh token is ever given twice."""
        assert isinstance(value, str)
        assert value not in self.issued
        self.issued.add(value)
        return value


TestRotation = Rotation.TestCase
TestRotation.settings = settings(max_examples=60, stateful_step_count=40)
TestRotation.__doc__ = "Whatever clients do with their refresh tokens, one session never touches another."
