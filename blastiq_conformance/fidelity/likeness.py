"""What recordings show of an authority that a fake can take over: what is the product's, and what is its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.fidelity.api_manners import read_limits, read_refusals
from blastiq_conformance.fidelity.comparison import Comparison, compare_all
from blastiq_conformance.fidelity.setting import claims_of, read_setting
from blastiq_conformance.redaction.redacted import is_redacted_token
from fake_idp.customs import Change, Customs, Json, Rewording
from fake_idp.likeness import Likeness
from fake_idp.oidc.discovery import metadata
from fake_idp.oidc.tokens import CLAIMS
from fake_idp.secrets.secret_names import kind_of
from fake_idp.server_config import Flavour, RefreshPolicy, ServerConfig, TokenShape

_ANSWER = ("access_token", "expires_in", "token_type", "scope")
# They are there or not by what was asked for, and the refresh policy.
_BY_REQUEST = frozenset({"id_token", "refresh_token"})
_WORDS = frozenset({"error", "error_description", "error_uri"})


def read_likeness(evidences: Sequence[Evidence], file: str) -> Likeness:
    """Read how the recorded authority is set up, as the flavour that fits best."""
    compared = [compare_all(evidences, each) for each in Flavour]
    return liken(min(compared, key=lambda each: each.misfit), evidences, file)


def liken(best: Comparison, evidences: Sequence[Evidence], file: str) -> Likeness:
    """Read the same where it has been compared already."""
    exchanges = [each for evidence in evidences for each in evidence.exchanges]
    setting = read_setting(exchanges, next((each.facts.authority for each in evidences if each.facts.authority), None))
    usual = ServerConfig()
    shown = replace(setting.shown, flavour=best.flavour, users=(), api_url=usual.api_url)
    document, tokens = setting.document, [members for _, members in setting.issued]
    # Those of a session and of an audience depend on the request.
    usual_claims = [name for name in CLAIMS[best.flavour].split() if name not in {"sid", "aud"}]
    claims = [found for members in tokens for found in claims_of(members["access_token"])]
    names = [name for name in _ANSWER if (name, best.flavour) != ("scope", Flavour.IS4_V2)]
    return Likeness(
        file=file,
        shown=replace(
            shown,
            # "*" is nobody's page.
            allow_origins=frozenset(origin for origin in shown.allow_origins if "://" in origin),
            issuer_slash=str(document.get("issuer", "")).endswith("/"),
            token_path=_path_below(document, "token_endpoint") or usual.token_path,
            jwks_path=_path_below(document, "jwks_uri") or usual.jwks_path,
            refresh_policy=_policy(setting.issued, shown),
            token_shape=_shape(tokens),
            identity_tokens=any(
                "id_token" in members and fields.get("grant_type") == "password" for fields, members in setting.issued
            ),
            rate_limits=read_limits(exchanges),
            customs=Customs(
                answer=_change(names, tokens, _BY_REQUEST),
                claims=_change(usual_claims, claims, frozenset(CLAIMS[Flavour.DUENDE].split())),
                document=_change(tuple(metadata("", shown)), [document] if document else [], frozenset()),
                errors=tuple(_rewordings(best)),
                api_errors=tuple(
                    Rewording(status=status, body=_in_kind(members))
                    for status, members in read_refusals(exchanges).items()
                ),
            ),
        ),
    )


def _path_below(document: Mapping[str, Json], name: str) -> str:
    base = urlsplit(str(document.get("issuer", ""))).path.rstrip("/")
    path = urlsplit(str(document.get(name, ""))).path
    return path.removeprefix(base) if path.lower().startswith(base.lower() + "/") else ""


def _policy(issued: Sequence[tuple[Mapping[str, str], Mapping[str, Json]]], shown: ServerConfig) -> RefreshPolicy:
    """Say what becomes of refresh tokens: as they were renewed, or that none is given although all scopes are."""
    for fields, members in issued:
        if fields.get("grant_type") != "refresh_token":
            continue
        fresh, used = members.get("refresh_token"), fields.get("refresh_token")
        seen = RefreshPolicy.KEEP if fresh is None else RefreshPolicy.REUSE
        if fresh not in {None, used}:
            seen = RefreshPolicy.ONE_TIME
        return RefreshPolicy.PRODUCT if seen is shown.renewal else seen
    asked = [members for fields, members in issued if not fields.get("scope")]
    none = bool(asked) and not any("refresh_token" in members for members in asked)
    return RefreshPolicy.NONE if none else RefreshPolicy.PRODUCT


def _shape(tokens: Iterable[Mapping[str, Json]]) -> TokenShape:
    texts = [str(members["access_token"]) for members in tokens if not is_redacted_token(str(members["access_token"]))]
    return TokenShape.OPAQUE if texts and all(text.count(".") != 2 for text in texts) else TokenShape.JWT


def _change(usual: Sequence[str], found: Sequence[Mapping[str, Json]], optional: frozenset[str]) -> Change:
    """Give what is in all that was found and not usual, and what is usual and in none."""
    if not found:
        return Change()
    common = [name for name in found[0] if all(name in each for each in found)]
    more = {name: _stand_in(name, found[0][name]) for name in common if name not in usual and name not in optional}
    return Change(more=more, less=frozenset(name for name in usual if not any(name in each for each in found)))


def _stand_in(name: str, value: Json) -> Json:
    """Keep the kind of a value: a text may be anybody's, unless it is an address of the authority's own."""
    match value:
        case str():
            return "" if not value else "text" if kind_of(name) or "://" not in value else "https://like.example/"
        case list():
            return [_stand_in(name, each) for each in value]
        case dict():
            return {each: _stand_in(each, item) for each, item in value.items()}
        case _:
            return value


def _in_kind(members: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value if name in _WORDS else _stand_in(name, value) for name, value in members.items()}


def _rewordings(comparison: Comparison) -> Iterator[Rewording]:
    """Give the errors that always read otherwise than the product's, by what the fake says in their place."""
    found = grouped(
        ((str(own.json.get("error", "")), str(own.json.get("error_description", ""))), (recorded.status, recorded.json))
        for own, recorded in comparison.refusals
        if isinstance(own.json, dict) and isinstance(recorded.json, dict) and recorded.status >= 400
    )
    for (error, description), refusals in found.items():
        status, members = refusals[0]
        body = _in_kind(members)
        usual = {"error": error, **({"error_description": description} if description else {})}
        if all(each == refusals[0] for each in refusals) and (status, members) != (400, usual):
            yield Rewording(error=error, description=description, status=status, body=body)
