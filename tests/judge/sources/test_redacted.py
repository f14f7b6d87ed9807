"""A cassette that pytest-recording redacted by `blastiq_vcr_config` is judged as the raw one is."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import vcr

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.plugin.cassette_filter import vcr_config
from blastiq_conformance.sources import read
from fake_idp.core import FakeIdp
from fake_idp.http.server import Listener, Server
from fake_idp.server_config import RefreshPolicy, ServerConfig, ServiceUser

USER = ServiceUser(username="svc.pit-42@mine.example", password="k7Fq2vN9 xW4m&Z8tR1pLs")
FORM = {
    "grant_type": "password",
    "username": USER.username,
    "password": USER.password,
    "client_id": "external.customer",
}
Client = Callable[[httpx.Client, Listener], None]


def signs_in(client: httpx.Client, listener: Listener, **more: str) -> str:
    client.get(listener.discovery_url)
    answer = client.post(listener.token_url, data=FORM | more).json()
    client.get(listener.api_url, headers={"Authorization": f"Bearer {answer['access_token']}"})
    return str(answer.get("refresh_token", ""))


def good(client: httpx.Client, listener: Listener) -> None:
    signs_in(client, listener)


def sends_audience(client: httpx.Client, listener: Listener) -> None:
    signs_in(client, listener, audience="x", scope="cosmos")


def sends_a_secret(client: httpx.Client, listener: Listener) -> None:
    signs_in(client, listener, client_secret="S3cr3t-of-the-mine")


def replays(client: httpx.Client, listener: Listener) -> None:
    refresh_token = signs_in(client, listener)
    for _ in range(2):
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": "external.customer"}
        client.post(listener.token_url, data=form)


def leaks(client: httpx.Client, listener: Listener) -> None:
    signs_in(client, listener)
    client.get(listener.api_url, params={"p": USER.password})


def outcomes(path: Path, listener: Listener) -> dict[str, tuple[Outcome, int]]:
    (evidence,) = read(path, authority=listener.authority)
    return {x.rule: (x.outcome, len(x.findings)) for x in judge(evidence, catalogue().values())}


@pytest.mark.parametrize("client", [good, sends_audience, sends_a_secret, replays, leaks])
def test_redaction_changes_no_verdict(tmp_path: Path, client: Client) -> None:
    """Presence, absence and equality are kept, whatever Content-Length says; no secret is left."""
    found = []
    for name, config in (("raw", {}), ("clean", vcr_config())):
        idp = FakeIdp(ServerConfig(users=(USER,), refresh_policy=RefreshPolicy.ONE_TIME))
        with Server() as server, httpx.Client() as http:
            listener = server.serve(idp)
            path = tmp_path / f"{name}.yaml"
            with vcr.VCR(record_mode="all", **config).use_cassette(str(path)):
                client(http, listener)
            found.append(outcomes(path, listener))
    raw, clean = found
    assert clean == raw
    assert "k7Fq2vN9" in (tmp_path / "raw.yaml").read_text()
    assert "k7Fq2vN9" not in (tmp_path / "clean.yaml").read_text()
    expected: dict[Client, str] = {sends_audience: "BIQ211", sends_a_secret: "BIQ209", replays: "", leaks: "", good: ""}
    assert not expected[client] or clean[expected[client]][0] is Outcome.FAILED
