"""Sends no token before it is asked for one, as HTTP libraries with credentials of their own do."""

import os

from tests.clients.flawed.mutants.core import Answer, BlastiqError, Client


class Challenged(Client):
    """The first call goes without a token; the 401 leads to the sign-in, and the call is repeated with one."""

    def run(self) -> None:
        if not (self.username and self.password):
            raise BlastiqError("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
        self.endpoint = self.discover()
        self.work()

    def get_api(self) -> Answer:
        if not self.tokens:
            answer = self.send("GET", self.api_url)
            if answer.status != 401:
                return answer
            self.sign_in()
        return super().get_api()


if __name__ == "__main__":
    Challenged(os.environ).main()
