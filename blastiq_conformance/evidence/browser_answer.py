"""What the authorize endpoint sends back to the client by way of the browser: by redirect, or in a form it posts."""

from collections.abc import Sequence
from html.parser import HTMLParser
from urllib.parse import urlsplit

from fake_idp.journal import Exchange
from fake_idp.wire import Pair, Response, parse_pairs

_PAGE = "text/html"


def brought(exchange: Exchange) -> dict[str, str]:
    """Give the members of the answer, the first of each name; empty where the browser is led elsewhere."""
    response = exchange.reply
    try:
        parts = urlsplit(response.headers.get("location") or "")
        if parts.scheme:
            return members(parse_pairs((parts.query + "&" + parts.fragment).encode()))
        return _posted(response)
    except ValueError:  # not a valid address
        return {}


def members(pairs: Sequence[Pair]) -> dict[str, str]:
    """Give the values by name, the first of each name; blank ones count as absent."""
    return {pair.name: pair.value for pair in reversed(pairs) if pair.value.strip()}


def _posted(response: Response) -> dict[str, str]:
    # OAuth 2.0 Form Post Response Mode: a page whose form leads to the client.
    if response.status != 200 or response.headers.media_type != _PAGE or b"<form" not in response.body:
        return {}
    form = _Form()
    form.feed(response.body.decode("utf-8", "replace"))
    return form.fields if urlsplit(form.action).scheme else {}


class _Form(HTMLParser):
    """The hidden fields of a page, and where they are posted to."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = self.action or given.get("action", "")
        elif tag == "input" and given.get("type", "").lower() == "hidden" and given.get("value", "").strip():
            self.fields.setdefault(given.get("name", ""), given["value"])
