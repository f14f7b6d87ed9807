"""Lines of a journal without given secrets: one that the kit did not issue is worth something elsewhere."""

from collections.abc import Iterable
from dataclasses import replace

from fake_idp.content_coding import WITHHELD, PackedError, rewritten
from fake_idp.journal import Connection, Exchange
from fake_idp.journal.jsonl import Record, to_line
from fake_idp.secrets.charset_variants import as_bytes, as_text, charset_variants
from fake_idp.secrets.redact import Redactor, Secret
from fake_idp.wire import Headers, Request, Response


class JournalRedaction:
    """Writes records as `to_line` does, with `<kind:n>` for each secret, in whatever encoding and character set."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        """Number the secrets; a charset variant of one is another value, and gets a number of its own after them."""
        given = list(dict.fromkeys(secrets))
        variants = [Secret(secret.kind, text) for secret in given for text in charset_variants(secret.value)]
        self._redactor = Redactor([*given, *variants])

    def line(self, record: Record) -> str:
        """Write one record as a line, its end included."""
        match record:
            case Exchange(request=request, response=response):
                record = replace(record, request=self._request(request), response=response and self._response(response))
            case Connection(received=received):
                record = replace(record, received=self._bytes(received))
            case _:
                pass
        # Once more over each text: facts, names and the rest. Never over the line itself: if a secret were a word of
        # the format, the line would be unreadable.
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
        # Before the journal writes base64 for what is not UTF-8, which a placeholder would ruin.
        try:
            return rewritten(data, lambda plain, _: as_bytes(self._redactor.text(as_text(plain))))
        except PackedError:
            return WITHHELD
