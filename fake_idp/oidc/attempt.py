"""A form request as the product reads it: its fields, its client, and what the checks have found so far."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from fake_idp.oidc.authority import Authority
from fake_idp.oidc.form import collect, first, form_type, read_pairs, unescape, units, value_of
from fake_idp.secrets.basic import pair_of
from fake_idp.server_config import Flavour, Mode, ServerConfig
from fake_idp.wire import Pair, Request

# server.md 1.2: the product's limit for client id, secret, grant type, user name, password and refresh token.
MAX_LENGTH = 100
_LONGEST_BASIC = 4 * (MAX_LENGTH + MAX_LENGTH) + 10


class Credentials(NamedTuple):
    """A client's id and secret as one of the product's parsers found them; a blank secret counts as none."""

    client_id: str
    secret: str = ""

    @property
    def decoded(self) -> "Credentials":
        """Id and secret decoded: in a header both are form-encoded (RFC 6749 2.3.1)."""
        return Credentials(unescape(self.client_id), unescape(self.secret))

    def __repr__(self) -> str:
        return "Credentials()"


@dataclass
class Attempt:
    """A token request on its way through the checks; blank values count as missing (server.md 1.1)."""

    request: Request
    authority: Authority
    grant_type: str = field(default="", repr=False)
    refresh_token: str | None = field(default=None, repr=False)  # the one to return
    proof: str = field(default="", repr=False)
    identifies: bool = False  # an id_token is to be returned
    now: float = field(init=False)
    config: ServerConfig = field(init=False)
    flavour: Flavour = field(init=False)

    def __post_init__(self) -> None:
        self.now, self.config = self.authority.clock.wall(), self.authority.config
        self.flavour = self.config.flavour

    @property
    def looks_further(self) -> bool:
        """Whether resources and proofs are looked at: Duende does; mode reject leaves them to the judge (R29)."""
        return self.flavour is Flavour.DUENDE and self.config.mode is not Mode.REJECT

    @property
    def is_form(self) -> bool:
        """Whether the product takes the body for a form."""
        return form_type(self.request, self.flavour) is not None

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs of the form in order; raises BrokenForm."""
        return read_pairs(self.request)

    @cached_property
    def values(self) -> dict[str, list[str]]:
        """All values of each name, the names in lower case."""
        return collect(self.pairs)

    def get(self, name: str) -> str:
        """Give the value as the product reads it, empty if it is missing or blank."""
        return value_of(self.values.get(name), self.flavour)

    @property
    def client_problem(self) -> str | None:
        """The error if the client is missing or unknown (server.md 1.2 rows 2 to 4), else None.

        It is sought in Basic first, then in the body; a real secret wins, without one the last hit. Before v4 the first
        hit won, whatever it was. As the client is public, no secret is checked. After a hit that wins the form is not
        read: one that cannot be read (BrokenForm) hides no unknown client in Basic.
        """
        client = self._header_client()
        if client is None or not (client.secret or self.flavour is Flavour.IS4_V2):
            client = self._body_client() or client
        if client is None:
            return "invalid_request" if self.flavour is Flavour.DUENDE else "invalid_client"
        return None if client.client_id == self.config.client_id else "invalid_client"

    def _body_client(self) -> Credentials | None:
        # The first of several, in every product: the client's fields are read before the others.
        client_id, secret = first(self.values.get("client_id")), first(self.values.get("client_secret"))
        if not client_id or units(client_id) > MAX_LENGTH or units(secret) > MAX_LENGTH:
            return None
        return Credentials(client_id, secret)

    def _header_client(self) -> Credentials | None:
        header = self.request.headers.get("authorization")
        basic = parse_basic(header)
        if basic is not None and self.flavour is Flavour.DUENDE:
            # Duende measures what it has decoded, if the whole is not longer than that can be.
            basic = basic.decoded if len(header or "") <= _LONGEST_BASIC else None
        if basic is None or not basic.client_id.strip() or max(map(units, basic)) > MAX_LENGTH:
            return None
        return basic if self.flavour is Flavour.DUENDE else basic.decoded


def parse_basic(header: str | None) -> Credentials | None:
    """Read an Authorization header as the product does; None if it is not well-formed Basic."""
    if header is None or header[:6].lower() != "basic ":
        return None
    # .NET ignores blanks wherever they stand, and checks the padding.
    encoded = "".join(header[6:].split())
    pair = pair_of(f"Basic {encoded}") if len(encoded) % 4 == 0 else None
    if pair is None:
        return None
    client_id, secret = pair
    return Credentials(client_id, secret if secret.strip() else "")
