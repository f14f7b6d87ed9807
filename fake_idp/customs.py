"""What an authority has of its own beside the product: members more and less, errors in other words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Members that come behind the product's own, and names of those that are left out."""

    more: Mapping[str, Json] = field(default_factory=dict, hash=False)
    less: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.more or self.less)

    def of(self, members: dict[str, Json]) -> dict[str, Json]:
        """Give the members as they are there."""
        if not self:
            return members
        return {name: value for name, value in members.items() if name not in self.less} | dict(self.more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewording:
    """The answer in place of that with the product's `error` and `description`; at the API, with this `status`."""

    error: str = ""
    description: str = ""
    status: int = 400
    body: Mapping[str, Json] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customs:
    """For token answers, claims of access tokens, the discovery document; errors of token endpoint and API."""

    answer: Change = Change()
    claims: Change = Change()
    document: Change = Change()
    errors: tuple[Rewording, ...] = ()
    api_errors: tuple[Rewording, ...] = ()

    def reworded(self, error: str, description: str) -> Rewording | None:
        """Give what is said in place of an error, None where the product's own words are."""
        return next((each for each in self.errors if (each.error, each.description) == (error, description)), None)

    def said_by_api(self, status: int) -> Rewording | None:
        """Give what the API says with a refusal, None where it says nothing, as the product does."""
        return next((each for each in self.api_errors if each.status == status), None)


NONE = Customs()
