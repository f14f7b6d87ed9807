"""Stand-ins by their numbers, as tests expect them."""

from fake_idp.secrets.patterns import SHORTEST_PREFIX
from fake_idp.secrets.stand_in import Told, stand_in


def usual(number: int, special: str = "") -> str:
    """Give what stands for a value of usual length, with these characters that encoders break."""
    return stand_in(Told(SHORTEST_PREFIX, special=special), number)


def short(number: int, special: str = "") -> str:
    """Give what stands for a value of less than twelve characters."""
    return stand_in(Told(1, special=special), number)
