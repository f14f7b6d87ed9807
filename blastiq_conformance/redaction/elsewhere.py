"""Traffic to hosts that are not BlastIQ's: whom a client called, how much it sent, and where a secret stood.

Rules ask of it no more than whether something of BlastIQ's was in it, and in which header or field (BIQ610, 704, 708),
and whether it followed a redirect (BIQ008). What else is in it may be the secret of somebody who was never asked, under
names that nobody can list.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from blastiq_conformance.evidence.facts import Facts
from blastiq_conformance.evidence.hosts import host_of, is_open, is_product
from blastiq_conformance.secrets.message import USERINFO
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.secrets.charset_variants import as_bytes, as_text
from fake_idp.wire import FORM, Headers, Response

Span = tuple[int, int]
# Gives the places of stand-ins, and of what the kit issued, in a text whose secrets were replaced.
Held = Callable[[str], Sequence[Span]]

_SCHEME = re.compile(r"\s*[A-Za-z]+\s+(?=\S)")
# How a field is written before its value: as JSON, XML, a header of a part.
_NAMED = re.compile(r"([A-Za-z_][\w.:-]{0,60})[\"']?\s*(?:[:=]\s*|>\s*|\r?\n\r?\n)[\"']?\Z")
_LOOKED_AT = 80


class Elsewhere:
    """Knows which hosts stand for BlastIQ in what was seen."""

    def __init__(self, *, keep: bool) -> None:
        """Start knowing the product's own; `keep` leaves all traffic where it is."""
        self._keep = keep
        self._ours: set[str] = set()
        self._led: set[str] = set()

    def learn(self, facts: Facts) -> None:
        """Learn the authority."""
        if facts.authority is not None:
            self._ours.add(host_of(urlsplit(facts.authority).netloc))

    def learn_exchanges(self, exchanges: Iterable[Exchange]) -> None:
        """Learn the hosts where something of BlastIQ's was seen, and where its answers led."""
        for exchange in exchanges:
            if exchange.kind is not Kind.OTHER:
                self._ours.add(host_of(exchange.request.host))
                location = exchange.response.headers.get("location") if exchange.response is not None else None
                if location is not None:
                    self._led.add(_path(location))

    def is_foreign(self, exchange: Exchange) -> bool:
        """Whether an exchange is nobody's business but the client's and the host's."""
        host = host_of(exchange.request.host)
        ours = host in self._ours or is_open(host) or is_product(host)
        return exchange.kind is Kind.OTHER and not ours and not self._keep

    def reduced(self, old: Exchange, new: Exchange, held: Held) -> Exchange:
        """Give what is kept of an exchange, `new` without its secrets; its path only where an answer led there."""
        path = _path(new.request.target) if _path(old.request.target) in self._led else None
        request, answer = new.request, new.response
        claimed = old.request.headers.get("content-length") or ""
        size = claimed if claimed.isdecimal() else str(len(old.request.body) or "")
        is_form = request.media_type == FORM
        text = "" if new.lost & {"body"} else _kept(as_text(request.body), held, "&" if is_form else "\n")
        headers = list(_headers(request.headers, held))
        if text and is_form:
            headers.append(("Content-Type", FORM))
        if size:
            headers.append(("Content-Length", size))
        fields = Headers(tuple(headers))
        return replace(
            new,
            request=replace(request, target=_url(request.target, held, path), headers=fields, body=as_bytes(text)),
            response=None if answer is None else Response(status=answer.status),
        )


def _headers(fields: Headers, held: Held) -> Iterator[tuple[str, str]]:
    for name, value in fields:
        match name.lower():
            case "host":
                yield name, value
            case "referer":
                if (kept := _url(value, held)) != _origin(value):
                    yield name, kept
            case _ if spans := held(value):
                scheme = _SCHEME.match(value)
                yield name, (scheme[0] if scheme and scheme.end() <= spans[0][0] else "") + _texts(value, spans)
            case _ if spans := held(name):
                yield _texts(name, spans), ""


def _texts(text: str, spans: Sequence[Span]) -> str:
    return " ".join(text[start:end] for start, end in spans)


def _origin(url: str) -> str:
    start, slashes, rest = url.partition("://")
    return f"{start}{slashes}{re.split(r'[/?#]', rest)[0].rpartition('@')[2]}/" if slashes else "/"


def _path(url: str) -> str:
    """Give the path of a URL, or of a target, without its first slash."""
    head = re.split(r"[?#]", url, maxsplit=1)[0]
    return head.partition("://")[2].partition("/")[2] if "://" in head else head.removeprefix("/")


def _url(url: str, held: Held, path: str | None = None) -> str:
    """Give a URL or a target: user information, and such segments and fields as hold something."""
    head, _, query = url.partition("?")
    origin = _origin(head)
    if (user := USERINFO.search(head)) is not None:
        origin = origin.replace("://", f"://{user[0]}@", 1)
    if path is None:
        path = "/".join(_texts(segment, spans) for segment in _path(head).split("/") if (spans := held(segment)))
    fields = _kept(query, held, "&")
    return f"{origin}{path}?{fields}" if fields else origin + path


def _kept(text: str, held: Held, glue: str) -> str:
    return glue.join(_field(text, start) + text[start:end] for start, end in held(text))


def _field(text: str, start: int) -> str:
    named = _NAMED.search(text[max(0, start - _LOOKED_AT) : start])
    return f"{named[1]}=" if named else ""
