"""Who stands behind the connections that a proxy makes: it looks when they come in, and hands on what it saw."""

from fake_idp.http.port import Address, Identify


class Passage:
    """The names of clients, from the proxy that lets them in to the fake that asks who they are."""

    def __init__(self, identify: Identify) -> None:
        """Ask this who connects to the proxy."""
        self.identify = identify
        self._names: dict[int, str] = {}

    def hand_on(self, port: int, name: str) -> None:
        """Remember for whom the proxy connects from a port of its own, before it does."""
        self._names[port] = name

    def named(self, peer: Address, _here: Address) -> str:
        """Name who stands behind a connection of the proxy's; empty for any other."""
        return self._names.pop(peer[1], "")
