"""What a recording rests on and does not show: who had signed in, codes from before, tokens spoilt by hand."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from fake_idp.core import FakeIdp
from fake_idp.oidc.session_store import PLAIN, S256, challenge_of
from fake_idp.secrets.token_parts import read_parts, to_base64url
from fake_idp.wire import Headers, Json, Request
from tests.fake_idp.calls import Now, get, sign_in
from tests.fake_idp.recorded import Question

_VERIFIER = "v" * 43
_ALL = "openid profile cosmos offline_access"
_ADDRESS = "http://127.0.0.1:9/cb"
_HASHED = {"code_challenge": challenge_of(_VERIFIER, S256), "code_challenge_method": S256}
# The authorization requests that the codes of the recordings came from: what the questions' names say.
_ASKED: dict[str, dict[str, str]] = {
    "code good": _HASHED,
    "code no verifier": _HASHED,
    "code wrong verifier": _HASHED,
    "code short verifier": _HASHED,
    "code long verifier": _HASHED,
    "code plain by default": {"code_challenge": challenge_of(_VERIFIER, PLAIN)},
    "code without nonce": {"nonce": ""},
    "code cosmos alone": {"scope": "cosmos"},
    "code openid alone": {"scope": "openid"},
    "code openid and offline": {"scope": "openid offline_access"},
}
_NOBODY = "nobody signed in"


@dataclass
class Doctor:
    """Prepares the questions of one recording for a fake."""

    idp: FakeIdp
    now: Now
    questions: Sequence[Question]
    is_api: bool
    _token: str = field(init=False, default="")
    _cookie: str = field(init=False, default="")
    _codes: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        config, session_store = self.idp.config, self.idp.authority.session_store
        if config.attended:
            # The person had signed in just before the first question.
            session = session_store.sign_in(config.users[0], self.now.seconds)
            session_store.allow(session, (*config.scopes, "offline_access"))
            self._cookie = f"idsrv={session}"
        if self.is_api:
            user = config.users[0]
            self._token = str(sign_in(self.idp, username=user.username, password=user.password)["access_token"])

    def prepare(self, question: Question) -> Request:
        """Give a question as the fake is to be asked it."""
        request = question.request
        if self.is_api:
            return self._with_own_token(question)
        if request.path.endswith("/authorize") and _NOBODY not in question.name:
            return replace(request, headers=Headers((*request.headers, ("Cookie", self._cookie))))
        fields = {pair.name: pair.value for pair in request.form}
        code = fields.get("code", "")
        if self.idp.config.attended and len(code) in {64, 66} and question.name != "code again":
            self._codes[code] = self._code(question)
        return _exchanged(request, self._codes)

    def _code(self, question: Question) -> str:
        asked = {
            "client_id": "external.customer",
            "redirect_uri": _ADDRESS,
            "response_type": "code",
            "scope": _ALL,
            "state": "st",
            "nonce": "no",
            **_ASKED.get(question.name, {}),
        }
        target = f"/identity/connect/authorize?{urlencode(asked)}"
        answer = get(self.idp, target, host=question.origin.partition("://")[2], cookie=self._cookie)
        location = answer.headers.get("location") or ""
        return location.partition("code=")[2].partition("&")[0]

    def _with_own_token(self, question: Question) -> Request:
        theirs = next(each for each in self.questions if each.name == "good").request.headers.get("authorization") or ""
        old, new = theirs.split()[1], self._token
        changed = {old: new, old.upper(): new.upper(), _base64(old): _base64(new)}
        changed[old.rpartition(".")[0]] = new.rpartition(".")[0]
        for claims in ({"sub": "1"}, {"iss": "https://x.example"}):
            changed |= {_forged(old, claims): _forged(new, claims)}
        return _exchanged(question.request, changed)


def _exchanged(request: Request, known: dict[str, str]) -> Request:
    def put(text: str) -> str:
        # The longest first: one token may be a part of another.
        for old in sorted(known, key=len, reverse=True):
            text = text.replace(old, known[old])
        return text

    return replace(
        request,
        target=put(request.target),
        headers=Headers(tuple((name, put(value)) for name, value in request.headers)),
        body=put(request.body.decode("latin-1")).encode("latin-1"),
    )


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _forged(token: str, changes: Mapping[str, Json]) -> str:
    """Change claims under the old signature."""
    head, _, signature = token.split(".")
    claims = read_parts(token)[1]
    assert isinstance(claims, dict)
    body = to_base64url(json.dumps(claims | dict(changes)).encode()).decode()
    return f"{head}.{body}.{signature}"
