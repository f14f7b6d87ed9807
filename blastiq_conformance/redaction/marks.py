"""The marks that stand for secrets, and what each says of its value.

The forms:

    <password:1>               a value; equal ones have the same number
    <short_password:1>         shorter than twelve characters: too short to be looked for in other texts (N7)
    <odd_access_token:1>       no JWT as the server makes them (BIQ406); <long_access_token:1>: beyond 4,096 (BIQ407)
    <wild_access_token:1>      with characters that no token should have: no word of a header is one (RFC 6750 2.1)
    <altered_refresh_token:1>  not as it was issued: encoded, or in quotes (BIQ502)
    <changed_password:1>       has some of what was given; <garbled_password:1>: in another character set (BIQ214);
                               <vague_password:1>: too short to tell; <renamed_username:1>, <misspelt_username:1> and
                               <unsure_username:1> are the same of the user name
    <access_token:1            the beginning of one: it was cut (BIQ604)
    [redacted-1-password]      what another tool had put there; [masked-1], where it is short; no brackets for a word
    {{1-password}}             a template that nobody filled in (BIQ221); {{no-1}}, where it is short
    <redacted-1-password>      what is both; <masked-1>, where it is short

No mark has a blank, which would end a token; numbers stand within the twelve characters that tell two values apart.
"""

import re

from blastiq_conformance.evidence.api_call import is_word
from blastiq_conformance.rules.request.placeholder import is_template
from blastiq_conformance.sources.edited import foreign
from fake_idp.secrets.redact import SHORTEST_PREFIX

# A mark of an earlier redaction, the beginning of one too.
MARK = re.compile(
    r"<[a-z_]+:\d+>?|<(?:redacted-\d+-[a-z_]+|masked-\d+)>|\[(?:redacted-\d+-[a-z_]+|masked-\d+)\]"
    r"|(?<![\w-])(?:redacted-\d+-[a-z_]+|masked-\d+)(?![\w-])|\{\{(?:\d+-[a-z_]+|no-\d+)\}\}"
)
ENCODED_MARK = re.compile(rf"{MARK.pattern}|%3[Cc][a-z_]+%3[Aa]\d+(?:%3[Ee]|>)?")


def form_of(kind: str, value: str, qualities: str) -> str:
    """Give the mark of a value, with a place for its number."""
    short = len(value) < SHORTEST_PREFIX
    # A scheme before it is taken for that of a header, and here there is none.
    match foreign(f"Bearer {value}"), is_template(value):
        case True, True:
            form = "<masked-{}>" if short else f"<redacted-{{}}-{kind}>"
        case True, False:
            form = "masked-{}" if short else f"redacted-{{}}-{kind}"
            form = form if is_word(value) else f"[{form}]"
        case False, True:
            form = "{{{{no-{}}}}}" if short else f"{{{{{{{{{{}}-{kind}}}}}}}}}"
        case _:
            length = "short_" if short and kind != "username" else ""
            form = f"<{length}{qualities}{kind}:{{}}>"
    return form
