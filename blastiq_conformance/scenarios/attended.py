"""Knobs of the attended flow: what comes of a sign-in by a person with a browser."""

from collections.abc import Callable
from dataclasses import replace

from blastiq_conformance.scenarios.scenario import Variant, rules
from fake_idp.server_config import Authorization, Flavour, ServerConfig

# Rules of the password grant only (D24): BIQ901 forbids it here, and BIQ906 is their counterpart.
PASSWORD_GRANT = rules("201 202 203 205 206 209 210 211 212 223")
# With the rules about a Service User's name and password: none of them applies where a person signs in.
UNATTENDED = PASSWORD_GRANT | rules("207 208 301 302 303 304 305 306 307 308 309")


def _coming_to(authorization: Authorization) -> Callable[[ServerConfig], ServerConfig]:
    return lambda config: replace(config, authorization=authorization)


WRONG_STATE = (
    Variant(name="other", prepare=_coming_to(Authorization.OTHER_STATE)),
    Variant(name="none", prepare=_coming_to(Authorization.NO_STATE)),
)
DENIED = (Variant(prepare=_coming_to(Authorization.DENIED)),)
CODE_REPLAY = (Variant(name="used", prepare=_coming_to(Authorization.USED_CODE)), Variant(name="reload", reloads=True))
CODE_EXPIRED = (Variant(prepare=lambda config: replace(config, authorization_code_lifetime=0)),)
# Only Duende sends the issuer; a client that supports RFC 9207 learns from discovery that it must be there.
MIX_UP = (
    Variant(
        prepare=lambda config: replace(config, flavour=Flavour.DUENDE, authorization=Authorization.OTHER_ISSUER),
    ),
)
VERIFIER_WRONG = (Variant(prepare=_coming_to(Authorization.OTHER_CHALLENGE)),)
