"""What a user's module may import: typed, so that mypy and pyright pass it, and complete."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import assert_type

import blastiq_conformance
import fake_idp
from blastiq_conformance import (
    BlastiqUntested,
    BlastiqViolation,
    BlastiqWarning,
    Door,
    Evidence,
    Facts,
    Finding,
    LiveServer,
    Outcome,
    Profile,
    Result,
    Rule,
    Severity,
    __version__,
    fake_blastiq,
    strategies,
)
from fake_idp import (
    Arrival,
    Clock,
    Connection,
    Delivery,
    Ending,
    Exchange,
    FakeIdp,
    Fault,
    Flavour,
    Headers,
    Journal,
    Keys,
    Listener,
    Mode,
    RefreshPolicy,
    Request,
    Response,
    Server,
    ServerConfig,
    ServiceUser,
)

CLASSES = (
    *(BlastiqUntested, BlastiqViolation, BlastiqWarning, Door, Evidence, Facts, Finding, LiveServer, Outcome),
    *(Profile, Result, Rule, Severity, Arrival, Clock, Connection, Delivery, Ending, Exchange, FakeIdp, Fault),
    *(
        Flavour,
        Headers,
        Journal,
        Keys,
        Listener,
        Mode,
        RefreshPolicy,
        Request,
        Response,
        Server,
        ServiceUser,
        ServerConfig,
    ),
)


def test_every_public_name_is_there_and_typed() -> None:
    """This module is checked with all others: what a user calls is what a checker believes it to be."""
    with fake_blastiq(ServerConfig(flavour=Flavour.DUENDE), profile=Profile.STRICT, traffic=False) as door:
        assert_type(door, Door)
        assert_type(door.user, ServiceUser)
        assert_type(door.idp, FakeIdp)
    assert {each.__name__ for each in CLASSES} <= {*blastiq_conformance.__all__, *fake_idp.__all__}
    assert __version__ == blastiq_conformance.__version__
    assert strategies.__all__


def test_no_public_name_is_missing_above() -> None:
    """A name that is added is imported here, where checkers see it."""
    imported = {
        name.name
        for node in ast.walk(ast.parse(Path(__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    assert {*blastiq_conformance.__all__, *fake_idp.__all__} <= imported


def test_the_first_block_costs_what_every_other_costs() -> None:
    """What only the first would pay for, a key and modules, is there once the name is imported: no deadline trips."""
    code = (
        "import sys, httpx\n"
        "from blastiq_conformance import fake_blastiq\n"
        "from fake_idp.oidc.keys import default_keys\n"
        "assert default_keys().ready\n"
        "before = set(sys.modules)\n"
        "with fake_blastiq(expect=[]) as door:\n"
        "    fields = {'grant_type': 'password', 'username': door.user.username, 'password': door.user.password}\n"
        "    httpx.get('https://www.blastiq.com/identity/.well-known/openid-configuration')\n"
        "    fields['client_id'] = 'external.customer'\n"
        "    httpx.post('https://www.blastiq.com/identity/connect/token', data=fields).raise_for_status()\n"
        "print(sorted(name for name in set(sys.modules) - before if name.partition('.')[0] in "
        "{'blastiq_conformance', 'fake_idp'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
