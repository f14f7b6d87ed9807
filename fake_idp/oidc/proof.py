"""Proofs of possession (RFC 9449), as far as Duende refuses them; a good one is accepted and binds nothing."""

from fake_idp.oidc.replies import OAuthError
from fake_idp.secrets.token_parts import read_parts
from fake_idp.wire import Request

ALGORITHMS = tuple(f"{family}{size}" for family in ("RS", "PS", "ES") for size in (256, 384, 512))
# The product's limit.
_LONGEST = 4000


def check_proof(request: Request) -> None:
    """Refuse what is not a proof, in the product's words; a request without one is accepted."""
    proofs = request.headers.get_all("dpop")
    if len(proofs) > 1:
        raise OAuthError("invalid_request", "Too many DPoP headers provided.")
    if not proofs or not proofs[0].strip():
        return
    if len(proofs[0]) > _LONGEST:
        raise OAuthError("invalid_dpop_proof")
    header, claims = read_parts(proofs[0])
    if header is None or claims is None:
        problem = "Malformed DPoP token."
    elif header.get("typ") != "dpop+jwt":
        problem = "Invalid 'typ' value."
    elif header.get("alg") not in ALGORITHMS:
        problem = "Invalid 'alg' value."
    elif not isinstance(header.get("jwk"), dict):
        problem = "Invalid 'jwk' value."
    else:
        return
    raise OAuthError("invalid_dpop_proof", problem)
