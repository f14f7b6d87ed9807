"""Postman's own OAuth 2.0 helper: the token request that its settings stand for, and the token in what inherits them.

How Postman sends a token is known from its runtime, which is open source; the token request, which the app builds, is
known from its users and makers. Where versions differ, the request is given without the field in question and the
evidence says that it is incomplete: fields that are there are judged, their absence is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

from blastiq_conformance.sources.postman_list import as_text, enabled
from blastiq_conformance.sources.recorded import Message, unsent
from blastiq_conformance.sources.request import Pairs, to_request
from fake_idp.secrets.basic import packed
from fake_idp.wire import FORM, Headers, Json, Request

Settings = Mapping[str, Json]
_GRANTS = {
    "password_credentials": "password",
    "client_credentials": "client_credentials",
    "authorization_code": "authorization_code",
    "authorization_code_with_pkce": "authorization_code",
}
# Stands for a value that only a sign-in brings; it cannot be taken for a real one.
_TOKEN = "<access_token>"  # noqa: S105 - a placeholder
_SAID = "Postman's own sign-in: "
_EMPTY_SCOPE = "Postman versions differ in whether they send an empty scope"
_WITHOUT_SECRET = "Postman versions differ in how they send an empty client secret"  # noqa: S105 - a reason
_NO_PLACE = "the settings do not say where the client id goes"
_OLD = "whether the setting {} is sent depends on the version of Postman"
_PERSON = "the code that a person's sign-in brings is not known"
_REFRESH = "the refresh token is not known"


@dataclass(slots=True)
class _Asking:
    """A token request being built; `body` and `headers` are the reasons why these are incomplete."""

    url: str
    fields: Pairs
    fields_of_header: Pairs = field(default_factory=list)
    query: Pairs = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)

    def message(self, source: str) -> Message:
        form, query = (urlencode(x, quote_via=quote, safe="", errors="replace") for x in (self.fields, self.query))
        url = self.url + (("&" if "?" in self.url else "?") + query if query else "")
        request = to_request("POST", url, [("Content-Type", FORM), *self.fields_of_header], form.encode())
        made = unsent(request, source, missing=_SAID + "; ".join(self.body) if self.body else "")
        return replace(made, headers_missing=_SAID + "; ".join(self.headers) if self.headers else "")


def settings_of(auth: Json) -> Settings:
    """Give the settings of an OAuth 2.0 helper, none of any other authorization; v2.0 has them as an object."""
    match auth:
        case {"type": "oauth2", "oauth2": list() as listed}:
            return {key: each.get("value") for key, each in enabled(listed)}
        case {"type": "oauth2", "oauth2": dict() as members}:
            return members
        case _:
            return {}


def sign_in(settings: Settings, source: str) -> list[Message]:
    """Give the token requests that the settings stand for: the sign-in, and a refresh that has fields of its own.

    Raises ValueError where the address is not one.
    """
    grant, url = _GRANTS.get(_text(settings, "grant_type"), ""), _text(settings, "accessTokenUrl")
    if not grant or not url:
        # The implicit grant has no token request, and without an address nothing is known.
        return []
    asking = _Asking(url, [("grant_type", grant)])
    if grant == "password":
        asking.fields += [(name, _text(settings, name)) for name in ("username", "password")]
    if grant == "authorization_code":
        asking.body.append(_PERSON)
    _name_client(asking, settings)
    _name_scope(asking, settings, grant)
    _add_others(asking, settings, "tokenRequestParams")
    asked = [asking.message(source)]
    refresh = _Asking(_text(settings, "refreshTokenUrl") or url, [("grant_type", "refresh_token")], body=[_REFRESH])
    _name_client(refresh, settings)
    if _add_others(refresh, settings, "refreshRequestParams"):
        asked.append(refresh.message(source))
    return asked


def _name_client(asking: _Asking, settings: Settings) -> None:
    client_id, secret = _text(settings, "clientId"), _text(settings, "clientSecret")
    match _text(settings, "client_authentication"):
        case "body":
            if client_id:
                asking.fields.append(("client_id", client_id))
            if secret:
                asking.fields.append(("client_secret", secret))
            else:
                asking.body.append(_WITHOUT_SECRET)
        case "header":
            # Older versions send it in the body as well.
            asking.body.append("Postman versions differ in whether client_id is in the body too")
            if secret:
                both = packed(client_id, secret, "replace")
                asking.fields_of_header.append(("Authorization", f"Basic {both}"))
            else:
                asking.headers.append(_WITHOUT_SECRET)
        case _:
            asking.body.append(_NO_PLACE)
            asking.headers.append(_NO_PLACE)


def _name_scope(asking: _Asking, settings: Settings, grant: str) -> None:
    scope = _text(settings, "scope")
    if grant != "authorization_code":
        # With a code, the authorization request carries the scope.
        if scope:
            asking.fields.append(("scope", scope))
        else:
            asking.body.append(_EMPTY_SCOPE)
    asking.body += [_OLD.format(name) for name in ("audience", "resource") if _text(settings, name)]


def _add_others(asking: _Asking, settings: Settings, name: str) -> bool:
    """Add the fields that a person listed; whether there were any."""
    listed = [(key, each) for key, each in enabled(settings.get(name)) if key]
    for key, each in listed:
        value, place = _text(each, "value"), _text(each, "send_as")
        known = {given.lower() for given, _ in (*asking.fields, *asking.query)}
        if place == "request_header" and key.lower() not in {"authorization", "content-type"}:
            asking.fields_of_header.append((key, value))
        elif place == "request_body" and value and key.lower() not in known:
            asking.fields.append((key, value))
        elif place == "request_url" and value:
            asking.query.append((key, value))
        else:
            asking.body.append(f"what becomes of the extra field {key[:40]} is not known")
            asking.headers += [f"what becomes of the extra field {key[:40]} is not known"] * (place == "request_header")
    return bool(listed)


def has_token(settings: Settings) -> bool:
    """Whether there is a token, or a place where one is fetched."""
    return any(_text(settings, name) for name in ("accessToken", "accessTokenUrl", "authUrl"))


def with_token(request: Request, settings: Settings) -> Request:
    """Put the saved token, or a stand-in for one, where the settings say, as Postman's runtime does."""
    if _text(settings, "tokenType").lower() == "mac":
        return request
    token = _text(settings, "accessToken") or _TOKEN
    # Postman removes a header that a person wrote.
    headers = tuple((name, value) for name, value in request.headers if name.lower() != "authorization")
    match _text(settings, "addTokenTo") or "header":
        case "header":
            prefix = settings.get("headerPrefix")
            prefix = "Bearer" if prefix is None else str(prefix).strip()
            value = f"{prefix} {token}" if prefix else token
            return replace(request, headers=Headers((*headers, ("Authorization", value))))
        case "queryParams":
            target, mark, fragment = request.target.partition("#")
            path, _, query = target.partition("?")
            pieces = [piece for piece in query.split("&") if piece and piece.partition("=")[0] != "access_token"]
            joined = "&".join((*pieces, f"access_token={quote(token, safe='', errors='replace')}"))
            return replace(request, target=f"{path}?{joined}{mark}{fragment}", headers=Headers(headers))
        case _:
            return request


def _text(settings: Settings, name: str) -> str:
    return as_text(settings.get(name))
