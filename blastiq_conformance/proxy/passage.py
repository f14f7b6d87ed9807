"""The clients behind a proxy's connections: the proxy identifies each when it connects, and passes on its name."""

from fake_idp.http.port import Address, Identify


class Passage:
    """The names of clients, from the proxy that accepts them to the fake that asks for them."""

    def __init__(self, identify: Identify) -> None:
        """Take the function that names a client of the proxy."""
        self.identify = identify
        self._names: dict[int, str] = {}

    def hand_on(self, port: int, name: str) -> None:
        """Remember, before the proxy connects from a port, for which client it does."""
        self._names[port] = name

    def named(self, peer: Address, _here: Address) -> str:
        """Name the client behind a connection of the proxy; empty for any other connection."""
        return self._names.pop(peer[1], "")
