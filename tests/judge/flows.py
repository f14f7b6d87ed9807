"""Recordings of clients with real servers, as HAR and as vcrpy writes them, each with the verdict that it is due.

What is due follows from what a client does, whatever the server forgave it. `python -m tests.judge.flows FOLDER` makes
the cassettes anew of the HAR files as they were recorded: CLIENT--SERVER.har.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

from blastiq_conformance.redaction.document import redacted
from tests.clients.launch import ROOT

CASSETTES = ROOT / "cassettes"
_COMMENT = "Recorded between client and server; secrets are placeholders. cassettes/README.md says where it comes from."


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A client with the servers that it was recorded with, and the rules that it breaks by errors and by warnings."""

    client: str
    servers: str
    errors: str = ""
    warnings: str = ""

    @property
    def names(self) -> list[str]:
        """The cassettes of it, below their folder and without the ending."""
        rule = self.errors.split(" ")[0]
        folder = f"flawed/BIQ{rule}-" if rule else "good/"
        return [f"{folder}{self.client}--{server}" for server in self.servers.split()]


_IS4, _IS2, _DUENDE = "identityserver4-4.1.2", "identityserver4-2.3.0", "duende-identityserver-7.4.8"
_ALL = f"{_IS4} {_IS2} {_DUENDE}"
FLOWS = (
    # Ten of the right clients in tests/clients/good.
    *(
        Flow(client=client, servers=_IS4)
        for client in ("curl", "httpx-async", "httpx-sync", "java-url", "node-fetch", "php-streams", "ruby", "urllib")
    ),
    *(Flow(client=client, servers=_ALL) for client in ("java-http", "php-curl")),
    # .NET: a form of one's own; libraries told to post the client id, or that always did.
    Flow(client="dotnet-httpclient-form", servers=f"{_IS4} {_DUENDE}"),
    Flow(client="dotnet-identitymodel-4", servers=f"{_IS4} {_IS2}"),
    Flow(client="dotnet-identitymodel-6-postbody", servers=_IS4),
    Flow(client="dotnet-duende-identitymodel-8-postbody", servers=f"{_IS4} {_DUENDE}"),
    Flow(client="dotnet-openiddict-7", servers=_IS4),
    # A flaw that the servers forgive stands in the refresh as well.
    Flow(client="dotnet-httpclient-audience", servers=_IS4, errors="211 504"),
    Flow(client="dotnet-httpclient-empty-secret", servers=_IS4, errors="210 504"),
    Flow(client="dotnet-identitymodel-6-default", servers=_ALL, errors="206 503", warnings="216"),
    # One that they do not forgive ends the recording.
    Flow(client="dotnet-httpclient-json", servers=_IS4, errors="202"),
    Flow(client="dotnet-httpclient-openid-scope", servers=_IS4, errors="212"),
)


def to_yaml(har: str) -> str:
    """Give a HAR as vcrpy's YAML: without times, header fields by name."""
    entries = json.loads(har)["log"]["entries"]
    return yaml.safe_dump({"interactions": [_interaction(entry) for entry in entries], "version": 1})


def _interaction(entry: dict[str, dict[str, object]]) -> dict[str, object]:
    sent, got = entry["request"], entry["response"]
    post, content = sent.get("postData"), got["content"]
    assert isinstance(content, dict)
    return {
        "request": {
            "body": post["text"] if isinstance(post, dict) else None,
            "headers": _headers(sent["headers"]),
            "method": sent["method"],
            "uri": sent["url"],
        },
        "response": {
            "body": {"string": content.get("text", "")},
            "headers": _headers(got["headers"]),
            "status": {"code": got["status"], "message": got["statusText"]},
        },
    }


def _headers(listed: object) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    assert isinstance(listed, list)
    for field in listed:
        headers.setdefault(field["name"], []).append(field["value"])
    return headers


def _write(folder: Path) -> None:
    for flow in FLOWS:
        for name in flow.names:
            recorded = folder / f"{flow.client}--{name.partition('--')[2]}.har"
            log = json.loads(redacted(recorded, {}))["log"]
            log |= {"creator": {"name": "recorded between client and server", "version": "1"}, "comment": _COMMENT}
            har = json.dumps({"log": log}, indent=1, ensure_ascii=False) + "\n"
            (CASSETTES / f"{name}.har").write_text(har, encoding="utf-8")
            (CASSETTES / f"{name}.yaml").write_text(to_yaml(har), encoding="utf-8")


if __name__ == "__main__":
    _write(Path(sys.argv[1]))
