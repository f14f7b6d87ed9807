"""Knobs of the attended flow: what comes of a sign-in by a person with a browser."""

from blastiq_conformance.scenarios.scenario import Variant, configured, rules
from fake_idp.server_config import Authorization, Flavour

# Rules of the password grant only (D24): BIQ901 forbids it here, and BIQ906 is their counterpart.
PASSWORD_GRANT = rules("201 202 203 205 206 209 210 211 212 223")
# With the rules about a Service User's name and password: none of them applies where a person signs in.
UNATTENDED = PASSWORD_GRANT | rules("207 208 301 302 303 304 305 306 307 308 309")

WRONG_STATE = (
    configured("other", authorization=Authorization.OTHER_STATE),
    configured("none", authorization=Authorization.NO_STATE),
)
DENIED = (configured(authorization=Authorization.DENIED),)
CODE_REPLAY = (configured("used", authorization=Authorization.USED_CODE), Variant(name="reload", reloads=True))
CODE_EXPIRED = (configured(authorization_code_lifetime=0),)
# Only Duende sends the issuer; a client that supports RFC 9207 learns from discovery that it must be there.
MIX_UP = (configured(flavour=Flavour.DUENDE, authorization=Authorization.OTHER_ISSUER),)
VERIFIER_WRONG = (configured(authorization=Authorization.OTHER_CHALLENGE),)
