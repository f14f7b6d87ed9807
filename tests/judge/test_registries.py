"""IANA's names: what a scenario calls unknown is in no registry, and what is registered keeps its type (D50)."""

from collections.abc import Iterator

import pytest

from blastiq_conformance.catalogue.registries import METADATA, REQUEST_PARAMETERS, TOKEN_RESPONSE
from blastiq_conformance.scenarios import Place, Scenario, Variant, scenarios
from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.oidc.discovery import metadata
from fake_idp.server_config import Flavour, ServerConfig
from fake_idp.wire import Json

REGISTERED = {Kind.DISCOVERY: METADATA, Kind.TOKEN: TOKEN_RESPONSE}
UNKNOWN = ("discovery-extra", "extra-members", "api-extra")
# There the type is the oddity, and the rule says so: BIQ405.
ODD = {"expires-odd"}
PLACE = Place(authority="http://127.0.0.1:1/identity", elsewhere="http://127.0.0.1:2/identity", now=0.0)


def faults(row: Scenario) -> Iterator[tuple[Variant, Fault]]:
    for variant in (*row.variants, *row.follow_up):
        given = variant.place_faults(PLACE) if variant.place_faults is not None else ()
        for fault in (*variant.faults, *given):
            yield variant, fault


MEMBERS = [
    pytest.param(row.slug, fault.endpoint, dict(fault.members), id=f"{row.slug}-{variant.name}")
    for row in scenarios().values()
    for variant, fault in faults(row)
    if fault.members
]


@pytest.mark.parametrize(("slug", "endpoint", "members"), MEMBERS)
def test_what_is_registered_keeps_its_type(slug: str, endpoint: Kind, members: dict[str, Json]) -> None:
    """Who refuses a registered member of another type refuses the kit's own fault."""
    kinds = REGISTERED.get(endpoint, {})
    wrong = {name for name, value in members.items() if name in kinds and type(value) is not kinds[name]}
    assert wrong == ({"expires_in"} & wrong if slug in ODD else set())


@pytest.mark.parametrize("slug", UNKNOWN)
def test_what_a_scenario_calls_unknown_is_in_no_registry(slug: str) -> None:
    """Unknown to one client must be unknown to every client."""
    added = [dict(fault.members) for variant, fault in faults(scenarios()[slug]) if variant.name != "reordered"]
    assert added
    for members in added:
        for registry in (METADATA, TOKEN_RESPONSE, dict.fromkeys(REQUEST_PARAMETERS, str)):
            assert not members.keys() & registry.keys()


@pytest.mark.parametrize("flavour", Flavour)
def test_the_fake_says_nothing_unknown_by_itself(flavour: Flavour) -> None:
    """Its documents are those of the products: each member is registered, or OpenID's, and has its type."""
    document = metadata("https://www.blastiq.com/identity", ServerConfig(flavour=flavour))
    assert document.keys() <= METADATA.keys()
    assert next(iter(document)) == "issuer"
    assert {name for name, value in document.items() if type(value) is not METADATA[name]} == set()


def test_the_registries_are_whole() -> None:
    """Counted on IANA's page: 80 names of metadata, and two later, and two of OpenID; 86 parameters, 20 in answers."""
    assert len(METADATA) == 80 + 2 + 2
    assert len(REQUEST_PARAMETERS | TOKEN_RESPONSE.keys()) == 86
    assert (len(TOKEN_RESPONSE), len(REQUEST_PARAMETERS)) == (20, 66)
