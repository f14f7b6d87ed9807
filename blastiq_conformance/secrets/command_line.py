r"""Secrets in the words of a command, which is shown to be run again: what its own names call one, and nothing else.

A command is searched as one text with a NUL between its words, as Linux keeps it, and once more as a shell would read
its words: there a blank stands as NUL, and a quotation mark as \x01.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from blastiq_conformance.evidence.parameters import is_template
from fake_idp.secrets.secret_names import NOTHING, kind_of

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# The words of a name that make its value a secret; what else `kind_of` takes for one is often a switch on a command
# line: --compass, --tokenizer, --session-name.
_TELLING = re.compile(
    r"\A(?:pin|code-verifier|device-code)\Z"
    r"|\b(?:\w*(?:passw(?:or)?d|passphrase|pwd|secret|token|kennwort)|(?:db|my|user|smtp|http|admin)?pass|pw|jwt|bearer"
    r"|authorization|credentials?|cookie|assertion"
    r"|(?:api|access|auth|private|secret|client|consumer|subscription)-?key)\b"
)
# Such a name says something else of a secret: whether it is asked for; where it is, what it is called.
_ABOUT = re.compile(
    r"\b(?:no|skip|ask|prompt|without|max|min|check)-"
    r"|-(?:len|length|size|count|num|number|limit|file|path|dir|folder|stdin|fd|env|var|cmd|command|name|id|type|store"
    r"|helper|manager|provider|format|algorithm|mode|url|uri|endpoint|host|port|ttl|expiry|timeout|policy|rotation"
    r"|check|prompt|through|jar|cache|location|alias|scope|audience|issuer|method|header)\b"
)

_NAME, _VALUE = r"(?P<name>[A-Za-z][\w.-]*)", r"(?P<value>[^\0\x01]+(?:\x01+[^\0\x01]+)*)"
_SCHEME = r"(?:(?i:basic|bearer|token|apikey)\s+(?=\S))?"
_USER = r"\0(?:-[uU]|--user(?:name)?|--login|--proxy-user)(?=[\0=])"
# Of these -p is the password; of others it is the port, the path or the project.
_DATABASE = r"[\0/\\](?:mysql|mariadb|sshpass)\w*(?:\.exe)?(?=\0)"
_NO_PORT = r"\x01?(?![\d.:]+(?:/\w+)?[\0\x01])"
# What stands somewhere before, the secret with its name, and its kind where no name tells it.
_PATTERNS = tuple(
    (re.compile(before), re.compile(pattern), kind)
    for before, pattern, kind in (
        # --name=value, -Dname=value, /p:Name=value, --name value; what has the form of an option is the next one.
        ("", rf"[\0\x01](?:--?|/)(?:D|p:)?{_NAME}(?:=|\0(?!--?[A-Za-z][\w.-]*[=\0]|/))\x01?{_SCHEME}{_VALUE}", ""),
        # /name:value, Name: value in a header, "name": "value" in JSON.
        ("", rf"[\0\x01=]/?{_NAME}\x01?:(?!//)(?:\0?\x01|\s*){_SCHEME}(?P<value>[^\0\x01]+)", ""),
        # NAME=value, also in a form or a query.
        ("", rf"[\0\x01?&;\s](?:--?[\w-]+=)?{_NAME}=\x01?(?P<value>[^\0\x01&;\s\"']+)", ""),
        ("", r"://[^/?#@:\s\0\x01]*:(?P<value>[^/?#@\s\0\x01]+)@", "password"),
        ("", rf"{_USER}[\0=]{_NO_PORT}[^:\0\x01]*:{_VALUE}", "password"),
        (_USER, rf"\0-p\0{_NO_PORT}{_VALUE}", "password"),
        (_DATABASE, rf"\0-p\0?{_NO_PORT}{_VALUE}", "password"),
        # -phunter2: what no single word would be.
        ("", r"\0-p(?=[^\0]*[A-Za-z])(?=[^\0]*\d)(?P<value>[^\s=/\\:.\0\x01]{5,})(?=\0)", "password"),
        ("", r"(?:\b|-p)(?P<value>eyJ[\w-]{10,}\.[\w-]+\.[\w-]*)", "access_token"),
    )
)
_SHELL = re.compile(r"\"((?:[^\"\\\0]|\\[^\0])*)\"|'([^'\0]*)'|[^\S\0]")
# What is not a value: it is masked, stands for something else ($VAR, {password}, @file, -), is a number or a switch,
# or leads somewhere.
_STAYS = re.compile(
    r"[\"'*•.… ]*|\{[\w-]+\}|\$[\w:]+|\$\(.*\)|@.*|-|\d{1,4}"
    r"|(?i:yes|no|on|off|auto|prompt|ask|always|never|basic|bearer)"
    r"|(?:\.{0,2}|~|[A-Za-z]:)[/\\][^\n]*|[\w.-]+\.(?:json|ya?ml|toml|txt|py|js|ts|pem|key|crt|env|ini|cfg|conf)",
    re.DOTALL,
)


def secrets_in(words: Sequence[str]) -> list[tuple[str, str]]:
    """Give the secrets in a command, each once: kind, value."""
    found: dict[tuple[str, str], str] = {}
    shown(words, lambda kind, value: found.setdefault((kind, value), value))
    return list(found)


def shown(words: Sequence[str], stand_in: Callable[[str, str], str]) -> tuple[str, ...]:
    """Give a command anew, with what `stand_in` gives for kind and value of each secret."""
    line = "".join(f"\0{word}" for word in words) + "\0"
    pieces: list[str] = []
    end = 0
    as_read = _SHELL.sub(lambda match: f"\x01{match[match.lastindex]}\x01" if match.lastindex else "\0", line)
    spots = (*_spots(as_read), *_spots(line))
    for start, stop, kind in sorted(spots, key=lambda spot: (spot[0], -spot[1])):
        if stop > end:
            begin = max(start, end)
            pieces += (line[end:begin], stand_in(kind, line[begin:stop]))
            end = stop
    parts = iter("".join((*pieces, line[end:-1])).split("\0")[1:])
    return tuple("\0".join(islice(parts, word.count("\0") + 1)) for word in words)


def _spots(line: str) -> Iterator[tuple[int, int, str]]:
    for before, pattern, kind in _PATTERNS:
        lead = before.search(line)
        for match in pattern.finditer(line, lead.end()) if lead else ():
            told = kind or _kind(match["name"])
            if told and not _stays(match["value"]):
                yield *match.span("value"), told


def _stays(value: str) -> bool:
    return value.lower() in NOTHING or is_template(value) or _STAYS.fullmatch(value) is not None


def _kind(name: str) -> str:
    """Tell what kind of secret an option or a variable has by its name; empty where it is not one."""
    words = "-".join(_WORDS.findall(name)).lower()
    return (kind_of(name) or "secret") if _TELLING.search(words) and not _ABOUT.search(words) else ""
