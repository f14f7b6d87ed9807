"""The live server of one test: addresses, the environment for a subprocess, the journal, and its controls."""

import os
import tempfile
import time
from pathlib import Path

from blastiq_conformance.control.selection import start
from blastiq_conformance.plugin.door import Door
from blastiq_conformance.runner.contract import Contract, environment
from blastiq_conformance.runner.scenario_run import that_matters
from blastiq_conformance.runner.target import Home, Target
from blastiq_conformance.scenarios import scenarios
from fake_idp.faults import Fault
from fake_idp.http.server import Server


class LiveServer:
    """One fake on a loopback port of its own, on the server that the session shares."""

    def __init__(self, server: Server, door: Door) -> None:
        """Open the port; it answers when this returns."""
        self._door = door
        # The fake itself, the Service User that can sign in, and what was recorded so far.
        self.idp, self.user, self.journal = door.idp, door.user, door.idp.journal
        self._listener = door.controller.open(server)
        lag, opened = server.lag, time.monotonic()
        door.held_up = lambda: that_matters(lag.since(opened))

    @property
    def authority(self) -> str:
        """The authority, without trailing slash."""
        return self._listener.authority

    @property
    def api_url(self) -> str:
        """The URL to GET with the bearer token."""
        return self._listener.api_url

    @property
    def env(self) -> dict[str, str]:
        """The whole environment for a subprocess: this process' own, with the contract of `blastiq run`."""
        scenario = scenarios().get(self.idp.scenario)
        contract = Contract(
            authority=self.authority,
            token_url=self._listener.token_url,
            api_url=self.api_url,
            client_id=self.idp.config.client_id,
            username=self.user.username,
            password=self.user.password,
            api_calls=scenario.api_calls if scenario else 1,
        )
        here = Path(tempfile.gettempdir())
        # It is unknown when the subprocess ends, so a HOME of its own could not be removed.
        target = Target(command=(), home=Home.INHERIT)
        return environment(target, contract, inherited=os.environ, scratch=here, home=here, marker="")

    def scenario(self, slug: str, variant: str = "") -> None:
        """Bend the fake as a scenario does from now on; its traffic is judged by the rules of that scenario.

        Tokens stay valid. Raises ValueError for an unknown scenario or variant.
        """
        start(self._door.controller, slug, variant)

    def expire_tokens(self) -> None:
        """Expire every access token that was issued so far: the API answers 401."""
        self.idp.expire_tokens()

    def fault(self, fault: Fault) -> None:
        """Add a fault; its calls are counted from now on."""
        self.idp.add_fault(fault)

    def clear_faults(self) -> None:
        """Remove all faults, those of a scenario included."""
        self._door.controller.clear_faults()

    def close(self) -> None:
        """Close its ports and their connections."""
        self._door.controller.close()
