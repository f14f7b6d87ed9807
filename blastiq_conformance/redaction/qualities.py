"""What is unusual about a token, for its mark to say: the rules that ask for it cannot see it in a mark."""

from collections.abc import Iterator

from blastiq_conformance.evidence.facts import Facts
from blastiq_conformance.evidence.issued_token import has_long_token, has_odd_token
from blastiq_conformance.evidence.stand_in import ACCESS_TOKEN, REFRESH_TOKEN
from blastiq_conformance.evidence.token_request import TokenRequest
from fake_idp.journal import Exchange
from fake_idp.secrets.redact import SHORTEST_PREFIX

_TOKENS = ("access_token", "refresh_token", "id_token")


def tokens_of(exchange: Exchange) -> Iterator[tuple[str, str, str]]:
    """Give the tokens of an answer: kind, value, qualities."""
    request = TokenRequest(exchange, Facts())
    for name in _TOKENS:
        token = request.answer.get(name)
        if isinstance(token, str):
            yield name, token, "".join(_qualities(request, name, token))


def _qualities(request: TokenRequest, name: str, token: str) -> Iterator[str]:
    if is_access := name == "access_token" and request.access_token is not None:
        yield from ("long_",) if has_long_token(request) else ()
        yield from ("odd_",) if has_odd_token(request) else ()
    pattern = ACCESS_TOKEN if is_access else REFRESH_TOKEN if name == "refresh_token" else None
    if pattern is not None and len(token) >= SHORTEST_PREFIX and not pattern.fullmatch(token):
        yield "wild_"
