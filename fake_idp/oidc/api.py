"""The External API's stand-in: it checks the bearer token, enforces the sister article's limits and names the site."""

import math
import re
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from fake_idp.oidc.authority import Authority
from fake_idp.oidc.keys import Defect
from fake_idp.oidc.replies import dumps, empty
from fake_idp.oidc.tokens import OPENID, Grant
from fake_idp.secrets.token_parts import read_parts
from fake_idp.wire import Headers, Json, Request, Response

_SITE = re.compile(r"/sites/([^/]+)", re.IGNORECASE)
_HEADERS = Headers((("Content-Type", "application/json; charset=utf-8"),))
_NO_CREDENTIALS = ("WWW-Authenticate", "Bearer")
_INVALID = 'Bearer error="invalid_token"'
_LAST_SECOND = 253_402_300_799
_INSUFFICIENT = ("WWW-Authenticate", 'Bearer error="insufficient_scope"')


class Api:
    """The API of one server: every path below its address answers alike, whatever the method.

    Its limits are sliding windows over the calls of each user; a call that is refused does not count.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take a clock in seconds; nothing has been counted yet."""
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: dict[str, deque[float]] = {}

    def answer(self, request: Request, authority: Authority) -> Response:
        """Answer a call; a token in query or body is not looked at (R64 to R69)."""
        # Several headers count as one, which holds no token. The scheme is read in any case: R68.
        scheme, _, token = ",".join(request.headers.get_all("authorization")).partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            return _refusal(401, _NO_CREDENTIALS, authority)
        config, token_store, now = authority.config, authority.token_store, authority.clock.wall()
        grant = token_store.look_up(token, now, config.api_calls_per_token)
        if grant is None:
            return _refused(token, now, authority)
        if not _may_see(grant, request, config.scopes):
            return _refusal(403, _INSUFFICIENT, authority)
        wait = self._wait(grant.user.subject, config.rate_limits) if config.rate_limits else 0.0
        if wait > 0:
            return _refusal(429, ("Retry-After", str(math.ceil(wait))), authority)
        # Checked again under the lock: of two simultaneous calls, one may have been the token's last.
        if not token_store.use(token, now, config.api_calls_per_token):
            return _refused(token, now, authority)
        body = dumps(
            {
                "site": grant.user.site,
                "sub": grant.user.subject,
                "items": [{"id": 1, "name": "Blast 1"}, {"id": 2, "name": "Blast 2"}],
            },
            config.flavour,
        )
        return Response(status=200, headers=_HEADERS, body=body)

    def _wait(self, subject: str, limits: tuple[tuple[int, int], ...]) -> float:
        """Count a call and give 0, or give the seconds until the next one is allowed."""
        with self._lock:
            now = self._clock()
            calls = self._calls.setdefault(subject, deque())
            waits = [calls[-count] + seconds - now for count, seconds in limits if len(calls) >= count]
            longest = max(waits, default=0.0)
            if longest > 0:
                return longest
            calls.append(now)
            while len(calls) > max(count for count, _ in limits):
                calls.popleft()
            return 0.0


def _refused(token: str, now: float, authority: Authority) -> Response:
    died = authority.token_store.death(token, now, authority.config.api_calls_per_token)
    words = _words(token, now, authority) if died is None else _expired_at(died)
    header = f'{_INVALID}, error_description="{words}"' if words else _INVALID
    if not (header.isascii() and header.isprintable()):
        # Words of a foreign token: Kestrel throws at what may not stand in a field.
        return empty(500)
    return _refusal(401, ("WWW-Authenticate", header), authority)


def _refusal(status: int, header: tuple[str, str], authority: Authority) -> Response:
    said = authority.config.customs.said_by_api(status)
    if said is None:
        return empty(status, header)
    body = dumps(dict(said.body), authority.config.flavour)
    return Response(status=status, headers=Headers((*_HEADERS.raw, header)), body=body)


def _words(token: str, now: float, authority: Authority) -> str:
    claims = authority.keys.examine(token, authority.config.flavour)
    if not isinstance(claims, Defect):
        return _wrong_lifetime(claims, now) or _wrong_audience(claims, authority) or _wrong_issuer(claims, authority)
    header, unchecked = read_parts(token)
    if claims is not Defect.UNKNOWN_KEY or not (header or {}).get("kid"):
        return claims
    # If a key is named and unknown, the handler first checks whether the claims would be valid, the issuer before the
    # audience.
    told = unchecked or {}
    return _wrong_lifetime(told, now) or _wrong_issuer(told, authority) or _wrong_audience(told, authority) or claims


def _wrong_lifetime(claims: dict[str, Json], now: float) -> str:
    begins, expires = claims.get("nbf"), claims.get("exp")
    if not isinstance(expires, int):
        return "The token has no expiration"
    if isinstance(begins, int) and begins > expires:
        return f"The token lifetime is invalid; NotBefore: '{_date(begins)}', Expires: '{_date(expires)}'"
    if isinstance(begins, int) and begins > now:
        return f"The token is not valid before '{_date(begins)}'"
    return _expired_at(expires) if now >= expires else ""


def _wrong_issuer(claims: dict[str, Json], authority: Authority) -> str:
    issuer = claims.get("iss", "")
    return "" if authority.is_own(str(issuer)) else f"The issuer '{'(null)' if issuer is None else issuer}' is invalid"


def _wrong_audience(claims: dict[str, Json], authority: Authority) -> str:
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience] if audience else []
    return (
        ""
        if authority.config.resource in named
        else f"The audience '{', '.join(map(str, named)) or 'empty'}' is invalid"
    )


def _expired_at(seconds: float) -> str:
    return f"The token expired at '{_date(seconds)}'"


def _date(seconds: float) -> str:
    # .NET knows no time before 1970 in a token, and none after the year 9999 at all.
    return f"{datetime.fromtimestamp(min(max(seconds, 0), _LAST_SECOND), UTC):%m/%d/%Y %H:%M:%S}"


def _may_see(grant: Grant, request: Request, scopes: tuple[str, ...]) -> bool:
    # A scope of the API, and no site but the user's own: A9, R66.
    if not any(scope in scopes and scope != OPENID for scope in grant.scopes):
        return False
    site = _SITE.search(request.path)
    return site is None or site.group(1) == grant.user.site
