"""The secrets that traffic carries: for whoever was not told them."""

import re
from urllib.parse import unquote_to_bytes

from blastiq_conformance.secrets.message import request, response
from blastiq_conformance.secrets.visitor import Visitor
from fake_idp.lazy import kept
from fake_idp.secrets.basic import unpacked
from fake_idp.secrets.charset_variants import as_text
from fake_idp.secrets.redact import Secret, Traffic
from fake_idp.secrets.secret_names import NOTHING
from fake_idp.wire import Request, Response

_AROUND = re.compile(r"\A(?:[\s\"']|(?:bearer|token)(?=[\s\"']))+|[\s\"']+\Z", re.IGNORECASE)
_SCHEMES = frozenset({"bearer", "basic", "token", "digest", "negotiate"})


def secrets_of(traffic: Traffic) -> list[Secret]:
    """Give the secrets that an exchange carries, each once.

    Client ids are none; usernames are given too, for a report names nobody (BIQ701 does not mind them).
    """
    messages = (traffic.request, *((traffic.response,) if traffic.response is not None else ()))
    return list(dict.fromkeys(secret for each in messages for secret in _carried(each)))


@kept
def _carried(message: Request | Response) -> tuple[Secret, ...]:
    collector = _Collector()
    if isinstance(message, Request):
        request(message, collector)
    else:
        response(message, collector)
    return tuple(collector.found)


def bare_token(sent: str) -> str:
    """Give a token without what a client put around it, which is BIQ604 and no secret: quotes, the scheme once more."""
    return _AROUND.sub("", sent)


class _Collector(Visitor):
    """Visits a message, and leaves it as it is."""

    def __init__(self) -> None:
        self.found: dict[Secret, None] = {}

    def secret(self, kind: str, value: str, raw: bytes = b"", *, cut: bool = False) -> str:  # noqa: ARG002 - as a Visitor has it
        self._add(kind, value)
        if "\N{REPLACEMENT CHARACTER}" in value:
            # What is not UTF-8 was lost there; whoever searches a text must know which bytes it was.
            self._add(kind, as_text(unquote_to_bytes(raw.replace(b"+", b" "))))
        return value

    def _add(self, kind: str, value: str) -> None:
        if value.strip().lower() not in NOTHING:
            self.found[Secret(kind, value)] = None

    def token(self, value: str) -> str:
        # A scheme without credentials is not a secret.
        if (bare := bare_token(value)).lower() not in _SCHEMES:
            self._add("access_token", bare)
        return value

    def packed(self, credentials: str) -> None:
        # A client without a secret has nothing behind its colon.
        if (unpacked(credentials) or "").partition(":")[2]:
            self._add("basic", credentials)

    def is_client(self, value: str) -> bool:
        # Beside another name than that of a user stands the secret of a client.
        return ":" not in value and Secret("username", value) not in self.found
