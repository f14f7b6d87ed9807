"""What `blastiq redact` puts in the place of a secret, as the judge sees it: nothing else here knows its form."""

import re
from urllib.parse import unquote

from fake_idp.secrets.redact import PLACEHOLDER, SHORTEST_PREFIX

# That of a token that was cut has lost its end.
_CUT = re.compile(f"{PLACEHOLDER.pattern}?")
# A form may have encoded it.
_IN_BODY = re.compile(rb"(?:<|%3[Cc])[a-z_]+(?::|%3[Aa])\d+(?:>|%3[Ee])")
# One of a secret that is found by its characters.
_WORD = r"<(?!short_|[a-z_]*wild_)[a-z_]+:\d+>"
# Words of some length that may be a refresh token, or an access token as RFC 6750 2.1 allows it, and their stand-ins.
REFRESH_TOKEN = re.compile(rf"[A-Za-z0-9._~-]{{{SHORTEST_PREFIX},}}|{_WORD}")
ACCESS_TOKEN = re.compile(rf"[A-Za-z0-9._~+/-]{{{SHORTEST_PREFIX},}}=*|{_WORD}")


def is_stand_in(value: str) -> bool:
    """Whether a value stands for a secret: it keeps presence and equality, and what `tells` asks for."""
    return PLACEHOLDER.fullmatch(value) is not None


def is_in(body: bytes) -> bool:
    """Whether a stand-in is somewhere in a body."""
    return _IN_BODY.search(body) is not None


def tells(value: str, quality: str) -> bool:
    """Whether a value is a stand-in that tells this of what it stands for: `odd`, `long`, `changed`."""
    return is_stand_in(value) and f"{quality}_" in value


def may_be_client(value: str) -> bool:
    """Whether a value is a stand-in that may stand for a client's id: that of a name or a password may not."""
    return is_stand_in(value) and "username" not in value and "password" not in value


def is_long(value: str) -> bool:
    """Whether a value is long enough to be told from others by its beginning; a stand-in tells that of another."""
    if _CUT.fullmatch(value):
        return not value.startswith("<short_")
    return len(value) >= SHORTEST_PREFIX


def beginning(value: str, length: int) -> str:
    """Give what is left of a value whose end was masked: so many characters, and of a stand-in all but its end."""
    return value[:-1] if is_stand_in(value) else value[:length]


def refresh_tokens_in(text: str) -> list[str]:
    """Give the words of a text that may be refresh tokens; a client may have encoded a stand-in."""
    return REFRESH_TOKEN.findall(unquote(text) if "%3C" in text else text)
