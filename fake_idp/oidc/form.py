"""A form as ASP.NET reads it: which bodies are forms, in which charset, and what their fields say."""

import codecs
import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from fake_idp.lazy import kept
from fake_idp.oidc.media_type import content_type, is_media_type
from fake_idp.server_config import Flavour
from fake_idp.wire import FORM, Pair, Request

MULTIPART = "multipart/form-data"
# A quoted charset is looked up with its quotes, and so is unknown.
_CHARSET = re.compile(r';[ \t]*charset[ \t]*=[ \t]*([^";]*)', re.IGNORECASE)
# The charsets that .NET knows by default, by Python's names; without a byte order they are little-endian there.
_CHARSETS = {
    "ascii": "ascii",
    "iso8859-1": "latin-1",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32-le",
    "utf-32-le": "utf-32-le",
    "utf-32-be": "utf-32-be",
}
_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_PART_NAME = re.compile(rb'name="([^"]*)"')
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_UNDECODED = re.compile("[\udc80-\udcff]")
# ASP.NET's FormOptions: more fields, and bytes of a name, are not read.
_MOST_FIELDS = 1024
_LONGEST_NAME = 2048
# R39: what is longer is not read.
BODY_LIMIT = 1 << 20


class BodyTooLong(Exception):  # noqa: N818 - protocol data on its way to a response
    """A form beyond the limit: the web server throws when it is read, and no product catches that."""


class BrokenForm(Exception):  # noqa: N818 - protocol data on its way to a response
    """A body on which ASP.NET's reader of forms gives up: most endpoints do not catch that, and answer 500."""


def form_type(request: Request, flavour: Flavour) -> str | None:
    """Give the media type of a body that the product reads as a form, None for any other.

    Before v4 a multipart body was a form too (server.md 1.1).
    """
    media_type = request.media_type
    if media_type != FORM and (media_type != MULTIPART or flavour is not Flavour.IS4_V2):
        return None
    return media_type if is_media_type(content_type(request)) else None


@kept
def read_pairs(request: Request) -> tuple[Pair, ...]:
    """Give the pairs of a body that is a form, in order, in the charset that its type names.

    Raises:
        BodyTooLong, BrokenForm: the body cannot be read.
    """
    if not request.body:
        return ()
    if len(request.body) > BODY_LIMIT:
        raise BodyTooLong
    if request.media_type == MULTIPART:
        return _multipart_pairs(request)
    if request.media_type != FORM:
        return ()
    charset = _charset(request)
    if _is_broken(request.body, charset):
        raise BrokenForm
    if charset is None:
        return _in_utf_8(request.form)
    if charset == "ascii":
        return tuple(pair._replace(value=pair.value.encode("ascii", "replace").decode()) for pair in request.form)
    return _pairs_in(charset, request.body)


def read_query(request: Request) -> tuple[Pair, ...]:
    """Give the pairs of a query as ASP.NET reads them."""
    return _in_utf_8(request.query)


def collect(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    """Gather all values of each name, blank ones too, the names in lower case: ASP.NET's forms forgive case (R36)."""
    found: dict[str, list[str]] = {}
    for name, value, _, _ in pairs:
        found.setdefault(name.lower(), []).append(value)
    return found


def units(text: str) -> int:
    """Count characters as .NET does, against which the product's limits are set: those beyond U+FFFF twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def first(values: list[str] | None) -> str:
    """Give the first of several values, empty if it is missing or blank."""
    return values[0] if values and values[0].strip() else ""


def value_of(values: list[str] | None, flavour: Flavour) -> str:
    """Give what the product reads: IdentityServer4 the first, Duende all nonblank ones, joined (server.md 1.1)."""
    if values and flavour is Flavour.DUENDE:
        return ",".join([value for value in values if value.strip()])
    return first(values)


def unescape(text: str) -> str:
    """Decode blanks and escapes as .NET does: an escape that is not of UTF-8 stays as it is."""
    return _ESCAPES.sub(_decoded, text.replace("+", " "))


def _is_broken(body: bytes, charset: str | None) -> bool:
    if body.removesuffix(b"&").count(b"&") >= _MOST_FIELDS:
        return True
    # ASP.NET's decoder for UTF-8 and ASCII knows no NUL, the one for all other charsets does.
    if charset in {None, "ascii"} and b"%00" in body:
        return True
    return len(body) > _LONGEST_NAME and any(
        len(piece.partition(b"=")[0]) > _LONGEST_NAME for piece in body.split(b"&")
    )


def _charset(request: Request) -> str | None:
    """Give Python's name of a charset other than UTF-8; .NET reads an unknown one as UTF-8."""
    found = _CHARSET.search(request.headers.get("content-type") or "")
    if found is None:
        return None
    try:
        return _CHARSETS.get(codecs.lookup(found.group(1).strip()).name)
    except (LookupError, ValueError):
        return None


def _in_utf_8(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    # Most are UTF-8 throughout; escapes that are not stay as they are.
    is_utf_8 = not any("\ufffd" in pair.name + pair.value for pair in pairs)
    return pairs if is_utf_8 else tuple(map(_read_again, pairs))


def _read_again(pair: Pair) -> Pair:
    name, _, value = pair.raw.decode("utf-8", "replace").partition("=")
    return pair._replace(name=unescape(name), value=unescape(value))


def _pairs_in(charset: str, body: bytes) -> tuple[Pair, ...]:
    # ASP.NET decodes the text and then its escapes, which are UTF-8 whatever the charset is.
    pairs = []
    for piece in body.decode(charset, "replace").split("&"):
        if piece:
            name, equals, value = piece.partition("=")
            pairs.append(Pair(unescape(name), unescape(value), piece.encode("utf-8", "replace"), not equals))
    return tuple(pairs)


def _decoded(escapes: re.Match[str]) -> str:
    text = unquote_to_bytes(escapes.group()).decode("utf-8", "surrogateescape")
    return _UNDECODED.sub(lambda byte: f"%{ord(byte.group()) - 0xDC00:02X}", text)


def _multipart_pairs(request: Request) -> tuple[Pair, ...]:
    found = _BOUNDARY.search(request.headers.get("content-type") or "")
    boundary = found.group(1).encode("utf-8", "replace") if found else b""
    if not boundary or b"--" + boundary + b"--" not in request.body:
        raise BrokenForm
    pairs = []
    for raw in request.body.split(b"--" + boundary)[1:]:
        head, blank, value = raw.partition(b"\r\n\r\n")
        name = _PART_NAME.search(head)
        if blank and name:
            decoded = value.removesuffix(b"\r\n").decode("utf-8", "replace")
            pairs.append(Pair(name.group(1).decode("utf-8", "replace"), decoded, raw, bare=False))
    return tuple(pairs)
