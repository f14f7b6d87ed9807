"""Words that traffic holds anyway: a secret may be one, and then it is hidden in its own place and nowhere else."""

from blastiq_conformance.evidence.parameters import KNOWN
from fake_idp.secrets.secret_names import KINDS, NOTHING

# Elsewhere they would hide what is judged: paths, names, schemes, media types, what the server's answers say.
_WORDS = """
identity connect account authorize introspect revocation userinfo endsession login jwks api v1 v2 v3 well-known
openid profile offline_access email consent client user pass grant access refresh id type name value error issuer
bearer basic digest jwt application json form text html plain charset utf-8 get post http https localhost 127.0.0.1
keep-alive close gzip deflate accept encoding language content length host connection cache control pragma origin
referer agent authorization cookie date server location vary expires etag range upgrade transfer forwarded request
requested with retry after authenticate proxy put delete head options patch trace cosmos external.customer external
customer blastiq www test
"""
WORDS = KNOWN | KINDS.keys() | frozenset(_WORDS.split())
# The words of the protocol: a secret may be one, and is hidden in its place; elsewhere that would hide what is judged.
PUBLIC = NOTHING | {"external.customer", "cosmos", "password", "refresh_token", "access_token", "bearer", "basic"}
