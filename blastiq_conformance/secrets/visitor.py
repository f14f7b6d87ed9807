"""What is shown each place of a message, and says what is to stand there."""


class Visitor:
    """Answers for each place; by itself it only looks, and gives back what stands there."""

    def secret(self, kind: str, value: str, raw: bytes = b"", *, cut: bool = False) -> str:  # noqa: ARG002 - for those who replace it
        """Answer for a secret by its place, as it was decoded from `raw`; `cut` is what is left of one."""
        return value

    def token(self, value: str) -> str:
        """Answer for credentials in a header, with whatever a client put around them."""
        return self.secret("access_token", value)

    def packed(self, credentials: str) -> None:
        """Take note of a name and a password as Basic packs them; both are shown by themselves."""

    def odd_one(self, kind: str, value: str) -> str:
        """Answer for a value that is a secret by its name alone."""
        return self.secret(kind, value)

    def text(self, value: str, *, short: bool = True) -> str:  # noqa: ARG002 - for those who replace it
        """Answer for any other text; where it is not `short`, a short secret is met in it by chance."""
        return value

    def is_client(self, value: str) -> bool:  # noqa: ARG002 - for those who know
        """Whether a value is the id of a client, or otherwise known to everybody."""
        return False

    def is_kept(self, value: str) -> bool:  # noqa: ARG002 - for those who know
        """Whether a value stays because the kit issued it."""
        return False

    def is_known(self, value: str) -> bool:  # noqa: ARG002 - for those who know
        """Whether a value is a secret that was seen before."""
        return False
