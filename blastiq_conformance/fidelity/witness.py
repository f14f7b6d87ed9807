"""Asking the fake what a recorded authority was asked, after setting up what had happened before the recording."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from blastiq_conformance.fidelity.setting import Setting, form_of
from blastiq_conformance.fidelity.shape import Shape, look
from blastiq_conformance.fidelity.stand_ins import StandIns
from blastiq_conformance.redaction.redacted import is_redacted_token
from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.journal import Exchange
from fake_idp.oidc.attempt import parse_basic
from fake_idp.oidc.session_store import S256, VERIFIER_LENGTHS
from fake_idp.oidc.tokens import OFFLINE_ACCESS
from fake_idp.secrets.token_parts import read_parts, s256
from fake_idp.server_config import Clock, Flavour
from fake_idp.wire import FORM, Headers, Json, Request, Response

# A shorter text was never issued as a code.
_SHORTEST = 16
_CALLBACK = "http://127.0.0.1/callback"


class Moment(NamedTuple):
    """Seconds since the epoch, and whether they are exact: a Date names only the second."""

    seconds: float
    exact: bool


@dataclass
class Witness:
    """One fake of one flavour; its clock shows the recording's time."""

    setting: Setting
    flavour: Flavour
    now: float = 0.0
    stand_ins: StandIns = field(default_factory=StandIns)
    # What the recorded authority and the fake have answered before.
    recorded: dict[str, str] = field(default_factory=dict, repr=False)
    given: dict[str, str] = field(default_factory=dict, repr=False)
    idp: FakeIdp = field(init=False)
    _cookie: str = field(init=False, default="")
    _made: set[str] = field(init=False, default_factory=set, repr=False)

    def __post_init__(self) -> None:
        """Set the fake up."""
        clock = Clock(wall=lambda: self.now, monotonic=lambda: self.now)
        self.idp = FakeIdp(self.setting.config(self.flavour), clock=clock)

    def ask(self, exchange: Exchange, moment: float) -> Response | None:
        """Ask what was asked, at that moment; None if the answer depends on what the recording does not show."""
        self.now = moment
        if not self._cookie:
            self._let_sign_in()
        recorded = exchange.response
        if recorded is None or not self._make_up_for(exchange, recorded):
            return None
        request = self.stand_ins.own(exchange.request)
        if (path := self.setting.own_path(request.path)) != request.path:
            request = replace(request, target=path + request.target.partition(request.path)[2])
        if self._is_api(exchange):
            # All that is known of the API is that it accepts tokens.
            request = replace(request, target=self.idp.config.api_path)
        if request.path.lower().endswith("/connect/authorize") and "error=login_required" not in (
            recorded.headers.get("location") or ""
        ):
            request = replace(request, headers=Headers((*request.headers, ("Cookie", self._cookie))))
        answer = self.idp.handle(request)
        self.stand_ins.learn(recorded, answer)
        return answer

    def look_again(self, exchange: Exchange, moment: float) -> Shape:
        """Ask at another moment, and forget the answer: for requests that change nothing."""
        answer = self.ask(exchange, moment)
        return look(exchange, answer, moment, {}) if answer is not None else {}

    def _is_api(self, exchange: Exchange) -> bool:
        # An endpoint that discovery names is not the API, wherever it stands.
        path = exchange.request.path
        return exchange.kind is Kind.API and self.setting.own_path(path) == path

    def _let_sign_in(self) -> None:
        config, session_store = self.idp.config, self.idp.authority.session_store
        session = session_store.sign_in(config.users[0], self.now)
        session_store.allow(session, (*config.scopes, OFFLINE_ACCESS))
        self._cookie = f"idsrv={session}"

    def _make_up_for(self, exchange: Exchange, recorded: Response) -> bool:
        """Create what a request needs and the recording does not show; false if that is unknown."""
        fields, good = form_of(exchange), recorded.status == 200
        members = recorded.members
        if self._is_api(exchange):
            return self._make_bearer(exchange.request, good=recorded.status < 300)
        if exchange.kind in {Kind.IDENTITY, Kind.API, Kind.OTHER} and exchange.request.headers.get("authorization"):
            return self._make_bearer(exchange.request, good=good)
        basic = parse_basic(exchange.request.headers.get("authorization"))
        if basic is not None and any(map(is_redacted_token, basic)):
            return False
        if exchange.kind is not Kind.TOKEN:
            return True
        code, refresh_token = fields.get("code", ""), fields.get("refresh_token", "")
        if fields.get("grant_type") == "authorization_code" and (len(code) > _SHORTEST or is_redacted_token(code)):
            if not self.stand_ins.knows(code):
                return good and self._make_code(code, fields, members)
            # The challenge of a recorded request belongs to a verifier that was not recorded.
            return code in self._made or not is_redacted_token(fields.get("code_verifier", ""))
        if fields.get("grant_type") == "refresh_token" and good and not self.stand_ins.knows(refresh_token):
            scope = str(members.get("scope", ""))
            self.stand_ins.put(refresh_token, self._signed_in(_lasting(scope)).get("refresh_token", refresh_token))
        return True

    def _make_bearer(self, request: Request, *, good: bool) -> bool:
        token = ",".join(request.headers.get_all("authorization")).rpartition(" ")[2]
        if is_redacted_token(token) and not good:
            # Its expiry is not shown.
            return False
        # The header is the same in all tokens of a key.
        if any(map(self.stand_ins.knows, token.split(".")[-2:])):
            return True
        claims = {} if is_redacted_token(token) else read_parts(token)[1]
        if claims is None:
            return True
        if not good:
            return False
        moment, begins, scopes = self.now, claims.get("nbf"), claims.get("scope")
        self.now = begins if isinstance(begins, int) else moment
        asked = " ".join(map(str, scopes)) if isinstance(scopes, list) else ""
        self.stand_ins.put(token, self._signed_in(asked).get("access_token", token))
        self.now = moment
        return True

    def _make_code(self, code: str, fields: dict[str, str], members: dict[str, Json]) -> bool:
        claims = read_parts(str(members.get("id_token", "")))[1] or {}
        granted = (read_parts(str(members.get("access_token", "")))[1] or {}).get("scope", [])
        scope = members.get("scope") or (" ".join(map(str, granted)) if isinstance(granted, list) else granted)
        asked = {
            "client_id": self.setting.shown.client_id,
            "redirect_uri": fields.get("redirect_uri", _CALLBACK),
            "response_type": "code",
            "scope": _lasting(str(scope)) if scope and "refresh_token" in members else str(scope or "openid"),
            "nonce": str(claims.get("nonce", "")),
            "state": "state" if "s_hash" in claims else "",
        }
        if is_redacted_token(verifier := fields.get("code_verifier", "")):
            # One that is long enough.
            self.stand_ins.put(verifier, verifier := "v" * VERIFIER_LENGTHS.start)
        if verifier:
            asked |= {"code_challenge": s256(verifier), "code_challenge_method": S256}
        answer = self._own("GET", f"/connect/authorize?{urlencode(asked)}", ("Cookie", self._cookie))
        sent = dict(parse_qsl(urlsplit(answer.headers.get("location") or "").query))
        if "code" in sent:
            self.stand_ins.put(code, sent["code"])
            self._made.add(code)
        return "code" in sent

    def _signed_in(self, scope: str) -> dict[str, str]:
        user = self.idp.config.users[0]
        fields = {"grant_type": "password", "username": user.username, "password": user.password, "scope": scope}
        body = urlencode({**fields, "client_id": self.setting.shown.client_id}).encode()
        answer = self._own("POST", "/connect/token", ("Content-Type", FORM), body=body)
        return {name: str(value) for name, value in answer.members.items()}

    def _own(self, method: str, target: str, *headers: tuple[str, str], body: bytes = b"") -> Response:
        host = urlsplit(self.idp.config.authority).netloc
        target = self.idp.config.base + target
        return self.idp.handle(
            Request(method=method, target=target, headers=Headers((("Host", host), *headers)), body=body)
        )


def _lasting(scope: str) -> str:
    """Add the scope that the product requires for refresh tokens; other products issue them without it."""
    return scope if not scope or OFFLINE_ACCESS in scope.split() else f"{scope} {OFFLINE_ACCESS}"


def moment_of(exchange: Exchange) -> Moment | None:
    """Give when something was asked, None if the recording does not say."""
    try:
        return Moment(datetime.fromisoformat(exchange.at).timestamp(), exact=True)
    except ValueError:
        pass
    try:
        date = exchange.response.headers.get("date") if exchange.response is not None else None
        return None if date is None else Moment(parsedate_to_datetime(date).timestamp(), exact=False)
    except ValueError:
        return None
