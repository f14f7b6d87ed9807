"""A form request as the product reads it: its fields, its client, and what the checks have found so far."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote_plus

from fake_idp.authority import Authority
from fake_idp.lazy import lazy
from fake_idp.tenant import Flavour, Tenant
from fake_idp.wire import FORM, Pair, Request

MULTIPART = "multipart/form-data"
# server.md 1.2: the product's limit for client id, secret, grant type, user name, password and refresh token.
MAX_LENGTH = 100
_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_PART_NAME = re.compile(rb'name="([^"]*)"')


class Credentials(NamedTuple):
    """A client's id and secret as one of the product's parsers found them; a blank secret is none."""

    client_id: str
    secret: str = ""

    @property
    def decoded(self) -> "Credentials":
        """Id and secret as they are meant: in a header both are form-encoded (RFC 6749 2.3.1)."""
        return Credentials(unquote_plus(self.client_id), unquote_plus(self.secret) if self.secret.strip() else "")

    def __repr__(self) -> str:
        return "Credentials()"


@dataclass
class Attempt:
    """A token request on its way through the checks; blank values are missing ones (server.md 1.1)."""

    request: Request
    authority: Authority
    now: float
    grant_type: str = field(default="", repr=False)
    refresh_token: str | None = field(default=None, repr=False)  # the one to return

    @property
    def tenant(self) -> Tenant:
        """The tenant that is asked."""
        return self.authority.tenant

    @property
    def flavour(self) -> Flavour:
        """The product and age that answers."""
        return self.authority.tenant.flavour

    @property
    def is_form(self) -> bool:
        """Whether the product takes the body for a form: before v4 a multipart one too (server.md 1.1)."""
        media_type = self.request.media_type
        return media_type == FORM or (media_type == MULTIPART and self.flavour is Flavour.IS4_V2)

    @property
    def is_broken(self) -> bool:
        """Whether the body cannot be read: a multipart one without a boundary, or whose last one never comes."""
        if self.request.media_type != MULTIPART:
            return False
        boundary = _boundary(self.request)
        return not boundary or b"--" + boundary + b"--" not in self.request.body

    @lazy
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs of the form in order."""
        return self.request.form if self.request.media_type == FORM else _multipart_pairs(self.request)

    @lazy
    def values(self) -> dict[str, list[str]]:
        """All values of each name, blank ones too, the names in lower case: ASP.NET's forms forgive case (R36)."""
        found: dict[str, list[str]] = {}
        for name, value, _, _ in self.pairs:
            found.setdefault(name.lower(), []).append(value)
        return found

    def get(self, name: str) -> str:
        """Give the value as the product reads it, empty where it is missing or blank.

        IdentityServer4 takes the first of several, Duende joins those that are not blank (server.md 1.1).
        """
        values = self.values.get(name)
        if values is None:
            return ""
        if self.flavour is Flavour.DUENDE:
            return ",".join([value for value in values if value.strip()])
        return values[0] if values[0].strip() else ""

    @lazy
    def client(self) -> Credentials | None:
        """Find the client: Basic first, then the body; a real secret wins, without one the last hit (server.md 1.2)."""
        header, body = self._header_client(), self._body_client()
        return header if header is not None and header.secret else body or header

    def _body_client(self) -> Credentials | None:
        client_id, secret = self.get("client_id"), self.get("client_secret")
        if not client_id or len(client_id) > MAX_LENGTH or len(secret) > MAX_LENGTH:
            return None
        return Credentials(client_id, secret)

    def _header_client(self) -> Credentials | None:
        basic = parse_basic(self.request.headers.get("authorization"))
        if basic is None or not basic.client_id.strip() or max(map(len, basic)) > MAX_LENGTH:
            return None
        if not basic.secret.strip():
            # Before 2.4 a header without a secret was no header at all (server.md 1.2).
            return None if self.flavour is Flavour.IS4_V2 else basic.decoded
        return basic.decoded


def parse_basic(header: str | None) -> Credentials | None:
    """Read an Authorization header as the product does; None where it is not Basic or not well-formed."""
    if header is None or header[:6].lower() != "basic ":
        return None
    try:
        decoded = base64.b64decode(header[6:].strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None
    client_id, colon, secret = decoded.partition(":")
    return Credentials(client_id, secret) if colon else None


def _boundary(request: Request) -> bytes:
    found = _BOUNDARY.search(request.headers.get("content-type") or "")
    return found.group(1).encode("utf-8", "replace") if found else b""


def _multipart_pairs(request: Request) -> tuple[Pair, ...]:
    boundary = _boundary(request)
    if not boundary:
        return ()
    pairs = []
    for raw in request.body.split(b"--" + boundary)[1:]:
        head, blank, value = raw.partition(b"\r\n\r\n")
        name = _PART_NAME.search(head)
        if blank and name:
            decoded = value.removesuffix(b"\r\n").decode("utf-8", "replace")
            pairs.append(Pair(name.group(1).decode("utf-8", "replace"), decoded, raw, bare=False))
    return tuple(pairs)
