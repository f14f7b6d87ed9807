"""Lines of a journal without what somebody gave: a secret that the kit did not issue is worth something elsewhere."""

from collections.abc import Iterable
from dataclasses import replace

from fake_idp.content_coding import inflate
from fake_idp.disguises import as_bytes, as_text, disguises
from fake_idp.journal import Connection, Exchange
from fake_idp.jsonl import Record, to_line
from fake_idp.redact import Redactor, Secret
from fake_idp.wire import Headers, Request, Response

_UNPACKED = "its body was compressed and held a secret; here it stands unpacked, without it"


class JournalRedaction:
    """Writes records as `to_line` does, with `<kind:n>` for each secret, in whatever encoding and character set."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        """Number the secrets; a disguise of one is another value, and gets a number of its own after them."""
        given = list(dict.fromkeys(secrets))
        disguised = [Secret(secret.kind, text) for secret in given for text in disguises(secret.value)]
        self._redactor = Redactor([*given, *disguised])

    def line(self, record: Record) -> str:
        """Write one record as a line, its end included."""
        match record:
            case Exchange(request=request, response=response):
                clean = replace(record, request=self._request(request), response=response and self._response(response))
                unpacked = self._unpacked(request)
                if unpacked is not None:
                    clean = replace(
                        clean,
                        request=replace(clean.request, body=unpacked),
                        edited=clean.edited or _UNPACKED,
                        lost=clean.lost | {"body"},
                    )
                record = clean
            case Connection(received=received):
                record = replace(record, received=self._bytes(received))
            case _:
                pass
        # Once more over each text: facts, names and whatever else there is. Never over the line itself: where a secret
        # is a word of the journal's own, nobody could read it.
        return to_line(record, self._redactor.text)

    def _request(self, request: Request) -> Request:
        return replace(
            request,
            target=self._redactor.text(request.target),
            headers=self._headers(request.headers),
            body=self._bytes(request.body),
        )

    def _response(self, response: Response) -> Response:
        return replace(response, headers=self._headers(response.headers), body=self._bytes(response.body))

    def _headers(self, headers: Headers) -> Headers:
        return Headers(tuple((name, self._redactor.text(value)) for name, value in headers))

    def _bytes(self, data: bytes) -> bytes:
        # Before the journal writes base64 for what is no UTF-8: a placeholder in the middle of that would ruin it.
        return as_bytes(self._redactor.text(as_text(data)))

    def _unpacked(self, request: Request) -> bytes | None:
        plain = inflate(request.body)
        clean = plain if plain == request.body else self._bytes(plain)
        return None if clean == plain else clean
