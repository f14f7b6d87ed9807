"""The error for a file that cannot be read as evidence."""

from collections.abc import Iterator
from contextlib import contextmanager

READABLE = (
    "a journal of `blastiq serve --journal`, a HAR 1.2 file, a cassette of VCR, a Postman collection or Newman export, "
    "curl lines or curl's own trace, or a .http file"
)


class SourceError(Exception):
    """A file that cannot be read as evidence: which file, the place in it, what is wrong and what to do."""

    def __init__(self, file: str, place: str, what: str, advice: str) -> None:
        """Put the four parts into one line."""
        self.file, self.place, self.what, self.advice = file, place, what, advice
        super().__init__(f"{file}{', ' if place else ''}{place}: {what}; {advice}")

    def __reduce__(self) -> tuple[type["SourceError"], tuple[str, str, str, str]]:
        # One process finds it, another one reports it.
        return SourceError, (self.file, self.place, self.what, self.advice)


@contextmanager
def placed(file: str, place: str, advice: str) -> Iterator[None]:
    """Turn a ValueError, which says what is wrong, into a SourceError that also says where."""
    try:
        yield
    except ValueError as error:
        raise SourceError(file, place, str(error), advice) from None
