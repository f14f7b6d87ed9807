"""Untrusted text made safe to print: it steers no terminal, and no CI system takes it for a command.

Whatever a peer sent, and what files hold or are called, passes here before people or a CI system see it.
"""

import re

# Control characters, those that change the direction of writing, and halves of surrogate pairs, which no encoding can
# represent: traffic is hostile until it is shown plain.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
# GitHub reads a line as a command if it begins with :: after any white space, and wrapping begins lines at white space;
# its older ##[…], and ##vso[…] and ##teamcity[…] of others, are read anywhere.
COMMAND = re.compile(r"(?<!\S):(?=:)|#(?=#[A-Za-z]*\[)")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def plain(text: str) -> str:
    """Give a text as one line, with escapes for what would steer its reader."""
    return _disarmed(CONTROL.sub(_escape, text))


def tame(text: str) -> str:
    """Give a text of several lines likewise: new lines and tabs stay."""
    return _disarmed(CONTROL.sub(lambda match: match[0] if match[0] in "\n\t" else _escape(match), text))


def _disarmed(text: str) -> str:
    return COMMAND.sub(_escape, text) if "::" in text or "##" in text else text


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    return _SHORT.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")
