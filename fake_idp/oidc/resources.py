"""Resource indicators (RFC 8707) as Duende checks them; IdentityServer4 ignores them."""

import re
from collections.abc import Iterable, Mapping, Sequence

from fake_idp.oidc.form import units
from fake_idp.oidc.tokens import means_api
from fake_idp.server_config import ServerConfig

_LONGEST = 512
# What .NET accepts as a well-formed absolute URI; these schemes need a host.
_ABSOLUTE_URI = re.compile(
    r"(?!(?:https?|ftps?|wss?):(?!//[^/?#]))"
    r"[A-Za-z][A-Za-z0-9+.\-]*:(?:%[0-9A-Fa-f]{2}|[!$&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]|[^\x00-\x7f])+",
    re.IGNORECASE,
)


def named_resources(values: Mapping[str, Sequence[str]]) -> list[str]:
    """Give the resources that a request names; a blank value names none."""
    return [resource for resource in values.get("resource", ()) if resource.strip()]


def has_unknown(resources: Iterable[str], scopes: Iterable[str], config: ServerConfig) -> bool:
    """Say whether a resource is not one of the scopes: that of the API is unknown where no scope is the API's."""
    known = {config.resource} if means_api(scopes, config) else set()
    return not known.issuperset(resources)


def malformed(resources: Sequence[str]) -> str:
    """Say what is wrong with the form of the values, in the product's words; empty if nothing is."""
    if any(units(resource) > _LONGEST for resource in resources):
        return "Resource indicator maximum length exceeded"
    if not all(_ABSOLUTE_URI.fullmatch(resource) for resource in resources):
        return "Invalid resource indicator format"
    return ""
