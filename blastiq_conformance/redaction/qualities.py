"""What is unusual about a token, for its mark to say: the rules that ask for it cannot see it in a mark."""

from collections.abc import Callable, Iterator

from blastiq_conformance.evidence.api_call import is_word
from blastiq_conformance.evidence.facts import Facts
from blastiq_conformance.evidence.token_request import TokenRequest
from blastiq_conformance.rules.refresh import misdirected
from blastiq_conformance.rules.response.traits import has_long_token, has_odd_token
from fake_idp.journal import Exchange
from fake_idp.secrets.redact import SHORTEST_PREFIX

_TOKENS = ("access_token", "refresh_token", "id_token")


def tokens_of(exchange: Exchange) -> Iterator[tuple[str, str, str]]:
    """Give the tokens of an answer: kind, value, qualities."""
    request = TokenRequest(exchange, Facts())
    for name in _TOKENS:
        token = request.answer.get(name)
        if isinstance(token, str):
            access = name == "access_token" and request.access_token is not None
            wild = "wild_" if name == "refresh_token" and _is_wild(token, misdirected.is_word) else ""
            yield name, token, _qualities(request, token) if access else wild


def _qualities(request: TokenRequest, token: str) -> str:
    wild = _is_wild(token, is_word)
    told = ("long_", has_long_token(request)), ("odd_", has_odd_token(request)), ("wild_", wild)
    return "".join(name for name, has_it in told if has_it)


def _is_wild(token: str, is_found: Callable[[str], bool]) -> bool:
    return len(token) >= SHORTEST_PREFIX and not is_found(token)
