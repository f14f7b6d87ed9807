"""Proofs of possession (RFC 9449), as far as Duende refuses them; a good one is accepted and binds nothing."""

from fake_idp.oidc.replies import OAuthError
from fake_idp.secrets.token_parts import read_parts
from fake_idp.wire import Request

ALGORITHMS = tuple(f"{family}{size}" for family in ("RS", "PS", "ES") for size in (256, 384, 512))
# The product's limit.
_LONGEST = 4000


def read_proof(request: Request, too_many: str) -> str:
    """Give the proof that a request brings, empty if none; more than one is refused, in the endpoint's words."""
    proofs = request.headers.get_all("dpop")
    if len(proofs) > 1:
        raise OAuthError("invalid_request", too_many)
    return proofs[0] if proofs else ""


def check_proof(proof: str, too_long: str) -> None:
    """Refuse what is not a proof, in the product's words; of one that is too long each endpoint has its own."""
    if not proof.strip():
        return
    if len(proof) > _LONGEST:
        raise OAuthError("invalid_dpop_proof", too_long)
    header, claims = read_parts(proof)
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
