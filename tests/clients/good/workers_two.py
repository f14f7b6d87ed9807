"""Two workers of one process with a token each: one that the API refuses twice gives up, and the other goes on."""

import os

from tests.clients.good.workers_four import Workers


class TwoWorkers(Workers):
    """They share the jobs and the pace."""

    count = 2

    def stopped(self) -> bool:
        return any("401" not in str(problem) for problem in self.problems)


if __name__ == "__main__":
    TwoWorkers(os.environ).main()
