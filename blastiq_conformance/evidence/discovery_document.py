"""A discovery document as a client got it: where it was requested, whether it can be used, what it names."""

from dataclasses import dataclass
from functools import cached_property

from fake_idp.classify import WELL_KNOWN
from fake_idp.journal import Exchange
from fake_idp.wire import Json


@dataclass(frozen=True)
class Document:
    """One answer to a request for a discovery document."""

    exchange: Exchange

    @cached_property
    def members(self) -> dict[str, Json]:
        """The members of the document; empty where the answer was not a JSON object with 200 (OIDC Discovery 4.2)."""
        return self.exchange.reply.members if self.exchange.status == 200 else {}

    @property
    def token_endpoint(self) -> str | None:
        """The token endpoint that it names; without one it is useless to a client."""
        return self._text("token_endpoint")

    @property
    def issuer(self) -> str | None:
        """The issuer that it names, as it stands there."""
        return self._text("issuer")

    @property
    def called_issuer(self) -> str | None:
        """The issuer that the client asked: what precedes the well-known path; None where that is not known."""
        request = self.exchange.request
        end = len(request.path) - len(WELL_KNOWN)
        if not request.host or request.path[end:].lower() != WELL_KNOWN:
            return None
        return request.origin + request.path[:end]

    def _text(self, member: str) -> str | None:
        value = self.members.get(member)
        return value if isinstance(value, str) and value else None
