"""Secrets in the words of a command, which is shown to be run again: what its own names call one, and nothing else."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from fake_idp.secrets.secret_names import KINDS, kind_of

_StandIn: TypeAlias = Callable[[str, str], str]

# The words of a name that make its value a secret; what else `kind_of` takes for one is often a switch on a command
# line: --compass, --tokenizer, --session-name.
_TELLING = re.compile(
    r"pass|passwd|password|passphrase|pwd|pw|secret|token|jwt|bearer|authorization|credentials?|cookie|assertion"
    r"|(?:db|my|user|smtp|http|admin)?pass(?:word|wd)?|(?:access|refresh|id|auth|bearer|api|session)token"
    r"|clientsecret|appsecret|kennwort",
    re.IGNORECASE,
)
_KEYS = re.compile(r"(?:api|access|auth|private|secret|client|consumer|subscription)[-_. ]?key", re.IGNORECASE)
# What such a name says of something else: where the secret is, what it is called, whether it is asked for.
_ABOUT = re.compile(
    r"no|skip|ask|prompt|without|max|min|len|length|size|count|num|number|limit|file|path|dir|folder|stdin|fd|env|var|cmd"
    r"|command|name|id|type|store|helper|manager|provider|format|algorithm|mode|url|uri|endpoint|host|port|ttl|expiry"
    r"|timeout|policy|rotation|check|through|jar|cache|location|alias|scope|audience|issuer|method|header",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# What a word itself calls a secret, with its kind where no name tells it: https://user:value@host; --name=value,
# -Dname=value, /p:Name=value, NAME=value, and name=value in a form or a query; Name: value in a header; a JWT.
_INSIDE = (
    (re.compile(r"://[^/?#@:\s]*:(?P<value>[^/?#@\s]+)@"), "password"),
    (
        re.compile(
            r"(?:^|[?&;\s\"'])(?:--?|/)?(?:[pD]:)?-?(?P<name>[A-Za-z][\w.-]*)"
            r"(?:=|:(?!//))[\"']?(?P<value>[^&\s\"';]+)"
        ),
        None,
    ),
    (
        re.compile(
            r"\A(?:--?[\w-]+=)?(?P<name>[A-Za-z][\w-]*):\s*(?:(?:basic|bearer|token|apikey)\s+)?(?P<value>\S.*?)\s*\Z",
            re.IGNORECASE | re.DOTALL,
        ),
        None,
    ),
    (re.compile(r"(?P<value>eyJ[\w-]{10,}\.[\w-]+\.[\w-]*)"), "access_token"),
)
# What the word before makes of a word: --name value, -u user:value, -p value.
_OPTION = re.compile(r"(?:--?|/)(?:[pD]:?(?=[\w.-]+[=:]))?([A-Za-z][\w.-]*)")
_VALUE = re.compile(r"\A(?:(?:basic|bearer)\s+(?=\S+\s*\Z))?(?P<value>.+)\Z", re.IGNORECASE | re.DOTALL)
_OF_USER = re.compile(r"\A[^:]*:(?P<value>.+)\Z", re.DOTALL)
_WHOLE = re.compile(r"\A(?P<value>.+)\Z", re.DOTALL)
_GLUED = re.compile(r"\A-p(?P<value>.+)\Z", re.DOTALL)
_USERS = frozenset({"-u", "--user", "--username", "--login", "-U", "--proxy-user"})
# Of these -p is the password; of others it is the port, the path or the project.
_DATABASES = re.compile(r"(?:.*[/\\])?(?:mysql|mariadb|sshpass)\w*(?:\.exe)?", re.IGNORECASE | re.DOTALL)
# -phunter2: what no single word would be.
_SHORT = re.compile(r"-p(?=.*[A-Za-z])(?=.*\d)([^\s=/\\:.]{5,})")
_PORT = re.compile(r"(?:-p)?[\d.:]+(?:/\w+)?")
# A password may begin with a dash; what has the form of an option is the next one.
_NEXT = re.compile(r"--?[A-Za-z][\w-]*(?:=.*)?", re.DOTALL)
_SHELL_WORD = re.compile(r"(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\s\"'])+")
# What is none of its own: it is masked, stands for something else ({password}, $VAR, %VAR%, @file, -), is a number or
# a switch, or leads somewhere.
_STAYS = re.compile(
    r"[\"'*•.… ]*|\{[\w-]+\}|\$\{?[\w:]+\}?|\$\(.*\)|%\w+%|\{\{.*\}\}|@.*|-|<[^>]*>|\d{1,4}"
    r"|(?i:true|false|yes|no|on|off|none|null|auto|prompt|ask|always|never|basic|bearer)"
    r"|(?:\.{0,2}|~|[A-Za-z]:)[/\\][^\n]*|[\w.-]+\.(?:json|ya?ml|toml|txt|py|js|ts|pem|key|crt|env|ini|cfg|conf)",
    re.DOTALL,
)


def secrets_in(words: Sequence[str]) -> list[tuple[str, str]]:
    """Give the secrets in a command, each once: kind, value."""
    found: dict[tuple[str, str], str] = {}
    shown(words, lambda kind, value: found.setdefault((kind, value), value))
    return list(found)


def shown(words: Sequence[str], stand_in: _StandIn) -> tuple[str, ...]:
    """Give a command anew, with what `stand_in` gives for kind and value of each secret."""
    return tuple(_word(words[:index], word, stand_in) for index, word in enumerate(words))


def _word(before: Sequence[str], word: str, stand_in: _StandIn) -> str:
    for pattern, kind in (*_announced(before, word), *_INSIDE):
        word = pattern.sub(partial(_put, kind, stand_in), word)
    return _line(word, stand_in) if before and " " in word else word


def _put(kind: str | None, stand_in: _StandIn, match: re.Match[str]) -> str:
    value = match["value"]
    told = _kind(match["name"]) if kind is None else kind
    if not told or _STAYS.fullmatch(value):
        return match[0]
    start, end = (place - match.start() for place in match.span("value"))
    return match[0][:start] + stand_in(told, value) + match[0][end:]


def _line(word: str, stand_in: _StandIn) -> str:
    """Look into a word that is a command line itself: sh -c '…'."""
    found = [match[0] for match in _SHELL_WORD.finditer(word)]
    parts = [part[1:-1] if part[0] in "\"'" and part[-1] == part[0] and len(part) > 1 else part for part in found]
    if len(parts) < 2:
        return word
    new = iter(zip(parts, shown(parts, stand_in), strict=True))
    return _SHELL_WORD.sub(lambda match: match[0].replace(*next(new), 1), word)


def _announced(before: Sequence[str], word: str) -> Iterator[tuple[re.Pattern[str], str]]:
    """Give what the words before it make of a word."""
    if not before:
        return
    option, database = before[-1], any(map(_DATABASES.fullmatch, before))
    if not _PORT.fullmatch(word):
        if option in _USERS:
            yield _OF_USER, "password"
        if option == "-p" and (database or _USERS.intersection(before)):
            yield _WHOLE, "password"
        if database or _SHORT.fullmatch(word):
            yield _GLUED, "password"
    name = _OPTION.fullmatch(option)
    if name and option not in {*_USERS, "-p", "-D"} and not _NEXT.fullmatch(word):
        yield _VALUE, _kind(name[1])


def _kind(name: str) -> str:
    """Tell what kind of secret an option or a variable has by its name; empty where it is not one."""
    if name.lower() in KINDS and name.lower() not in {"username", "code"}:
        return KINDS[name.lower()]
    parts = _WORDS.findall(name)
    if any(map(_ABOUT.fullmatch, parts)):
        return ""
    telling = any(map(_TELLING.fullmatch, parts)) or _TELLING.fullmatch(name) or _KEYS.search(name)
    return (kind_of(name) or "secret") if telling else ""
