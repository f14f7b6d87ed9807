"""What the places of a message are shown to."""

from typing import Protocol


class Words(Protocol):
    """What is asked for each place: the value that is to stand there, the same one where it may stay."""

    def secret(self, kind: str, value: str, raw: bytes = b"", *, cut: bool = False) -> str:
        """Give what stands for a value that is a secret by its place, or for the beginning that is left of one."""

    def token(self, value: str) -> str:
        """Give what stands for credentials in a header, with whatever a client put around them."""

    def odd_one(self, kind: str, value: str) -> str:
        """Give what stands for a value that is a secret by its name alone, if nothing in it is known."""

    def text(self, value: str, *, short: bool = True) -> str:
        """Give a text without the secrets that are known."""

    def rest(self, text: str) -> str:
        """Give a text, of which each place was shown, without what is known and goes beyond its places."""

    def is_public(self, value: str) -> bool:
        """Whether a value is a client id."""

    def is_kept(self, value: str) -> bool:
        """Whether a value stays because the kit issued it."""

    def is_known(self, value: str) -> bool:
        """Whether a value is a secret that was seen before."""
