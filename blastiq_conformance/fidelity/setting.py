"""How a recorded authority is set up, as far as its answers tell: what is not a trait of the product is taken over."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.secrets.token_parts import read_parts
from fake_idp.server_config import Flavour, ServerConfig, ServiceUser, for_people
from fake_idp.wire import Headers, Json

# What stands behind the authority's own address, of which the answers alone can tell another.
_PLACES = ("/connect/token", "/.well-known/openid-configuration")
# Where the product has what a discovery document may name elsewhere.
_OWN_PLACES = {
    "token_endpoint": "/connect/token",
    "jwks_uri": "/.well-known/openid-configuration/jwks",
    "userinfo_endpoint": "/connect/userinfo",
    "introspection_endpoint": "/connect/introspect",
    "revocation_endpoint": "/connect/revocation",
    "device_authorization_endpoint": "/connect/deviceauthorization",
    "authorization_endpoint": "/connect/authorize",
    "check_session_iframe": "/connect/checksession",
}
_STANDARD = frozenset({"openid", "profile", "offline_access"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What was read from a recording; lifetimes are seconds, `authority` is empty if no answer is one's.

    `places` are paths of its endpoints, in lower case, each with that of the product.
    """

    authority: str
    users: tuple[ServiceUser, ...] = field(repr=False)
    client_id: str
    scopes: tuple[str, ...]
    resource: str
    lifetime: int
    hosts: frozenset[str]
    attended: bool
    origins: frozenset[str]
    places: Mapping[str, str]

    @property
    def base(self) -> str:
        """The path of the authority."""
        return urlsplit(self.authority).path

    def own_path(self, path: str) -> str:
        """Give the product's path for one of the recording."""
        return self.places.get(path.lower(), path)

    def unusual(self) -> Iterator[str]:
        """Say what is set up otherwise than the fake is by default."""
        usual = ServerConfig()
        if self.lifetime != usual.access_token_lifetime:
            yield f"access tokens live {self.lifetime} s"
        if self.scopes != usual.scopes:
            yield f"scopes {' '.join(self.scopes)}"
        if self.resource != usual.resource:
            yield f"audience {self.resource}"
        if self.origins:
            yield f"pages of {' '.join(sorted(self.origins))} may read answers"
        if self.client_id != usual.client_id:
            yield f"client id {self.client_id}"

    def config(self, flavour: Flavour) -> ServerConfig:
        """Give the configuration of a fake that is set up alike."""
        config = ServerConfig(
            authority=self.authority or ServerConfig().authority,
            api_url=(self.authority or ServerConfig().authority) + "/recorded-api",
            users=self.users,
            client_id=self.client_id,
            scopes=self.scopes,
            resource=self.resource,
            flavour=flavour,
            access_token_lifetime=self.lifetime,
            intercepted=self.hosts,
            rate_limits=(),
            allow_origins=self.origins,
        )
        return for_people(config) if self.attended else config


def read_setting(exchanges: Sequence[Exchange], authority: str | None) -> Setting:
    """Read how an authority is set up from what it answered."""
    documents = [each for each in answers(exchanges, Kind.DISCOVERY) if "issuer" in each]
    issued = list(token_answers(exchanges))
    claims = [found for _, members in issued for found in _claims(members.get("access_token"))]
    # An API of its own tells by the tokens that it takes.
    sent = ((x.request.headers.get("authorization") or "").rpartition(" ")[2] for x in exchanges if x.kind is Kind.API)
    claims += [found for token in sent for found in _claims(token)]
    named = (fields for fields, _ in issued if fields.get("username") and fields.get("password"))
    users = {fields["username"].lower(): fields["password"] for fields in named}
    grants = {fields.get("grant_type") for fields, _ in issued}
    ids = [fields["client_id"] for fields, _ in issued if fields.get("client_id")]
    base = urlsplit(_address(exchanges) or authority or "").path.rstrip("/")
    scopes = next((_texts(each.get("scopes_supported")) for each in documents), ())
    return Setting(
        authority=(_address(exchanges) or authority or "").rstrip("/"),
        users=tuple(ServiceUser(username=name, password=password) for name, password in users.items())
        or (ServiceUser(username="person", password="person"),),  # noqa: S106 - nobody's
        client_id=ids[0] if ids else ServerConfig().client_id,
        scopes=tuple(scope for scope in scopes if scope not in _STANDARD) or ServerConfig().scopes,
        resource=next((found for each in claims for found in _resources(each)), ServerConfig().resource),
        lifetime=next(_lifetimes([members for _, members in issued], claims), 3600),
        hosts=frozenset(filter(None, (_host(each) for each in exchanges))),
        origins=frozenset(filter(None, map(_sharing, exchanges))),
        places={
            urlsplit(str(each[name])).path.lower(): base + own
            for each in documents[:1]
            for name, own in _OWN_PLACES.items()
            if name in each
        },
        attended="authorization_code" in grants or any(_leads_back(each) for each in exchanges),
    )


def form_of(exchange: Exchange) -> dict[str, str]:
    """Give the fields of a form, the first of several."""
    fields: dict[str, str] = {}
    for pair in exchange.request.form:
        fields.setdefault(pair.name.lower(), pair.value)
    return fields


def _address(exchanges: Iterable[Exchange]) -> str:
    for each in exchanges:
        path = each.request.path.lower()
        for place in _PLACES:
            if place in path and each.response is not None and each.response.status == 200:
                return each.request.origin + path[: path.find(place)]
    return ""


def _sharing(exchange: Exchange) -> str:
    headers = exchange.response.headers if exchange.response is not None else Headers()
    return (headers.get("access-control-allow-origin") or "").lower()


def _host(exchange: Exchange) -> str | None:
    try:
        return urlsplit(exchange.request.origin).hostname
    except ValueError:
        return None


def answers(exchanges: Iterable[Exchange], kind: Kind) -> Iterator[dict[str, Json]]:
    """Give the members of each good answer of an endpoint."""
    return (members for _, members in _answered(exchanges, kind))


def token_answers(exchanges: Iterable[Exchange]) -> Iterator[tuple[dict[str, str], dict[str, Json]]]:
    """Give what was asked for each access token, and the members of the answer."""
    answered = _answered(exchanges, Kind.TOKEN)
    return ((form_of(each), members) for each, members in answered if "access_token" in members)


def _answered(exchanges: Iterable[Exchange], kind: Kind) -> Iterator[tuple[Exchange, dict[str, Json]]]:
    for each in exchanges:
        if each.kind is kind and each.response is not None and each.response.status == 200:
            members = each.response.json
            if isinstance(members, dict):
                yield each, members


def _claims(token: Json) -> Iterator[dict[str, Json]]:
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


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _leads_back(exchange: Exchange) -> bool:
    location = exchange.response.headers.get("location") or "" if exchange.response is not None else ""
    return "/connect/authorize" in exchange.request.path.lower() and "code=" in location
