"""What is shown each place of a message, and says what is to stand there."""

from typing import Protocol


class Visitor(Protocol):
    """Answers for each place; whoever only reads gives back what stands there."""

    def secret(self, kind: str, value: str, raw: bytes = b"", *, cut: bool = False) -> str:
        """Answer for a secret by its place, as it was decoded from `raw`; `cut` is what is left of one."""

    def token(self, value: str) -> str:
        """Answer for credentials in a header, with whatever a client put around them."""

    def packed(self, credentials: str) -> None:
        """Take note of a name and a password as Basic packs them."""

    def odd_one(self, kind: str, value: str) -> str:
        """Answer for a value that is a secret by its name alone."""

    def text(self, value: str, *, short: bool = True) -> str:
        """Answer for a text that is not a secret by its place."""

    def rest(self, text: str) -> str:
        """Answer for a text of which each place was shown."""

    def is_public(self, value: str) -> bool:
        """Whether a value is the id of a client, or otherwise known to everybody."""

    def is_kept(self, value: str) -> bool:
        """Whether a value stays because the kit issued it."""

    def is_known(self, value: str) -> bool:
        """Whether a value is a secret that was seen before."""
