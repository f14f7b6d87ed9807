"""How a recorded authority is set up, so that a fake can be set up alike."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from fake_idp.server_config import ARTICLE_LIMITS, ServerConfig

# What is taken over beside the path, where it is not as usual.
TAKEN = (
    *("flavour", "token_path", "jwks_path", "scopes", "resource", "access_token_lifetime", "refresh_policy"),
    *("token_shape", "issuer_slash", "identity_tokens", "rate_limits", "allow_origins", "customs"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What was read of it from a `file`, as a configuration that has all else as usual."""

    file: str
    shown: ServerConfig

    @property
    def taken(self) -> dict[str, object]:
        """What is not as usual."""
        usual = ServerConfig()
        return {name: value for name in TAKEN if (value := getattr(self.shown, name)) != getattr(usual, name)}

    def of(self, config: ServerConfig) -> ServerConfig:
        """Set a fake up alike; where it is, who may sign in and which origins it allows already stay its own."""
        authority = urlsplit(config.authority)._replace(path=self.shown.base).geturl()
        taken = self.taken | {"allow_origins": config.allow_origins | self.shown.allow_origins}
        return replace(config, authority=authority, **taken)  # type: ignore[arg-type]  # fields of its own

    def told(self) -> str:
        """Say it in a sentence, for a report."""
        return f"The fake was set up like {self.file}: {self.summary}."

    @property
    def summary(self) -> str:
        """What was taken over, in words."""
        return "; ".join(self._words()) or "as usual"

    def _words(self) -> Iterator[str]:
        if self.shown.base != ServerConfig().base:
            yield f"base path {self.shown.base or '/'}"
        for name, value in self.taken.items():
            if name != "customs":
                yield f"{name.replace('_', ' ')} {_shown(name, value)}"
        customs = self.shown.customs
        for place, change in (
            ("token answers", customs.answer),
            ("access tokens", customs.claims),
            ("discovery", customs.document),
        ):
            if change.more:
                yield f"{place} with {' '.join(change.more)}"
            if change.less:
                yield f"{place} without {' '.join(sorted(change.less))}"
        if customs.errors:
            yield f"{len(customs.errors)} errors in its own words"
        if customs.api_errors:
            yield f"the API's {' '.join(str(each.status) for each in customs.api_errors)} with a body"


def _shown(name: str, value: object) -> str:
    match value:
        case tuple() if name == "rate_limits":
            return f"{_limits(value)} (the article: {_limits(ARTICLE_LIMITS)})"
        case frozenset() | tuple():
            return " ".join(sorted(value))
        case _:
            return str(value).lower()


def _limits(limits: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{calls} calls in {seconds} s" for calls, seconds in limits) or "none"
