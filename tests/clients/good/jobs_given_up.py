"""Jobs of one process: one that the API refuses twice is given up, and the next one begins with a new sign-in."""

import os
import time

from tests.clients.flawed.mutants.core import BlastiqError, Client


class Jobs(Client):
    """The token is shared by all jobs, and dropped by the one that it failed; a second lies before each call."""

    def work(self) -> None:
        given_up = []
        for job in range(self.calls):
            if not self.tokens:
                self.sign_in()
            time.sleep(1 if job else 0)
            try:
                self.call()
            except BlastiqError as problem:
                if "401" not in str(problem):
                    raise
                self.tokens = {}
                given_up.append(problem)
        if given_up:
            raise given_up[0]


if __name__ == "__main__":
    Jobs(os.environ).main()
