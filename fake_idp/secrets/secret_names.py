"""What the name of a field, a variable, a setting or an option says of its value."""

import re
from collections.abc import Mapping
from functools import lru_cache

KINDS: Mapping[str, str] = {
    name: name
    for name in (
        *("username", "password", "client_secret", "client_assertion", "assertion", "code", "code_verifier"),
        *("access_token", "refresh_token", "id_token", "token", "id_token_hint", "device_code", "api_key", "apikey"),
        *("passwd", "pwd", "pass", "passphrase", "pin", "secret", "previous_password", "new_password"),
    )
}
# What a program writes where it has no value: BIQ221 shows it, and it opens nothing.
NOTHING = frozenset({"", "undefined", "null", "none", "nil", "nan", "true", "false", "[object object]"})
# In this order: a client secret is not a password, a token that refreshes is not an access token.
_TELLING = (
    ("client_secret", re.compile(r"secret|private.?key|assertion", re.IGNORECASE)),
    ("refresh_token", re.compile(r"refresh|handle", re.IGNORECASE)),
    ("id_token", re.compile(r"id.?token", re.IGNORECASE)),
    ("access_token", re.compile(r"token|bearer|jwt|authorization|(?<!www-)authenticat", re.IGNORECASE)),
    ("password", re.compile(r"pass|pwd|\bpw\b|_pw\b|kennwort", re.IGNORECASE)),
    ("api_key", re.compile(r"api.?key|credential|session|cookie|access.?key|auth.?key|consumer.?key", re.IGNORECASE)),
    ("username", re.compile(r"user|login|e.?mail", re.IGNORECASE)),
)
# What such a name says of something else: its address, its kind, how long it lasts. A curl_password, a security_token
# and an account_password are what they are.
_ABOUT = re.compile(
    r"(?<!c)url|(?<!sec)uri|endpoint|path|host|type|expir|lifetime|scope|grant|prefix|header|(?<!ac)count|(?<!user)(?<!user_)(?<!user-)name$|agent"
    r"|add.?token.?to|client.?auth|client.?id|method|algorithm|bypass|passed",
    re.IGNORECASE,
)


# Traffic has the same names again and again.
@lru_cache(maxsize=1024)
def kind_of(name: str) -> str | None:
    """Tell what kind of secret bears such a name; None where it is none."""
    if (kind := KINDS.get(name.lower())) is not None:
        return kind
    if _ABOUT.search(name):
        return None
    return next((kind for kind, pattern in _TELLING if pattern.search(name)), None)
