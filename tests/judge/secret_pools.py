"""Secrets for properties: few in one evidence, so that they are met again, and none like another.

What is left out cannot hold, for a mark is no piece of another: secrets that begin or end alike, or stand in one
another (but for a token that was cut), and one with characters to encode that is encoded twice here and once there.
"""

import base64
import json
from dataclasses import dataclass
from hashlib import sha256

from hypothesis import strategies as st

# Beyond 4,096 characters, and nowhere like itself.
LONG = "".join(sha256(bytes([n])).hexdigest() for n in range(68))
SECRETS = (
    "Kq7vN2xW4mZ8tR1pLs9d",
    "Zr5 tY+u8&iO=p3%aS#dF6gH",
    "pässwörd-€-5dK2mX9qLzE",
    " Wj8 trimmed Qx3Vb7Nm ",
    "Hn4~Gt6_Rf8-Ed2.Ws0Qa",
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI3NyJ9.Bq9ZkP3xVt6yLm",
    "9F3B2C1D4E5A69788796A5B4C3D2E1F0",
    LONG,
    "aB3dE6gHkW9sLq2RzT5yNc8v",
)
HANDLE = "5D7A0E92C4B1486F"
SHORT = ("hunter2", "pw", "s3cret!")
USERS = ("svc.north@mine.example", "Jürgen.Obermüller@grube.test", "u1")
FILLERS = ("", "undefined", "null", "<your secret>", "[REDACTED]", "***", "hidden")

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


def _made(number: int, alphabet: str, length: int) -> str:
    """Make a value that begins, ends and is nowhere like another: what a search shrinks to would be all alike."""
    octets = b"".join(sha256(f"{number}/{length}/{part}".encode()).digest() for part in range(length // 32 + 1))
    return "".join(alphabet[octet % len(alphabet)] for octet in octets[:length])


def _jwt(number: int) -> str:
    claims = {_made(number, LETTERS, 9): "\u00fc?>~", "nbf": 1, "exp": 3601 if number % 2 else 99_999}
    parts = ({"alg": "RS256", "kid": "1"}, claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return ".".join((*encoded, _made(number, LETTERS, 42)))


numbers = st.integers(0, 10**6)
drawn = st.one_of(
    st.builds(_made, numbers, st.just(LETTERS), st.sampled_from((5, 8, 11, 12, 13, 15, 16, 20, 43, 64))),
    st.builds(_made, numbers, st.just("0123456789ABCDEF"), st.sampled_from((32, 64))),
    st.builds(_jwt, numbers),
)


@dataclass(frozen=True)
class Pool:
    """The secrets of one evidence: all of them, and those that may be tokens."""

    secrets: tuple[str, ...]
    handles: tuple[str, ...]

    @property
    def values(self) -> st.SearchStrategy[str]:
        # The beginning of what is a password too would be two things at once.
        handles = (handle for handle in self.handles if handle != HANDLE)
        return st.sampled_from((*self.secrets, *handles, *FILLERS))

    @property
    def tokens(self) -> st.SearchStrategy[str]:
        return st.sampled_from((*self.handles, "[REDACTED]"))


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    handles = st.one_of(drawn, st.sampled_from((SECRETS[0], *SECRETS[5:], HANDLE, "t0ken")))
    secrets = st.one_of(drawn, st.sampled_from((*SECRETS, *SHORT)))
    return Pool(*(tuple(draw(st.lists(kind, min_size=1, max_size=4, unique=True))) for kind in (secrets, handles)))
