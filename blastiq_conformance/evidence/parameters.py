"""The names of a token request's parameters, and how their values are written."""

import re

# RFC 6749's own parameters; the RFC wants these, and no extension's, at most once (erratum 5708).
OAUTH = frozenset({"grant_type", "username", "password", "client_id", "client_secret", "scope", "refresh_token"})
# D33.
KNOWN = OAUTH | {"audience", "client_assertion", "client_assertion_type"}
# RFC 6749 4.1.3, RFC 7636 4.5: what comes with a code, where a person signs in.
OF_CODES = frozenset({"code", "redirect_uri", "code_verifier"})
# What the article does not want at all (A33, A35): no finding names one of them as if it were expected.
UNWANTED = frozenset({"audience", "client_secret", "client_assertion", "client_assertion_type"})
# Bytes that no URL may hold, and percent signs that do not start an escape. Reserved characters such as @ and / decode
# the same whether they are encoded or not.
RAW = re.compile(rb'[^!-~]|["<>\\^`{|}]|%(?![0-9A-Fa-f]{2})')
# The last one is in the article's own sample.
_TEMPLATE = re.compile(r"\{\{.*\}\}|\$\{.*\}|<.*>|%\w+%|your[_ -].*|insert your .*", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[^a-z]")
_TEMPLATE_BEGINS = frozenset("{$<%yYiI")


def is_spelt_like(name: str, known: str) -> bool:
    """Whether a name has the letters of a known one, as clientId and client-id have those of client_id."""
    return _NO_LETTERS.sub("", name.lower()) == _NO_LETTERS.sub("", known)


def is_template(value: str) -> bool:
    """Whether a value is a template that nobody filled in."""
    return value[:1] in _TEMPLATE_BEGINS and _TEMPLATE.fullmatch(value) is not None
