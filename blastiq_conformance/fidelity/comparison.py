"""A recording compared with a flavour of the fake, trait by trait."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.fidelity.setting import Setting, form_of, read_setting
from blastiq_conformance.fidelity.shape import REDACTED, TIMES, Shape, compare, look
from blastiq_conformance.fidelity.witness import Witness, moment_of
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.server_config import Flavour
from fake_idp.wire import Response

# Used if nothing tells the time.
_SOME_TIME = 1_700_000_000.0
_PART = re.compile(r"/connect/([a-z]+)")
_BY_KIND = {Kind.DISCOVERY: "discovery", Kind.JWKS: "key set", Kind.TOKEN: "token"}
_NAMES = {
    "userinfo": "userinfo",
    "introspect": "introspection",
    "revocation": "revocation",
    "deviceauthorization": "device authorization",
    "authorize": "authorize",
    "checksession": "check session",
    "par": "pushed authorization",
    "ciba": "backchannel authentication",
}
# A recording must have some of these answers to say anything about a product.
TELLING = frozenset({"token", "API"})
PARTS = (*_BY_KIND.values(), *_NAMES.values(), "API")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A trait that differs: where, what was recorded, and what the fake answers; None stands for nothing."""

    source: str
    part: str
    trait: str
    recorded: object = field(repr=False)
    own: object = field(repr=False)


@dataclass(slots=True, kw_only=True)
class Comparison:
    """A recording beside one flavour; `alike` counts answers by the part of the product that gave them.

    `refusals` are the fake's errors at the token endpoint, each with what was recorded.
    """

    flavour: Flavour
    alike: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    differing: list[list[Difference]] = field(default_factory=list)
    skipped: int = 0
    settings: list[str] = field(default_factory=list)
    refusals: list[tuple[Response, Response]] = field(default_factory=list, repr=False)

    @property
    def compared(self) -> int:
        """How many answers were compared."""
        return sum(self.alike.values()) + len(self.differing)

    @property
    def misfit(self) -> tuple[int, int]:
        """How many answers differ, and in how many traits together: the best fit has the least."""
        return len(self.differing), sum(map(len, self.differing))

    @property
    def shown(self) -> frozenset[str]:
        """The parts of the product of which answers were compared."""
        return frozenset(self.alike) | {each.part for found in self.differing for each in found}


def compare_all(evidences: Sequence[Evidence], flavour: Flavour) -> Comparison:
    """Compare recordings with a flavour, each by itself."""
    comparison = Comparison(flavour=flavour)
    for evidence in evidences:
        setting = read_setting(evidence.exchanges, evidence.facts.authority)
        comparison.settings += [each for each in setting.unusual() if each not in comparison.settings]
        _compare(evidence.exchanges, setting, comparison)
    return comparison


def _compare(exchanges: Iterable[Exchange], setting: Setting, comparison: Comparison) -> None:
    witness = Witness(setting=setting, flavour=comparison.flavour)
    for exchange in exchanges:
        part = _part(exchange, setting)
        if not part or exchange.response is None or _is_foreign(exchange, exchange.response, setting):
            comparison.skipped += 1
            continue
        differing = _differences(exchange, exchange.response, part, witness, comparison)
        if differing is None:
            comparison.skipped += 1
        elif differing:
            comparison.differing.append(differing)
        else:
            comparison.alike[part] += 1


def _differences(
    exchange: Exchange, recorded: Response, part: str, witness: Witness, comparison: Comparison
) -> list[Difference] | None:
    """Ask the fake and compare; None if it cannot be asked the same."""
    moment = moment_of(exchange)
    asked = witness.now or _SOME_TIME if moment is None else moment.seconds
    own = witness.ask(exchange, asked)
    if own is None:
        return None
    if part == "token" and own.status >= 400:
        comparison.refusals.append((own, recorded))
    expected = look(exchange, recorded, asked, witness.recorded)
    differing = compare(expected, look(exchange, own, asked, witness.given))
    if part == "API":
        # An API shows by itself whom it lets in. If only the second is known, from a Date, a token may have expired.
        moments = (asked,) if moment is not None and moment.exact else (asked, asked - 1, asked + 1)
        found = [compare(_api(expected), _api(witness.look_again(exchange, each))) for each in moments]
        differing = min(found, key=len)
    renews = form_of(exchange).get("grant_type") == "refresh_token" and witness.flavour is not Flavour.DUENDE
    hidden = tuple(_hidden(expected, timed=moment is not None))
    return [
        Difference(source=exchange.source or str(exchange.number), part=part, trait=trait, recorded=one, own=other)
        for trait, (one, other) in differing.items()
        if not trait.startswith(hidden) and not (renews and _is_wanted(trait, one, other))
    ]


def _part(exchange: Exchange, setting: Setting) -> str:
    called = exchange.request.path.lower()
    path = setting.own_path(called).lower()
    if exchange.kind is Kind.API and path == called:
        return "API"
    if (exchange.kind is Kind.OTHER and path == called) or not path.startswith(setting.base.lower() + "/"):
        return ""
    found = _PART.search(path)
    return _BY_KIND.get(exchange.kind) or (_NAMES.get(found[1], "") if found else "")


def _is_foreign(exchange: Exchange, recorded: Response, setting: Setting) -> bool:
    """Whether an answer is not the product's own: an outage, a page of the host."""
    request = exchange.request
    if recorded.status >= 500:
        return True
    if exchange.kind is Kind.API and (recorded.status in {403, 429} or request.method.upper() == "OPTIONS"):
        return True
    # The documents depend only on the address.
    needed = {"response"} if exchange.kind in {Kind.DISCOVERY, Kind.JWKS} else {"response", "headers", "body"}
    if request.method.upper() == "HEAD" or recorded.headers.media_type == "text/html":
        # There is no body, or it is not compared.
        needed.discard("response")
    location = (recorded.headers.get("location") or "").lower()
    own_pages = (setting.authority.lower() + "/", setting.base.lower() + "/")
    return location.startswith(own_pages) or bool(exchange.lost & needed)


def _api(shape: Shape) -> Shape:
    """Keep what the bearer handler decides: whether a call is let in, and how a refused one is answered."""
    if shape.get("status") != 401:
        return {"status": "let in"}
    return {name: shape[name] for name in ("status", "www-authenticate") if name in shape}


def _hidden(recorded: Shape, *, timed: bool) -> Iterator[str]:
    """Give the traits that a redacted recording, or one without times, does not show."""
    yield from (trait for trait, value in recorded.items() if value == REDACTED)
    if not timed:
        yield from (f"body {token} claims {name} seconds" for token in ("access_token", "id_token") for name in TIMES)


def _is_wanted(trait: str, recorded: object, own: object) -> bool:
    # See the table of facts: a token that is renewed within the same second lives a second longer.
    lifetime = trait.endswith("access_token claims lifetime")
    return lifetime and isinstance(recorded, int) and isinstance(own, int) and own - recorded == 1
