"""How a recorded authority is set up, as far as its answers tell: what is not a trait of the product is taken over."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.oidc.discovery import metadata
from fake_idp.oidc.form import collect
from fake_idp.secrets.token_parts import read_parts
from fake_idp.server_config import Flavour, ServerConfig, ServiceUser, for_people
from fake_idp.wire import Json

# What stands behind the authority's own address, of which the answers alone can tell another.
_PLACES = ("/connect/token", "/.well-known/openid-configuration")
# Where the product has what a discovery document may name elsewhere: Duende has the most.
_OWN_PLACES = {
    name: place
    for name, place in metadata("", ServerConfig(flavour=Flavour.DUENDE)).items()
    if isinstance(place, str) and place
}
_STANDARD = frozenset({"openid", "profile", "offline_access"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What was read from a recording; `authority` is empty if no answer is of one, `shown` is a fake set up alike.

    `attended`: people sign in. `places` are paths of its endpoints, in lower case, each with that of the product.
    `document` is its discovery document. `issued` are the fields that asked for each access token, and the answer.
    """

    authority: str
    shown: ServerConfig
    attended: bool
    places: Mapping[str, str]
    document: Mapping[str, Json]
    issued: Sequence[tuple[dict[str, str], dict[str, Json]]] = field(repr=False)

    @property
    def base(self) -> str:
        """The path of the authority."""
        return urlsplit(self.authority).path

    def own_path(self, path: str) -> str:
        """Give the product's path for one of the recording."""
        return self.places.get(path.lower(), path)

    def unusual(self) -> list[str]:
        """Say what is set up otherwise than the fake is by default."""
        usual, shown = ServerConfig(), self.shown
        words = {
            "access_token_lifetime": f"access tokens live {shown.access_token_lifetime} s",
            "scopes": f"scopes {' '.join(shown.scopes)}",
            "resource": f"audience {shown.resource}",
            "allow_origins": f"pages of {' '.join(sorted(shown.allow_origins))} may read answers",
            "client_id": f"client id {shown.client_id}",
        }
        return [told for name, told in words.items() if getattr(shown, name) != getattr(usual, name)]

    def config(self, flavour: Flavour) -> ServerConfig:
        """Give the configuration of a fake of this flavour that is set up alike."""
        config = replace(self.shown, flavour=flavour)
        return for_people(config) if self.attended else config


def read_setting(exchanges: Sequence[Exchange], authority: str | None) -> Setting:
    """Read how an authority is set up from what it answered."""
    usual = ServerConfig()
    document = next((each for _, each in _answers(exchanges, Kind.DISCOVERY) if "issuer" in each), {})
    answered = _answers(exchanges, Kind.TOKEN)
    issued = [(form_of(each), members) for each, members in answered if "access_token" in members]
    claims = [found for _, members in issued for found in claims_of(members.get("access_token"))]
    # An API of its own tells by the tokens that it takes.
    sent = ((x.request.headers.get("authorization") or "").rpartition(" ")[2] for x in exchanges if x.kind is Kind.API)
    claims += [found for token in sent for found in claims_of(token)]
    named = (fields for fields, _ in issued if fields.get("username") and fields.get("password"))
    # Nobody's, where nobody is named.
    users = {fields["username"].lower(): fields["password"] for fields in named} or {"person": "person"}
    grants = {fields.get("grant_type") for fields, _ in issued}
    address = (_address(exchanges) or authority or "").rstrip("/")
    listed = document.get("scopes_supported")
    scopes = listed if isinstance(listed, list) else ()
    return Setting(
        authority=address,
        shown=ServerConfig(
            authority=address or usual.authority,
            api_url=(address or usual.authority) + "/recorded-api",
            users=tuple(ServiceUser(username=name, password=password) for name, password in users.items()),
            client_id=next(filter(None, (fields.get("client_id") for fields, _ in issued)), usual.client_id),
            scopes=tuple(x for x in scopes if isinstance(x, str) and x not in _STANDARD) or usual.scopes,
            resource=next((found for each in claims for found in _resources(each)), usual.resource),
            access_token_lifetime=next(_lifetimes([members for _, members in issued], claims), 3600),
            intercepted=frozenset(filter(None, map(_host, exchanges))),
            rate_limits=(),
            allow_origins=frozenset(
                filter(None, (_answered_with(x, "access-control-allow-origin").lower() for x in exchanges))
            ),
        ),
        places={
            urlsplit(str(document[name])).path.lower(): urlsplit(address).path + place
            for name, place in _OWN_PLACES.items()
            if name in document
        },
        document=document,
        issued=issued,
        attended="authorization_code" in grants
        or any(
            "/connect/authorize" in x.request.path.lower() and "code=" in _answered_with(x, "location")
            for x in exchanges
        ),
    )


def form_of(exchange: Exchange) -> dict[str, str]:
    """Give the fields of a form, the first of several."""
    return {name: values[0] for name, values in collect(exchange.request.form).items()}


def _address(exchanges: Iterable[Exchange]) -> str:
    for each in exchanges:
        path = each.request.path.lower()
        for place in _PLACES:
            if place in path and each.response is not None and each.response.status == 200:
                return each.request.origin + path[: path.find(place)]
    return ""


def _answered_with(exchange: Exchange, field: str) -> str:
    return (exchange.response.headers.get(field) or "") if exchange.response is not None else ""


def _host(exchange: Exchange) -> str | None:
    try:
        return urlsplit(exchange.request.origin).hostname
    except ValueError:
        return None


def _answers(exchanges: Iterable[Exchange], kind: Kind) -> Iterator[tuple[Exchange, dict[str, Json]]]:
    """Give each good answer of an endpoint, and its members."""
    for each in exchanges:
        if each.kind is kind and each.response is not None and each.response.status == 200:
            yield each, each.response.members


def claims_of(token: Json) -> Iterator[dict[str, Json]]:
    """Give the claims of a JWT; nothing of any other value."""
    claims = read_parts(token)[1] if isinstance(token, str) else None
    if claims is not None:
        yield claims


def _resources(claims: dict[str, Json]) -> Iterator[str]:
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    yield from (each for each in named if isinstance(each, str) and not each.endswith("/resources"))


def _lifetimes(answers: Iterable[dict[str, Json]], claims: Iterable[dict[str, Json]]) -> Iterator[int]:
    for members in answers:
        if isinstance(seconds := members.get("expires_in"), int):
            yield seconds
    for each in claims:
        begins, ends = each.get("nbf"), each.get("exp")
        if isinstance(begins, int) and isinstance(ends, int):
            yield ends - begins
