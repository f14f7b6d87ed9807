"""What is odd in a scenario, and which requests meet it."""

from collections.abc import Iterator

from blastiq_conformance.scenarios.scenario import Place, Scenario, TlsFault, Variant
from fake_idp.classify import Kind
from fake_idp.server_config import ServerConfig

# Faults that need the fake's address concern the same requests wherever it is.
_ANYWHERE = Place(authority="http://x.invalid/identity", elsewhere="http://y.invalid/identity", now=0.0)
# What part of a configuration shows in other answers than those of the token endpoint.
_SHOWN_IN = {
    "api_calls_per_token": Kind.API,
    "authorization": Kind.IDENTITY,
    "issuer_slash": Kind.DISCOVERY,
    "token_path": Kind.DISCOVERY,
    "token_query": Kind.DISCOVERY,
}


def oddity(scenario: Scenario | None, name: str) -> tuple[str, Kind | None]:
    """Give what is odd in the variant of this name, and the kind of request that meets it.

    Nothing is odd where the scenario is benign or unknown. None: it takes effect before any request.
    """
    if scenario is None or scenario.benign:
        return "", None
    variants = (*scenario.variants, *scenario.follow_up)
    variant = next((variant for variant in variants if variant.name == name), None)
    return scenario.done, None if variant is None else next(_kinds(variant), None)


def _kinds(variant: Variant) -> Iterator[Kind]:
    if variant.tls is not TlsFault.NONE:
        return
    placed = variant.place_faults(_ANYWHERE) if variant.place_faults else ()
    yield from (fault.endpoint for fault in (*variant.faults, *placed))
    if variant.dies_once:
        yield Kind.API
    plain = ServerConfig()
    bent = variant.prepare(plain)
    yield from (kind for name, kind in _SHOWN_IN.items() if getattr(bent, name) != getattr(plain, name))
    yield Kind.TOKEN
