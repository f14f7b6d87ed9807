"""Secrets in the words of a command, which is shown to be run again: what its own names call one, and nothing else."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from fake_idp.secrets.redact import PLACEHOLDER
from fake_idp.secrets.secret_names import KINDS, kind_of

# The words of a name that make its value a secret; what else `kind_of` takes for one is often a switch on a command
# line: --compass, --tokenizer, --session-name.
_TELLING = re.compile(
    r"pass|passwd|password|passphrase|pwd|pw|secret|token|jwt|bearer|authorization|credentials?|cookie|assertion"
    r"|(?:db|my|user|smtp|http|admin)?pass(?:word|wd)?|(?:api|access|auth|private|secret|client|consumer|subscription)key"
    r"|(?:access|refresh|id|auth|bearer|api|session)token|clientsecret|appsecret|kennwort",
    re.IGNORECASE,
)
_KEYS = re.compile(r"(?:api|access|auth|private|secret|consumer|subscription)[-_. ]?key", re.IGNORECASE)
# What such a name says of something else: where the secret is, what it is called, whether it is asked for.
_ABOUT = re.compile(
    r"no|skip|ask|prompt|without|max|min|len|length|size|count|num|number|limit|file|path|dir|folder|stdin|fd|env|var|cmd"
    r"|command|name|id|type|store|helper|manager|provider|format|algorithm|mode|url|uri|endpoint|host|port|ttl|expiry"
    r"|timeout|policy|rotation|check|through|jar|cache|location|alias|scope|audience|issuer|method|header",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# --name=value, -Dname=value, /p:Name=value, NAME=value, and name=value in a form or a query.
_OPTION = re.compile(r"(?:--?|/)(?:[pD]:?(?=[\w.-]+[=:]))?([A-Za-z][\w.-]*)\Z")
_JOINED = re.compile(r"(?:^|[?&;\s\"'])(?:--?|/)?(?:[pD]:)?-?([A-Za-z][\w.-]*)(=|:(?!//))([\"']?)([^&\s\"';]+)")
_HEADER = re.compile(
    r"(?:--?[\w-]+=)?([A-Za-z][\w-]*):\s*(?:(?:basic|bearer|token|apikey)\s+)?(\S.*?)\s*\Z", re.IGNORECASE | re.DOTALL
)
_SCHEME = re.compile(r"(?:basic|bearer)\s+(\S+)\s*\Z", re.IGNORECASE)
_USERINFO = re.compile(r"://([^/?#@:\s]*):([^/?#@\s]+)@")
_JWT = re.compile(r"eyJ[\w-]{10,}\.[\w-]+\.[\w-]*")
_USERS = frozenset({"-u", "--user", "--username", "--login", "-U", "--proxy-user"})
# Of these -p is the password; of others it is the port, the path or the project.
_DATABASES = re.compile(r"(?:mysql|mariadb|sshpass)\w*(?:\.exe)?", re.IGNORECASE)
_SHELL_WORD = re.compile(r"(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\s\"'])+")
# What stands for something else: {password}, $VAR, %VAR%, @file, -.
_REFERENCE = re.compile(r"\{[\w-]+\}|\$\{?[\w:]+\}?|\$\(.*\)|%\w+%|\{\{.*\}\}|@.*|-|<[^>]*>", re.DOTALL)
_NUMBER, _PORT = re.compile(r"\d{1,4}"), re.compile(r"[\d.:]+(?:/\w+)?")
_SWITCH = re.compile(r"true|false|yes|no|on|off|none|null|auto|prompt|ask|always|never|basic|bearer", re.IGNORECASE)
_PATH = re.compile(
    r"(?:\.{0,2}|~|[A-Za-z]:)[/\\][^\n]*|[\w.-]+\.(?:json|ya?ml|toml|txt|py|js|ts|pem|key|crt|env|ini|cfg|conf)"
)
# -phunter2: what no single word would be.
_SHORT = re.compile(r"-p(?=.*[A-Za-z])(?=.*\d)([^\s=/\\:.]{5,})")


class Spot(NamedTuple):
    """A secret: in which word it stands, from where to where, and its kind."""

    word: int
    start: int
    end: int
    kind: str


def spots(words: Sequence[str]) -> list[Spot]:
    """Give where secrets stand in the words of a command, in order; those that overlap an earlier one are left out."""
    found = sorted({spot for spot in _spots(words) if spot.start < spot.end}, key=lambda spot: (*spot[:2], -spot.end))
    kept: list[Spot] = []
    for spot in found:
        if not kept or kept[-1].word != spot.word or spot.start >= kept[-1].end:
            kept.append(spot)
    return kept


def secrets_in(words: Sequence[str]) -> list[tuple[str, str]]:
    """Give the secrets in a command: kind, value."""
    return [(spot.kind, words[spot.word][spot.start : spot.end]) for spot in spots(words)]


def shown(words: Sequence[str], stand_in: Callable[[str, str], str]) -> tuple[str, ...]:
    """Give a command anew, with what `stand_in` gives for kind and value of each secret."""
    new = list(words)
    for spot in reversed(spots(words)):
        word = new[spot.word]
        new[spot.word] = word[: spot.start] + stand_in(spot.kind, word[spot.start : spot.end]) + word[spot.end :]
    return tuple(new)


def _spots(words: Sequence[str]) -> Iterator[Spot]:
    for index, word in enumerate(words):
        for start, end, kind in _in_word(word):
            yield Spot(index, start, end, kind)
        short = word[:2] == "-p" and len(word) > 2 and not _PORT.fullmatch(word[2:]) and not _stays(word[2:])
        if short and index and (_SHORT.fullmatch(word) or _is_database(words[:index])):
            yield Spot(index, 2, len(word), "password")
        following = words[index + 1] if index + 1 < len(words) else None
        if following is not None:
            for start, end, kind in _behind(words, index, following):
                yield Spot(index + 1, start, end, kind)
        if " " in word and index:
            yield from _in_line(word, index)


def _in_line(word: str, index: int) -> Iterator[Spot]:
    """Look into a word that is a command line itself: sh -c '…'."""
    matches = list(_SHELL_WORD.finditer(word))
    quoted = [match[0][:1] in "\"'" and match[0][-1:] == match[0][:1] and len(match[0]) > 1 for match in matches]
    parts = [match[0][1:-1] if inside else match[0] for match, inside in zip(matches, quoted, strict=True)]
    if len(parts) < 2:
        return
    for place, start, end, kind in _spots(parts):
        at = matches[place].start() + quoted[place]
        yield Spot(index, at + start, at + end, kind)


def _in_word(word: str) -> Iterator[tuple[int, int, str]]:
    for match in _JWT.finditer(word):
        yield match.start(), match.end(), "access_token"
    for match in _USERINFO.finditer(word):
        if not _stays(match[2]):
            yield match.start(2), match.end(2), "password"
    for match in _JOINED.finditer(word):
        kind = _kind(match[1])
        # A colon is a header's or an option's of Windows, and parts a host from its port.
        if kind is not None and not _stays(match[4]) and not (match[2] == ":" and match[4].startswith("//")):
            yield match.start(4), match.end(4), kind
    header = _HEADER.fullmatch(word)
    if header is not None and (kind := _header_kind(header[1])) and not _stays(header[2]):
        yield header.start(2), header.end(2), kind


def _behind(words: Sequence[str], index: int, value: str) -> Iterator[tuple[int, int, str]]:
    word = words[index]
    whole = (0, len(value))
    if word in _USERS:
        user, colon, password = value.partition(":")
        if colon and not _stays(password) and not _PORT.fullmatch(value):
            yield len(user) + 1, len(value), "password"
        return
    if word == "-p" and _means_password(words, index) and not _stays(value) and not _PORT.fullmatch(value):
        yield (*whole, "password")
    option = _OPTION.fullmatch(word)
    kind = _kind(option[1]) if option is not None and word not in {"-p", "-D"} else None
    if kind is None or _stays(value) or _is_option(value):
        return
    scheme = _SCHEME.match(value)
    yield (*whole, kind) if scheme is None else (scheme.start(1), scheme.end(1), kind)


def _means_password(words: Sequence[str], index: int) -> bool:
    return _is_database(words[:index]) or any(word in _USERS for word in words[:index])


def _is_database(words: Sequence[str]) -> bool:
    return any(_DATABASES.fullmatch(re.split(r"[/\\]", word)[-1]) for word in words)


def _kind(name: str) -> str | None:
    """Tell what kind of secret an option or a variable has by its name; None where it is none."""
    if name.lower() in KINDS and name.lower() not in {"username", "code"}:
        return KINDS[name.lower()]
    parts = _WORDS.findall(name)
    if any(_ABOUT.fullmatch(part) for part in parts):
        return None
    telling = any(_TELLING.fullmatch(part) for part in parts) or _TELLING.fullmatch(name) or _KEYS.search(name)
    return (kind_of(name) or "secret") if telling else None


def _header_kind(name: str) -> str | None:
    return "access_token" if name.lower() in {"authorization", "proxy-authorization"} else _kind(name)


def _is_option(word: str) -> bool:
    # A password may begin with a dash; what has the form of an option is the next one.
    return re.fullmatch(r"--?[A-Za-z][\w-]*(=.*)?", word, re.DOTALL) is not None


def _stays(value: str) -> bool:
    """Whether a value is none of its own: it stands for another, switches something, or is a mark already."""
    if not value.strip("\"'*•.… ") or PLACEHOLDER.fullmatch(value):
        return True
    return any(form.fullmatch(value) for form in (_REFERENCE, _SWITCH, _PATH, _NUMBER))
