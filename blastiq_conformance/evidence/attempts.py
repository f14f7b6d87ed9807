"""An attempt to get a token, and what the client did with the result."""

from dataclasses import dataclass

from blastiq_conformance.evidence.api_call import ApiCall
from blastiq_conformance.evidence.facts import Child
from blastiq_conformance.evidence.token_request import TokenRequest
from fake_idp.journal import Exchange


@dataclass(frozen=True, kw_only=True)
class Sequel:
    """A token request and what came of it: the API calls until the next one, and the child after the last one.

    `repeated`: it is at least the third of its attempt.
    """

    request: TokenRequest
    repeated: bool = False
    calls: tuple[ApiCall, ...] = ()
    child: Child | None = None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that this rests on."""
        return (self.request.exchange, *(call.exchange for call in self.calls))
