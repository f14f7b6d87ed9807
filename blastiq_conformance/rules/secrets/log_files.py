"""Which of the files that an integration wrote are logs, and not caches or configuration: by name, else by content.

A log is for the operators of a program, and no permissions make up for a secret in it (BIQ701). A cache holds the token
by design, and a configuration the password: they only need permissions (BIQ705). A file is a log by its name (`.log`,
`.out`, a word such as log, trace or debug, a folder `log`), unless the name says something else (token, cache …); or
by a line as a logger writes it: one that begins with a time or a level and says something, a line of JSON that has a
message beside a time or a level, or the first line of an HTTP request. A time with nothing but a token is what a cache
keeps, and a file with NUL bytes is not text.
"""

import re
from pathlib import PurePath

from blastiq_conformance.evidence import WrittenFile
from fake_idp.wire import parse_json

_ENDINGS = re.compile(r"\.(log|out|err|trace)(\.\d+|[-.]\d{4}-?\d\d-?\d\d)?$", re.IGNORECASE)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LOGS = frozenset({"log", "logs", "logfile", "trace", "debug", "audit", "stdout", "stderr", "syslog"})
_OTHERS = frozenset(
    {"token", "tokens", "cache", "credential", "credentials", "session", "secret", "secrets", "auth", "config"}
    | {"settings", "state", "store", "cookie", "cookies", "env", "netrc", "keyring"}
)
_FOLDERS = frozenset({"log", "logs"})

_DATE = r"\d{4}[-/.]\d\d[-/.]\d\d|\d\d[-/.](?:\d\d|[A-Z][a-z]{2})[-/.]\d{4}|(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} +\d{1,2}"
_TIME = rf"(?:(?:{_DATE})[T :,]*)?\d\d:\d\d(?::\d\d)?\S*|(?:{_DATE})(?=\s)|1\d{{9}}(?:[.,]?\d{{3,9}})?"
_LEVEL = r"TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL|FINE(?:ST|R)?"
_OPENED, _CLOSED = r"[\s\[(<]*", r"[\])>,:]*"
_TIMED = re.compile(rf"{_OPENED}(?:{_TIME}){_CLOSED}")
# `DEBUG:app:…`, `[info] …`, `level=info …`; not `DEBUG=1`, which is a setting.
_LEVELLED = re.compile(rf"{_OPENED}(?i:level=)?(?i:{_LEVEL})(?:[\]:|>)]|\s+(?![=\s])){_CLOSED}")
# Nor `debug: false`, in YAML.
_SETTING = re.compile(r"\s*[^\s=]+\s*$")
_SAYS = re.compile(r"[A-Za-z]{2}")
# The length of a token: no word of a sentence is so long.
_LONG = 24
_UNREADABLE = re.compile(rf"\S{{{_LONG},}}")
_REQUEST = re.compile(r"(?:GET|POST|PUT|DELETE) \S+ HTTP/[12](?:\.[01])?\b")
_SAID = frozenset({"msg", "message", "event", "text"})
_WHEN = frozenset({"level", "severity", "levelname", "lvl", "time", "timestamp", "ts", "@timestamp", "date", "asctime"})


def is_log(file: WrittenFile) -> bool:
    """Whether a file is a log."""
    path = PurePath(file.path)
    words = {word.lower() for word in _WORDS.findall(path.name)}
    # Databases have such files too: LevelDB, in which browsers keep what pages store, writes 000003.log.
    if b"\0" in file.content:
        return False
    if _ENDINGS.search(path.name):
        return True
    if not words & _OTHERS and (words & _LOGS or path.parent.name.lower() in _FOLDERS):
        return True
    text = file.content.decode("utf-8", "replace")
    if text.startswith("[") and parse_json(text.encode()) is not None:
        return False
    return any(map(_is_logged, text.splitlines()))


def _is_logged(line: str) -> bool:
    """Whether a logger writes such lines."""
    if line.startswith("{"):
        return _is_record(line)
    if _REQUEST.search(line):
        return True
    if timed := _TIMED.match(line):
        return _says_something(line[timed.end() :])
    levelled = _LEVELLED.match(line)
    rest = line[levelled.end() :] if levelled else ""
    return _says_something(rest) and not _SETTING.match(rest)


def _says_something(text: str) -> bool:
    return bool(_SAYS.search(_UNREADABLE.sub(_named, text)))


def _named(match: re.Match[str]) -> str:
    # Keep the name of `token=eyJ…`; the = at the end of base64 does not separate anything.
    name, mark, _ = match[0].partition("=")
    return name if mark and len(name) < _LONG else ""


def _is_record(line: str) -> bool:
    record = parse_json(line.encode())
    return isinstance(record, dict) and bool(_SAID & record.keys()) and bool(_WHEN & record.keys())
