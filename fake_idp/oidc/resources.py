"""Resource indicators (RFC 8707) as Duende checks them; IdentityServer4 ignores them."""

import re
from collections.abc import Iterable

from fake_idp.oidc.form import units

_LONGEST = 512
# What .NET accepts as a well-formed absolute URI; these schemes need a host.
_ABSOLUTE_URI = re.compile(
    r"(?!(?:https?|ftps?|wss?):(?!//[^/?#]))"
    r"[A-Za-z][A-Za-z0-9+.\-]*:(?:%[0-9A-Fa-f]{2}|[!$&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]|[^\x00-\x7f])+",
    re.IGNORECASE,
)


def malformed(resources: Iterable[str]) -> str:
    """Say what is wrong with the form of the values, in the product's words; empty if nothing is."""
    present = _present(resources)
    if any(units(resource) > _LONGEST for resource in present):
        return "Resource indicator maximum length exceeded"
    if not all(_ABSOLUTE_URI.fullmatch(resource) for resource in present):
        return "Invalid resource indicator format"
    return ""


def is_known(resources: Iterable[str], known: str) -> bool:
    """Say whether no resource but the known one is named."""
    return set(_present(resources)) <= {known}


def is_single(resources: Iterable[str]) -> bool:
    """Say whether at most one is named."""
    return len(_present(resources)) < 2


def _present(resources: Iterable[str]) -> list[str]:
    return [resource for resource in resources if resource.strip()]
