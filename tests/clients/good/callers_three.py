"""Three callers who share a token and a pace: who is refused with a token that was replaced takes the new one."""

import os
import threading
import time

from tests.clients.flawed.mutants.connection import GarbledError
from tests.clients.flawed.mutants.core import Answer, BlastiqError, Client


class Callers(Client):
    """Each has its token in hand while it waits for its turn."""

    def work(self) -> None:
        self.jobs, self.due = list(range(self.calls)), 0.0
        self.turn, self.renewing = threading.Lock(), threading.Lock()
        self.problems: list[Exception] = []
        threads = [threading.Thread(target=self.serve) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.problems:
            raise self.problems[0]

    def serve(self) -> None:
        try:
            while not self.problems and self.jobs and self.jobs.pop() >= 0:
                self.call()
        except (BlastiqError, OSError, GarbledError) as problem:
            self.problems.append(problem)

    def call(self) -> None:
        token = self.current("")
        answer = self.ask_api(token)
        if answer.status == 401:
            answer = self.ask_api(self.current(token))
        if answer.status != 200:
            raise BlastiqError(f"the API answered {answer.status}")

    def current(self, refused: str) -> str:
        with self.renewing:
            if self.tokens["access_token"] == refused:
                self.renew()
            return str(self.tokens["access_token"])

    def ask_api(self, token: str) -> Answer:
        with self.turn:
            time.sleep(max(self.due - time.monotonic(), 0))
            if self.problems:
                raise self.problems[0]
            answer = self.send("GET", self.api_url, headers={"Authorization": f"Bearer {token}"})
            self.due = time.monotonic() + 1
            if answer.status not in {200, 401}:
                self.problems.append(BlastiqError(f"the API answered {answer.status}"))
        return answer


if __name__ == "__main__":
    Callers(os.environ).main()
