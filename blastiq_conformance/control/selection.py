"""Which scenario a running fake is changed by, as it is named from outside."""

from dataclasses import dataclass

from blastiq_conformance.config.config_error import near
from blastiq_conformance.runner.controller import Controller
from blastiq_conformance.scenarios import Need, Scenario, Variant, scenarios


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSelection:
    """A scenario and the variant of it that is to be run."""

    scenario: Scenario
    variant: Variant

    @property
    def beyond(self) -> str:
        """What only `blastiq run` can do of the scenario, for it concerns the client itself; empty if nothing."""
        variant, needs = self.variant, self.scenario.needs
        parts = [
            "other credentials" if variant.username is not None or variant.password is not None else "",
            "an authority that ends in a slash" if variant.authority_slash else "",
            f"what the target declares as {needs}" if needs not in {None, Need.TLS, Need.INTERCEPT} else "",
            "one run after the other" if self.scenario.in_turn else "",
        ]
        return ", ".join(part for part in parts if part)


def select_scenario(slug: str, variant: str = "") -> ScenarioSelection:
    """Find a scenario and a variant, its first unless named; raises ValueError that lists those there are."""
    known = scenarios()
    if slug not in known:
        raise ValueError(f"there is no scenario {slug!r}; known are {', '.join(known)}{near(slug, known)}")
    variants = {found.name: found for found in known[slug].variants}
    if not variant:
        return ScenarioSelection(scenario=known[slug], variant=next(iter(variants.values())))
    if variant not in variants:
        names = ", ".join(name for name in variants if name) or "none: leave it out"
        raise ValueError(f"the scenario {slug} has no variant {variant!r}; known are {names}")
    return ScenarioSelection(scenario=known[slug], variant=variants[variant])


def start(controller: Controller, slug: str, variant: str = "") -> ScenarioSelection:
    """Change a fake as a scenario does; raises ValueError if there is no such scenario or variant."""
    selected = select_scenario(slug, variant)
    controller.become(slug, selected.variant)
    return selected
