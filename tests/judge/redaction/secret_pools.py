"""Secrets for properties: few in one evidence, so that they are met again; some have something in common.

Passwords and user names may stand in one another, begin alike or be equal, and so may refresh tokens. What is left out
cannot hold, for a stand-in is not a piece of another: secrets of two kinds, where a rule looks for one of them alone,
and one with characters to encode that is encoded twice here and once there.
"""

import base64
import json
from dataclasses import dataclass
from hashlib import sha256

from hypothesis import strategies as st

from fake_idp.secrets.patterns import SHORTEST_PREFIX

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
REFRESH_TOKEN = "5D7A0E92C4B1486F"
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


WORDS = ("password", "cosmos", "external.customer", "refresh_token", "Bearer", "secret", "token", "username", "code")
_ENDS = ("2", "x", "-old", "!", "Wq5", "Nf8Ls3Kd6Gh1")


@st.composite
def kindred(draw: st.DrawFn, values: tuple[str, ...]) -> str:
    """Give what has something in common with one of these values: an end more or less, twelve characters, all of it."""
    value, end = draw(st.sampled_from(values)), draw(st.sampled_from(_ENDS))
    cut = draw(st.integers(2, max(2, len(value) - 1)))
    return draw(
        st.sampled_from(
            (value, value + end, end + value, end + value + end, value[:cut], value[cut:], value[:12] + end)
        )
    )


@dataclass(frozen=True)
class Pool:
    """The secrets of one evidence: those of any kind, those of one kind that are kindred, and the names of users."""

    secrets: tuple[str, ...]
    refresh_tokens: tuple[str, ...]
    passwords: tuple[str, ...] = ()
    renewals: tuple[str, ...] = ()
    users: tuple[str, ...] = USERS

    @property
    def values(self) -> st.SearchStrategy[str]:
        # The beginning of what is a password too would be two things at once.
        refresh_tokens = (refresh_token for refresh_token in self.refresh_tokens if refresh_token != REFRESH_TOKEN)
        return st.sampled_from((*self.secrets, *refresh_tokens, *FILLERS))

    @property
    def tokens(self) -> st.SearchStrategy[str]:
        return st.sampled_from((*self.refresh_tokens, "[REDACTED]"))

    def named(self, name: str) -> st.SearchStrategy[str]:
        """Draw what a field of this name may hold."""
        match name.lower():
            case "password" | "username" if self.passwords:
                return self.values | st.sampled_from(self.passwords)
            case "refresh_token" if self.renewals:
                return self.tokens | st.sampled_from(self.renewals)
            case "access_token" | "refresh_token" | "id_token":
                return self.tokens
        return self.values


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """Draw secrets that have nothing in common, or some that have."""
    refresh_tokens = st.one_of(drawn, st.sampled_from((SECRETS[0], *SECRETS[5:], REFRESH_TOKEN, "t0ken")))
    secrets = st.one_of(drawn, st.sampled_from((*SECRETS, *SHORT)))
    own, tokens = (
        tuple(draw(st.lists(kind, min_size=1, max_size=4, unique=True))) for kind in (secrets, refresh_tokens)
    )
    users = draw(st.sampled_from((USERS, ("svc", "svc2"), ("svc", "svc.north", own[0]))))
    if draw(st.booleans()):
        return Pool(own, tokens, users=users)
    own += tuple(draw(st.lists(st.sampled_from(WORDS), max_size=1)))
    # Twelve characters of a token are the token, wherever tokens are looked for: the stand-in of a password that begins
    # like one, or of a refresh token that begins like an access token, cannot say so.
    begun = {token[:SHORTEST_PREFIX] for token in tokens}
    passwords = draw(
        st.lists(kindred((*(one for one in own if one[:SHORTEST_PREFIX] not in begun), *users)), max_size=3)
    )
    refresh_token = draw(drawn.filter(lambda one: one[:SHORTEST_PREFIX] not in begun and one not in own))
    return Pool(own, tokens, tuple(passwords), tuple(draw(st.lists(kindred((refresh_token,)), max_size=3))), users)
