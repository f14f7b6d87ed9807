"""Four workers of one process with a token each: whoever is free takes the next job, a second after the last one."""

import os
import threading
import time

from tests.clients.flawed.mutants.connection import GarbledError
from tests.clients.flawed.mutants.core import BlastiqError, Client


class Workers(Client):
    """Each worker is a client of its own; they share the endpoint, the jobs, the pace, and what went wrong."""

    count = 4

    def sign_in(self) -> None:
        """Leave that to the workers."""

    def work(self) -> None:
        self.left, self.due, self.turn = self.calls, 0.0, threading.Lock()
        self.problems: list[Exception] = []
        threads = [threading.Thread(target=self.hire) for _ in range(self.count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.problems:
            raise self.problems[0]

    def hire(self) -> None:
        worker = Client(os.environ)
        worker.endpoint = self.endpoint
        serving = True
        while serving:
            with self.turn:
                try:
                    serving = not self.stopped() and self.serve(worker)
                except (BlastiqError, OSError, GarbledError) as problem:
                    self.problems.append(problem)
                    serving = False
            # Whoever has just worked lets the others go first.
            time.sleep(0.1)

    def serve(self, worker: Client) -> bool:
        if not worker.tokens:
            worker.sign_in()
        elif self.left:
            self.left -= 1
            time.sleep(max(self.due - time.monotonic(), 0))
            try:
                worker.call()
            finally:
                self.due = time.monotonic() + 1
        return self.left > 0

    def stopped(self) -> bool:
        return bool(self.problems)


if __name__ == "__main__":
    Workers(os.environ).main()
