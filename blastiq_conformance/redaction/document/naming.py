"""What the name of a variable or a setting says of its value; and literals in scripts that stand beside such names."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.secrets.secret_names import kind_of
from fake_idp.wire import FORM, Headers, Request

_HARMLESS = re.compile(
    r"ur[li]|host|base|path|port|scheme|protocol|authority|issuer|endpoint|version|client.?id|scope|grant|audience|env"
    r"|content|accept|lang|type|api$|method|algorithm|client.?auth|add.?token.?to|prefix|token.?name|callback",
    re.IGNORECASE,
)
_SMALL = re.compile(r"|true|false|[\d.]{1,5}|\W*", re.IGNORECASE)
_NAME = r"[\"'`]?([A-Za-z_][\w.-]{1,60})[\"'`]?"
_VALUE = r"(?:\"((?:[^\"\\\n]|\\.)+)\"|'((?:[^'\\\n]|\\.)+)'|`([^`$]+)`)"
_LITERALS = (
    # An assignment, a member.
    re.compile(rf"{_NAME}\s*(?::|=(?!=))\s*{_VALUE}"),
    # Two arguments, of what sets a variable.
    re.compile(rf"\(\s*{_NAME}\s*,\s*{_VALUE}"),
    # A field of a form, as scripts have it.
    re.compile(rf"key[\"']?\s*:\s*{_NAME}\s*,\s*[\"']?value[\"']?\s*:\s*{_VALUE}"),
)
_ASSIGNED = re.compile(r"^\s*(?:export\s+|set\s+)?([A-Za-z_]\w{1,60})=([^\s\"'$`&]+)()()\s*$", re.MULTILINE)
_JWT = re.compile(r"eyJ[\w-]{10,}\.[\w-]+\.[\w-]+")

__all__ = ["Named", "kind_of", "literals", "may_stay", "to_exchanges"]

Named = tuple[str, str]


def may_stay(name: str, value: str) -> bool:
    """Whether the value of a variable that nothing uses is harmless by its name, or by what little it is."""
    return _HARMLESS.search(name) is not None or _SMALL.fullmatch(value) is not None


def literals(text: str) -> Iterator[Named]:
    """Give the kind and value of each literal that a script or a text names as a secret, and of each JWT."""
    for pattern in (*_LITERALS, _ASSIGNED):
        for match in pattern.finditer(text):
            value = next((group for group in match.groups()[1:] if group), "")
            kind = kind_of(match[1].rpartition(".")[2])
            if kind is not None and "{{" not in value and "${" not in value:
                yield kind, re.sub(r"\\(.)", r"\1", value)
    for match in _JWT.finditer(text):
        yield "access_token", match[0]


def to_exchanges(named: Iterable[Named]) -> Iterator[Exchange]:
    """Give requests that have these secrets in a form, to be learned as those of traffic are."""
    for kind, value in dict.fromkeys(named):
        if value:
            body = f"{kind}={quote(value.encode('utf-8', 'surrogatepass'), safe='')}".encode()
            headers = Headers((("Content-Type", FORM),))
            request = Request(method="POST", target="/connect/token", headers=headers, body=body)
            yield Exchange(number=1, kind=Kind.TOKEN, request=request, response=None, started=0.0, ended=0.0)
