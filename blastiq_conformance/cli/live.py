"""What `serve` prints while it runs, and the live page: its greeting, its address, where the token is printed."""

import sys
from collections.abc import Sequence

from blastiq_conformance.cli.output import tell
from blastiq_conformance.control.shown import Shown
from blastiq_conformance.evidence import Facts
from blastiq_conformance.scenarios import Need, scenarios
from blastiq_conformance.writers.finding_text import word
from fake_idp.classify import Kind
from fake_idp.http.server import Listener
from fake_idp.wire import Json


def greeting(listener: Listener, facts: Facts, has: frozenset[Need]) -> dict[str, Json]:
    """Say where the fake is, and which scenarios it can take: those of its flow whose needs it meets."""
    needs = {Need.ATTENDED} if facts.flow == "attended" else {None, *has}
    return {
        "authority": facts.authority,
        "api": listener.api_url,
        "client": facts.client_id,
        "endpoints": [str(kind) for kind in Kind],
        "scenarios": [
            {"name": f"{scenario.slug}/{variant.name}".rstrip("/"), "done": scenario.done}
            for scenario in scenarios().values()
            if scenario.needs in needs
            for variant in scenario.variants
        ],
    }


def link(listener: Listener, token: str) -> str:
    """Give the address of the page with the token behind the #, so that no browser sends it."""
    return f"{listener.origin}/#{token}"


def page_text(listener: Listener, token: str) -> tuple[str, ...]:
    """Say where the page is; only a person at a terminal is shown the token, not a log that others read."""
    what = "Watch it in a browser, and tell it what to do"
    if sys.stdout.isatty():
        return f"{what} (the control token is what follows the #):", f"  {link(listener, token)}", ""
    return f"{what}, by the link that --ready-file writes as `page`:", f"  {listener.origin}/", ""


def tell_arrivals(arrivals: Sequence[Shown]) -> None:
    """Print the new requests, each with its findings."""
    for shown in arrivals:
        tell(f"{shown.number:>3}  {shown.line}")
        for finding in shown.findings:
            tell(f"       {word(finding.severity).text:<5} {finding.rule} {finding.message}")
            for name in ("received", "expected", "fix"):
                tell(f"             {name:<10} {getattr(finding, name)}")
