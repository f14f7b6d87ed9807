"""Flaws in what follows a renewal (M74 to M76)."""

import time

from tests.clients.flawed.mutants.core import Answer, Client


class M74(Client):
    """A list of headers outlives its call: after a renewal the old Authorization header is sent beside the new one."""

    before: tuple[str, ...] = ()

    def renew(self) -> None:
        self.before += (self.tokens["access_token"],)
        super().renew()

    def get_api(self) -> Answer:
        tokens = (*self.before, self.tokens["access_token"])
        return self.deliver("GET", self.api_url, b"", [("Authorization", f"Bearer {token}") for token in tokens])


class M75(Client):
    """Two workers with a copy each of one pair of tokens."""

    def work(self) -> None:
        copies = [self.tokens.copy(), self.tokens.copy()]
        for call in range(self.calls):
            time.sleep(1 if call else 0)
            self.tokens = copies[call % 2]
            self.call()
            copies[call % 2] = self.tokens


class M76(Client):
    """A 401 renews the token for the next call, and the call that met it is dropped."""

    def get_api(self) -> Answer:
        answer = super().get_api()
        if answer.status != 401:
            return answer
        self.renew()
        return Answer(200, b"")
