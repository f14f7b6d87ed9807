"""A suite of a vendor's, in a folder of its own."""

import importlib

import pytest

from tests.judge.plugin.alone import ALONE

# pytester takes modules back that a suite imported; those with state of their own must be one and the same throughout.
for _name in ("plugin.door", "plugin.live", "runner.run", "scenarios", "redaction", "writers.terminal", "report.model"):
    importlib.import_module(f"blastiq_conformance.{_name}")
for _name in ("fake_idp.inprocess", "fake_idp.http.server", "fake_idp.oidc.tokens", "jwt.algorithms", "respx.plugin"):
    importlib.import_module(_name)

_CLIENT = """
import httpx

AUTHORITY = "https://www.blastiq.com/identity"
API = "https://www.blastiq.com/api"


def sign_in(user, authority=AUTHORITY, **more):
    document = httpx.get(authority + "/.well-known/openid-configuration").json()
    fields = {"grant_type": "password", "username": user.username, "password": user.password}
    answer = httpx.post(document["token_endpoint"], data=fields | {"client_id": "external.customer"} | more)
    return answer.json()


def call(token, api=API):
    return httpx.get(api, headers={"Authorization": f"Bearer {token}"})
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder with a small httpx client to test; plugins that no test is about stay away."""
    monkeypatch.setenv("PYTEST_ADDOPTS", ALONE)
    pytester.makepyfile(client=_CLIENT)
    return pytester
