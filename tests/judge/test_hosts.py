"""Whose host it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.evidence.hosts import THIS_MACHINE, host_of, is_open, is_product, is_product_api


@pytest.mark.parametrize(
    ("netloc", "host"),
    [
        ("WWW.BlastIQ.com:443", "www.blastiq.com"),
        ("www.blastiq.com.", "www.blastiq.com"),
        ("u:p@idp.example:8443", "idp.example:8443"),
        ("idp.example.:80", "idp.example"),
        ("127.0.0.1:18600", THIS_MACHINE),
        ("localhost", THIS_MACHINE),
        ("[::1]:8080", THIS_MACHINE),
        ("[2001:db8::1]:443", "[2001:db8::1]"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("", ""),
    ],
)
def test_spellings_of_one_host_are_one(netloc: str, host: str) -> None:
    """Case, a usual port, a final dot and user information make no other host; a port of one's own does."""
    assert host_of(netloc) == host


@pytest.mark.parametrize(
    ("host", "product", "api"),
    [
        ("www.blastiq.com", True, False),
        ("test.blastiq.com:8443", True, False),
        ("apitest.blastiq.com", True, True),
        ("blastiq.com", True, False),
        ("notblastiq.com", False, False),
        ("api.blastiq.com.evil.example", False, False),
        (THIS_MACHINE, False, False),
        ("", False, False),
    ],
)
def test_the_product_has_its_domain(host: str, product: bool, api: bool) -> None:
    """Every host below it, and none that only looks like one."""
    assert (is_product(host), is_product_api(host)) == (product, api)


@pytest.mark.parametrize(("host", "expected"), [("", True), ("{{base}}", True), ("idp.example", False)])
def test_a_variable_is_no_host(host: str, expected: bool) -> None:
    """It may be anybody's."""
    assert is_open(host) is expected


@given(st.text(max_size=40))
def test_any_host_header_has_a_host(netloc: str) -> None:
    """What a peer sends there may be anything, and what was brought to one form stays so."""
    host = host_of(netloc)
    assert host in {THIS_MACHINE, host_of(host)} or "@" in host or host.endswith((".", ":80", ":443"))
    assert not (is_product(host) and host == THIS_MACHINE)
