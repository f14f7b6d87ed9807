"""Why nothing could be judged, where a client connected over TLS and went no further."""

import pytest

from blastiq_conformance.evidence import Child, Evidence, Facts
from blastiq_conformance.runner.not_run import diagnose
from fake_idp.journal import Connection


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("www.blastiq.com",), ""),
        (("www.blastiq.com", "maps.example", "log.example"), "log.example (no request), maps.example (no request)"),
    ],
    ids=["its own", "others"],
)
def test_hosts_that_are_refused_are_named(names: tuple[str, ...], told: str) -> None:
    """Beside whom it must trust: no trust lets it through to those."""
    connections = tuple(Connection(number=n, server_name=name, ending="unknown CA") for n, name in enumerate(names))
    facts = Facts(authority="https://www.blastiq.com/identity")
    refusal = diagnose(Evidence(exchanges=(), connections=connections, child=Child(exit_status=1), facts=facts), 60)
    assert refusal is not None
    assert refusal.kind == "never-called"
    assert "sent no request over TLS (unknown CA)" in refusal.text
    assert (told in refusal.text, "refused whatever it trusts" in refusal.text) == (True, bool(told))
