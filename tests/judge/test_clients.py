"""Programs that use real libraries as their documentation shows, run through `blastiq run`: what each must be given.

Here each is played in the scenarios of its row, in the control, and in three more; `tests.clients.prove` plays all.
"""

from pathlib import Path

import pytest

from blastiq_conformance.programs import EXAMPLES
from tests.clients.drawn import drawn
from tests.clients.launch import CLIENTS, command
from tests.clients.programs import CARELESS, FLAWED, GOOD, SHIPPED, Client
from tests.clients.verdict import judge

pytestmark = pytest.mark.slow
OVER_TLS = [
    *("sign-in", "token-dies", "endpoint-http"),
    *("tls-untrusted", "tls-self-signed", "tls-wrong-name", "tls-expired", "tls-future", "tls-old"),
]
# Their libraries follow a redirect unless they are told not to. For the others, twelve variants more show nothing that
# is due to TLS.
FOLLOWING = {"good/requests_session.py", "good/node_axios.mjs", "good/go_net_http.go"}


def name_of(client: Client) -> str:
    return client.file


@pytest.mark.parametrize("client", GOOD, ids=name_of)
def test_a_right_client_is_not_accused(client: Client, workshop: Path, tmp_path: Path) -> None:
    """No error, and no warning but those that the library cannot help."""
    options = [*client.options, *(["--attended"] if client.attended else [])]
    chosen = dict.fromkeys([client.first, *drawn(client.file, attended=client.attended)])
    verdict = judge(
        command(client.file, client.needs.split(), workshop), tmp_path, workshop, scenarios=chosen, options=options
    )
    assert verdict.errors == set(), verdict.text
    assert verdict.warnings <= set(client.warnings.split()), verdict.text
    assert verdict.exit_code == 0, verdict.text
    verdict.keep()


@pytest.mark.parametrize("client", SHIPPED, ids=name_of)
def test_a_right_client_is_not_accused_under_production_names(client: Client, workshop: Path, tmp_path: Path) -> None:
    """Not a line of it is changed: it is led to the fake by the proxy, and trusts the kit's authority."""
    words = command(client.file, client.needs.split(), workshop)
    chosen = [*OVER_TLS, *(["redirects"] if client.file in FOLLOWING else [])]
    verdict = judge(words, tmp_path, workshop, scenarios=chosen, options=("--intercept",))
    assert (verdict.errors, verdict.warnings) == (set(), set()), verdict.text
    assert verdict.exit_code == 0, verdict.text
    verdict.keep()


@pytest.mark.parametrize("client", FLAWED, ids=name_of)
def test_a_wrong_client_is_given_its_own_rules_and_no_other(client: Client, workshop: Path, tmp_path: Path) -> None:
    """What the library does by itself is found, under the rules it breaks alone."""
    words = command(client.file, client.needs.split(), workshop)
    chosen = dict.fromkeys([*client.scenarios.split(), *drawn(client.file)])
    verdict = judge(words, tmp_path, workshop, scenarios=chosen, options=client.options)
    errors, warnings = set(client.errors.split()), set(client.warnings.split())
    assert verdict.errors - (CARELESS - errors) == errors, verdict.text
    assert verdict.warnings - (CARELESS - warnings) == warnings, verdict.text
    assert verdict.exit_code == 1, verdict.text
    verdict.keep()


def test_every_program_stands_in_a_table() -> None:
    """A program that is not run proves nothing."""
    kinds = {Path(client.file).suffix for client in (*GOOD, *FLAWED)}
    folders = (CLIENTS / "good", CLIENTS / "flawed")
    there = {str(path.relative_to(CLIENTS)) for folder in folders for path in folder.iterdir() if path.suffix in kinds}
    there |= {f"good/{path.name}" for path in EXAMPLES.iterdir() if path.suffix in kinds}
    assert there - {"good/__init__.py", "flawed/__init__.py", "flawed/mutant.py"} == {
        client.file for client in (*GOOD, *FLAWED)
    }
