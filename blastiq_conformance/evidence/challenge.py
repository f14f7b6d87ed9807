"""Calls without a token that only ask whether one is needed: answered 401, and repeated at once with a token (D40)."""

from bisect import bisect_left
from collections.abc import Iterator

from blastiq_conformance.evidence.api_call import ApiCall
from blastiq_conformance.evidence.clients import AT_ONCE, Client, between
from blastiq_conformance.evidence.succession import is_certain, successions


def challenges(client: Client) -> frozenset[int]:
    """Give the numbers of the calls that were challenges, not tries with a token."""
    unmet = {call.exchange.number for call in forgotten(client)}
    return frozenset({call.exchange.number for call in client.bare if call.status == 401} - unmet)


def forgotten(client: Client) -> Iterator[ApiCall]:
    """Find the calls that were refused for lack of a token and not repeated with one, though the client had one.

    Calls after a sign-in that brought no token do not count: they are BIQ408's to BIQ410's.
    """
    if client.issued and client.bare:
        yield from _Challenged(client).find()


class _Challenged:
    """A client at least one of whose calls carried no token."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._asked = [request.exchange.number for request in client.token_requests]
        # A client whose session begins with such a call works that way; one that sent its token before has forgotten
        # it.
        self._bare = {call.exchange.number for call in client.bare}
        self._works_so = client.calls[0].exchange.number in self._bare
        self._needless = {
            each.new.exchange.number for each in successions(client) if each.needless and is_certain(client, each)
        }

    def find(self) -> Iterator[ApiCall]:
        open_: dict[tuple[str, str], list[ApiCall]] = {}
        for call in self._client.calls:
            waiting = open_.setdefault((call.request.method, call.request.target), [])
            is_bare = call.exchange.number in self._bare
            if call.status == 401 and is_bare and not self._came_without(call):
                waiting.append(call)
            elif waiting and not is_bare:
                bare = waiting.pop(0)
                if not self._is_repeated(bare, call):
                    yield bare
        yield from (bare for waiting in open_.values() for bare in waiting if not self._is_last(bare))

    def _came_without(self, call: ApiCall) -> bool:
        before = bisect_left(self._asked, call.exchange.number)
        return before > 0 and self._client.token_requests[before - 1].access_token is None

    def _is_repeated(self, bare: ApiCall, call: ApiCall) -> bool:
        if asked := between(self._client.token_requests, bare.exchange.number, call.exchange.number):
            return self._works_so or self._needless.isdisjoint(request.exchange.number for request in asked)
        return call.exchange.started - bare.exchange.ended < AT_ONCE

    def _is_last(self, bare: ApiCall) -> bool:
        """Whether the client then asked for a token and made no more calls with one: it had no chance to repeat."""
        number = bare.exchange.number
        return max(self._asked) > number >= max(self._client.last_uses.values(), default=0)
