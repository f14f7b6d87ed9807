"""BIQ214: values are UTF-8, percent-encoded."""

import re
from urllib.parse import unquote_to_bytes

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import sign_in
from blastiq_conformance.evidence import token_requests
from blastiq_conformance.evidence.credential import Defect, credentials, given_for
from blastiq_conformance.evidence.disguise import IN_UTF_16
from blastiq_conformance.evidence.parameters import RAW
from blastiq_conformance.evidence.token_request import Field, Place, TokenRequest
from fake_idp.content_coding import is_utf_8
from fake_idp.oidc.media_type import content_type

_PLAIN = bytes(byte for byte in range(0x21, 0x7F) if byte not in b'%"<>\\^`{|}')
_ODD_ESCAPE = re.compile(rb"%(?:[89A-Fa-f]|(?![0-9A-Fa-f]{2}))")
_ENCODED = frozenset({Place.FORM, Place.QUERY})


@rule(
    id="BIQ214",
    level=Level.MUST,
    title="Values are encoded as UTF-8, and every special byte with a percent sign",
    why="OAuth prescribes UTF-8 for its forms. Latin-1, %u escapes or a question mark in place of a character change "
    "the password; raw bytes happen to be read correctly by one server and not by the next.",
    instead="Let a form encoder that uses UTF-8 build the body.",
    references=("RFC 6749 appendix B", "A31"),
    fixes={
        "Java": "URLEncoder.encode(value, StandardCharsets.UTF_8); the form without charset uses the platform's",
        "JavaScript": "encodeURIComponent or URLSearchParams, never escape()",
        "curl": "--data-urlencode instead of -d, the password in UTF-8 by standard input: password@-",
        "C#": "FormUrlEncodedContent; HttpUtility.UrlEncode without Encoding.Latin1, StringContent with Encoding.UTF8",
    },
    good="facts: password = pässwörd-€-é\n###\n" + sign_in("p%C3%A4ssw%C3%B6rd-%E2%82%AC-%C3%A9"),
    bad="facts: password = pässwörd-€-é\n###\n" + sign_in("p%E4ssw%F6rd-%80-%E9"),
    select=token_requests,
    shown_by=ShownBy.SCENARIO,
)
def not_percent_encoded_utf8(request: TokenRequest) -> Problems:
    """Find credentials that bad bytes made wrong (errors), and bad bytes that do no harm (warnings, D25)."""
    if request.disguise == IN_UTF_16:
        yield _in_utf_16(request)
    username, password = given_for(request)
    plain = (username or "").isascii() and (password or "").isascii()
    if plain and not _is_suspect(request):
        return
    sent = () if request.is_refresh else credentials(request)
    spoilt = {each.name for each in sent if each.defect is Defect.BAD_BYTES}
    for name in sorted(spoilt):
        yield from (_problem(field, spoilt=True) for field in request.all(name)[:1])
    for field in request.fields:
        if field.name.lower() not in spoilt and _is_badly_encoded(field):
            yield _problem(field, spoilt=False)


def _is_suspect(request: TokenRequest) -> bool:
    """Whether a closer look is needed: most requests have neither raw bytes nor escapes beyond ASCII."""
    sent = request.request.body
    if "?" in request.request.target:
        sent += request.request.query_string.encode("latin-1", "replace")
    # What is left when all plain bytes are gone: nothing, or percent signs alone, in nearly every request.
    left = sent.translate(None, _PLAIN)
    return bool(left) and (bool(left.strip(b"%")) or _ODD_ESCAPE.search(sent) is not None)


def _is_badly_encoded(field: Field) -> bool:
    # A name with raw bytes is another name, and so the rule of what is missing then speaks.
    if field.place not in _ENCODED or not field.name.isascii():
        return False
    # A line break after the form belongs to its last value, which is another one then: that parameter's rule says so.
    raw = field.raw.rstrip(b"\r\n")
    return RAW.search(raw) is not None or not is_utf_8(unquote_to_bytes(raw.partition(b"=")[2]))


def _in_utf_16(request: TokenRequest) -> Problem:
    told = content_type(request.request)
    # ASP.NET reads a form in the charset that its label names, and in UTF-8 where there is none.
    names_it = "utf-16" in told.lower()
    return Problem(
        message="the form is in UTF-16, " + ("and says so" if names_it else "and is read as UTF-8"),
        expected="the form in UTF-8 (RFC 6749 appendix B)",
        received=f"{IN_UTF_16}, and Content-Type: {quote(told)}",
        parameter="Content-Type",
        severity=Severity.WARNING if names_it else None,
    )


def _problem(field: Field, *, spoilt: bool) -> Problem:
    return Problem(
        message=f"{quote(field.name)} is not percent-encoded UTF-8"
        + (", and another value arrived" if spoilt else ", though it can still be read"),
        expected="each byte of the UTF-8 text as itself or as %XX (RFC 6749 appendix B)",
        received=f"{quote(field.raw.decode('latin-1')) if field.raw else field} ({field.place} {field.position})",
        parameter=quote(field.name),
        severity=None if spoilt else Severity.WARNING,
    )
