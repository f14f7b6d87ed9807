"""Text of anybody's, made fit to be printed: it steers no terminal, and no CI system takes it for a command.

Whatever a peer sent, a file holds or is called passes here before people, or what reads along with them, see it.
"""

import re

# Control characters, those that turn the direction of writing, and halves of surrogate pairs, which no encoding has a
# place for: traffic is hostile until shown plain.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
# GitHub takes a line for a command that begins with :: after any white space, and wrapping begins lines at white space;
# its older ##[…], and ##vso[…] and ##teamcity[…] of others, are taken anywhere.
COMMAND = re.compile(r"(?<!\S):(?=:)|#(?=#[A-Za-z]*\[)")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def plain(text: str) -> str:
    """Give a text as one line, what would steer its reader shown as escapes."""
    return _disarmed(CONTROL.sub(_escape, text))


def tame(text: str) -> str:
    """Give a text of several lines so: new lines and tabs stay."""
    return _disarmed(CONTROL.sub(lambda match: match[0] if match[0] in "\n\t" else _escape(match), text))


def _disarmed(text: str) -> str:
    return COMMAND.sub(_escape, text) if "::" in text or "##" in text else text


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    return _SHORT.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")
