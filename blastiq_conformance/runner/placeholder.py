"""Placeholders in braces that the kit fills in, in commands and variables; and misspelt ones."""

import re
from collections.abc import Iterable, Mapping

_NAMES = (
    *("authority", "discovery_url", "token_url", "username", "password", "client_id", "api_url", "api_calls"),
    *("concurrency", "ca_file", "proxy"),
)
_USERS = ("username", "password")
# The second user's, the third's, and so on.
_NUMBERED = re.compile(r"(.+?)_?(\d{1,3})")
# A `$` before it makes it a shell's.
_PLACEHOLDER = re.compile(r"(?<!\$)\{([a-z0-9_]+)\}")
_SUSPECT = re.compile(r"\{([A-Za-z][A-Za-z0-9_-]*)\}(?!\})")
# What precedes braces in other languages: ${…} %{…} #{…} @{…} {{…}} \word{…} $hash{…} ->{…}
_OF_ANOTHER_LANGUAGE = re.compile(r"(?:[$%#@\\][\w{}\[\]>-]*|->|\{)$")
# A text with one of these is a program, which names its own variables as it likes.
_PROGRAM = re.compile(r"[(\n]")
_SIGNS = re.compile(r"[^a-z0-9]")
# A word of servers' log formats, one slip from client_id.
_OF_OTHERS = frozenset({"clientip"})
_LONG = 8


class Misspelt(ValueError):  # noqa: N818 - a word is, and the text says which
    """A placeholder that does not exist resembles one that does; the text names both."""


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace names in braces by their values; other braces, and braces in values, stay as they are."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def demand_known(texts: Iterable[str]) -> None:
    """Raise Misspelt for the first word in braces that is nearly a placeholder; all others are not the kit's."""
    for text in texts:
        if _PROGRAM.search(text):
            continue
        for match in _SUSPECT.finditer(text):
            meant = _meant(match[1])
            if meant not in {"", match[1]} and not _OF_ANOTHER_LANGUAGE.search(text[: match.start()]):
                raise Misspelt(
                    f"there is no placeholder {match[0]}; did you mean {{{meant}}}? Braces that are not for the kit go "
                    "into a script that the command starts"
                )


def _meant(word: str) -> str:
    """Give the name that a word is or was meant to be, empty where it resembles none."""
    if numbered := _NUMBERED.fullmatch(word):
        name, number = _nearest(numbered[1], _USERS), int(numbered[2])
        return f"{name}_{number}" if name and number > 1 else name
    return word if word in _NAMES else _nearest(word, _NAMES)


def _nearest(word: str, names: Iterable[str]) -> str:
    bare = _SIGNS.sub("", word.lower())
    if bare in _OF_OTHERS:
        return ""
    # The environment has each name with a prefix.
    forms = ((name, prefix + _SIGNS.sub("", name)) for name in names for prefix in ("", "blastiq"))
    return next((name for name, form in forms if _is_slip(bare, form)), "")


def _is_slip(word: str, name: str) -> bool:
    """Whether the word could be a misspelling of the name."""
    if word == name or _differ_once(word, name):
        return True
    # In a long name a letter may be misplaced, or two may be missing; the ends are rarely wrong.
    if len(name) < _LONG or not word or (word[0], word[-1]) != (name[0], name[-1]):
        return False
    letters = iter(name)
    return sorted(word) == sorted(name) or (len(word) == len(name) - 2 and all(letter in letters for letter in word))


def _differ_once(one: str, other: str) -> bool:
    """Whether they differ only by one added, missing or wrong letter, or by two exchanged ones."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])
