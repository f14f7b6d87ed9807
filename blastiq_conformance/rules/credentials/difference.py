"""Where a credential of the kit's own was changed: the characters that differ, without the random part."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from blastiq_conformance.evidence.credential import SPECIAL_CHARACTERS, TIDIED, Credential, Defect
from blastiq_conformance.evidence.facts import Facts
from blastiq_conformance.evidence.special_characters import CANARY, CANARY_LENGTH, COMBINED, ONE_BY_ONE, Given

# Their result follows from what was given; any other change may bring text from elsewhere.
_KNOWN = TIDIED | {
    Defect.TRUNCATED,
    Defect.PLUS_AS_SPACE,
    Defect.PERCENT_DECODED,
    Defect.DOUBLE_ENCODED,
    Defect.SHORTENED,
}
_BESIDE, _LONGEST, _MOST = 3, 8, 3
_NAMES = {" ": "space", "\t": "tab"}


def difference(facts: Facts, credential: Credential) -> str:
    """Give "…a[space]b where …a[+]b was given"; nothing where this is not the kit's own text, in a known change."""
    template, given, sent = _template(credential.name, facts), credential.given, credential.sent
    if given is None or sent is None or credential.defect not in _KNOWN or CANARY not in template:
        return ""
    random = rf"([A-Za-z0-9]{{{CANARY_LENGTH}}})"
    match = re.fullmatch(random.join(map(re.escape, template.split(CANARY))), given)
    if match is None:
        return ""
    # The random part tells nothing, and would differ from run to run.
    there, here = given.replace(match[1], "…"), re.sub(match[1], "…", sent.value, flags=re.IGNORECASE)
    return ", ".join(_places(there, here)) if "…" in here else ""


def _template(name: str, facts: Facts) -> str:
    if facts.scenario != SPECIAL_CHARACTERS:
        return ""
    given = COMBINED.get(facts.variant) or ONE_BY_ONE.get(facts.variant) or Given()
    return (given.username if name == "username" else given.password) or ""


def _places(given: str, sent: str) -> Iterator[str]:
    changes = [x for x in SequenceMatcher(None, given, sent, autojunk=False).get_opcodes() if x[0] != "equal"]
    for _, start, end, sent_start, sent_end in changes[:_MOST]:
        yield f"{_marked(sent, sent_start, sent_end)} where {_marked(given, start, end)} was given"
    if len(changes) > _MOST:
        yield f"and so at {len(changes) - _MOST} more places"


def _marked(text: str, start: int, end: int) -> str:
    before, behind = text[max(0, start - _BESIDE) : start], text[end : end + _BESIDE]
    return f"{before}[{_spelled(text[start:end])}]{behind}"


def _spelled(text: str) -> str:
    """Spell what looks alike: blanks by name, characters beyond ASCII by number."""
    shown = [_NAMES.get(c, c if c.isascii() else f"U+{ord(c):04X}") for c in text[:_LONGEST]]
    shown += ["…"] * (len(text) > _LONGEST)
    return (" " if any(len(word) > 1 for word in shown) else "").join(shown)
