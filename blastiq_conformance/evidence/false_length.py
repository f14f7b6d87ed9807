"""A Content-Length that was false before a redaction: beside a mark it would be taken for that of the body as it was.

What redacts fits the length to the body, and a false one stays as far off; a zero before it says that it is meant so.
"""

_LONGEST = 18


def is_number(length: str) -> bool:
    """Whether a length is one that may be compared with that of a body."""
    return length.isdecimal() and len(length) <= _LONGEST


def is_noted(length: str) -> bool:
    """Whether a redaction noted that this length was false: no client writes a zero before it."""
    return length[:1] == "0" and len(length) > 1 and length.isdecimal()


def fit(length: str, before: int, after: int, *, tell: bool) -> str:
    """Give the length beside a body of another size; `tell` says that a false one is noted, if it was not before."""
    if not is_number(length):
        return length
    new = str(max(0, int(length) + after - before))
    return f"0{new}" if is_noted(length) or (tell and int(length) != before) else new
