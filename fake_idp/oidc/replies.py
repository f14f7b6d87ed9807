"""How replies are written: JSON as each flavour serialises it, the headers that go with it, errors as protocol data."""

import json
import re
from collections.abc import Callable

from fake_idp.server_config import Flavour
from fake_idp.wire import Headers, Json, Response

# server.md 1.4: on every token success and error.
JSON_TYPE = "application/json; charset=UTF-8"
JSON_HEADERS = Headers((("Content-Type", JSON_TYPE),))
# RFC 7517 8.5.2; before v3 alone.
KEY_SET_HEADERS = Headers((("Content-Type", "application/jwk-set+json; charset=UTF-8"),))
NO_STORE = (("Cache-Control", "no-store, no-cache, max-age=0"), ("Pragma", "no-cache"))
TOKEN_HEADERS = Headers((*JSON_HEADERS.raw, *NO_STORE))

# Everything that System.Text.Json's default encoder escapes.
_ESCAPED = re.compile(r"[^ !#$%()*,\-./0-9:;=?@A-Z\[\]^_a-z{|}~]")
_SHORT = {"\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
# Newtonsoft escapes quotes, backslashes and controls, as Python does, and these.
_SEPARATORS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


class OAuthError(Exception):
    """An error of the protocol (RFC 6749 5.2) on its way to becoming a response."""

    def __init__(
        self, code: str, description: str = "", *, status: int = 400, headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Keep what the response will say; without a description it has no such member."""
        super().__init__(code)
        self.code = code
        self.description = description
        self.status = status
        self.headers = headers

    def response(self, flavour: Flavour) -> Response:
        """Write it as the product does: `error`, then `error_description`."""
        members: dict[str, Json] = {"error": self.code}
        if self.description:
            members["error_description"] = self.description
        headers = Headers((*TOKEN_HEADERS.raw, *self.headers)) if self.headers else TOKEN_HEADERS
        return Response(status=self.status, headers=headers, body=dumps(members, flavour))


def empty(status: int, *headers: tuple[str, str]) -> Response:
    """Answer with a status and no body, as ASP.NET does if no endpoint writes one."""
    return Response(status=status, headers=Headers(headers))


def dumps(value: Json, flavour: Flavour) -> bytes:
    """Serialise on one line without spaces, with the escapes of the flavour's serialiser."""
    return write(value, _newtonsoft if flavour is Flavour.IS4_V2 else _system_text_json).encode("utf-8", "replace")


def write(value: Json, quote: Callable[[str], str]) -> str:
    """Serialise on one line without spaces, each text as `quote` gives it."""
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, dict):
        return "{" + ",".join([f"{quote(name)}:{write(item, quote)}" for name, item in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([write(item, quote) for item in value]) + "]"
    return json.dumps(value)


def _system_text_json(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    short = _SHORT.get(character)
    if short is not None:
        return short
    return escaped(character.encode("utf-16-be", "surrogatepass").hex().upper())


def escaped(units: str) -> str:
    """Write the hex digits of UTF-16 as escapes of JSON (RFC 8259 7)."""
    return "".join([f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4)])


def _newtonsoft(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).translate(_SEPARATORS)
