"""Resource indicators (RFC 8707) as Duende checks them; IdentityServer4 ignores them."""

import re
from collections.abc import Mapping, Sequence

from fake_idp.oidc.form import units

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


def malformed(resources: Sequence[str]) -> str:
    """Say what is wrong with the form of the values, in the product's words; empty if nothing is."""
    if any(units(resource) > _LONGEST for resource in resources):
        return "Resource indicator maximum length exceeded"
    if not all(_ABSOLUTE_URI.fullmatch(resource) for resource in resources):
        return "Invalid resource indicator format"
    return ""
