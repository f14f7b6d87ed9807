"""Every door through which a file comes in, with small files for it and what becomes of them."""

from tests.judge.doors.door import DOORS, Door
from tests.judge.doors.mutation import mutated

__all__ = ["DOORS", "Door", "mutated"]
