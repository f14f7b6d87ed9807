"""Replacing a recording's tokens by the fake's, wherever and in whichever case a later request has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, unquote

from fake_idp.wire import Headers, Json, Request, Response

_ISSUED = ("access_token", "refresh_token", "id_token", "request_uri")
_SENT = ("code",)
# A stand-in of a redacted recording, also escaped, or a word; an escape is not part of the word after it.
_WORD = re.compile(r"<[a-z_]+:\d+>|%3[Cc][a-z_]+%3[Aa]\d+%3[Ee]|%[0-9A-Fa-f]{2}|[\w-]{16,}", re.ASCII)


@dataclass
class StandIns:
    """The replacements, word by word: a JWT has three words, and a forged one may share some."""

    _known: dict[str, str] = field(default_factory=dict, repr=False)

    def learn(self, recorded: Response, own: Response) -> None:
        """Pair what both answers issued."""
        for old, new in (*_pairs(recorded.json, own.json, _ISSUED), *_pairs(_query(recorded), _query(own), _SENT)):
            self.put(old, new)

    def put(self, old: str, new: str) -> None:
        """Let one value stand for another."""
        olds, news = old.split("."), new.split(".")
        if len(olds) != len(news):
            olds, news = [old], [new]
        for one, other in zip(olds, news, strict=True):
            # The exact spelling comes last: a stand-in is the same in lower case.
            for spell in (str.lower, str.upper, str):
                self._known[spell(one)] = spell(other)

    def knows(self, text: str) -> bool:
        """Say whether some word of a text has a stand-in."""
        return any(unquote(word) in self._known for word in _WORD.findall(text))

    def own(self, request: Request) -> Request:
        """Give a request with the fake's values."""
        return replace(
            request,
            target=self._text(request.target),
            headers=Headers(tuple((name, self._text(value)) for name, value in request.headers)),
            body=self._text(request.body.decode("latin-1")).encode("latin-1"),
        )

    def _text(self, text: str) -> str:
        return _WORD.sub(lambda word: self._known.get(unquote(word.group()), word.group()), text)


def _pairs(old: Json, new: Json, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in names:
            if name in old and name in new:
                yield _drawn(str(old[name])), _drawn(str(new[name]))


def _drawn(value: str) -> str:
    # The last part of a URN: in a later request the others are escaped.
    return value.rpartition(":")[2] if value.startswith("urn:") else value


def _query(answer: Response) -> Json:
    _, _, query = (answer.headers.get("location") or "").replace("#", "?").partition("?")
    return dict(parse_qsl(query.partition("?")[0]))
