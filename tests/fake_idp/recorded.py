"""What the products answered, read from their recordings: questions in their order, each with request and answer."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from fake_idp.server_config import Flavour
from fake_idp.wire import Headers, Json, Request, Response

FOLDER = Path(__file__).parent / "recordings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A file, the flavour that imitates what answered, and whether a person had signed in with a browser."""

    file: str
    flavour: Flavour
    attended: bool = False

    @property
    def name(self) -> str:
        """What the table of facts calls it."""
        return self.file.removesuffix(".har")


API = "aspnetcore-jwtbearer-10.0"
RECORDINGS = (
    Recording(file="identityserver4-4.1.2.har", flavour=Flavour.IS4),
    Recording(file="identityserver4-2.3.0.har", flavour=Flavour.IS4_V2),
    Recording(file="duende-identityserver-7.4.8.har", flavour=Flavour.DUENDE),
    Recording(file="identityserver4-4.1.2-browser.har", flavour=Flavour.IS4, attended=True),
    Recording(file="duende-identityserver-7.4.8-browser.har", flavour=Flavour.DUENDE, attended=True),
    Recording(file=f"{API}.har", flavour=Flavour.IS4),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request and the product's answer; `asked` is seconds since the epoch."""

    name: str
    asked: float
    origin: str
    request: Request
    answer: Response


@cache
def read(recording: Recording) -> tuple[Question, ...]:
    """Read a recording."""
    log = json.loads((FOLDER / recording.file).read_text(encoding="utf-8"))["log"]
    return tuple(_question(entry) for entry in log["entries"])


def _question(entry: dict[str, Json]) -> Question:
    asked, answered = entry["request"], entry["response"]
    assert isinstance(asked, dict)
    assert isinstance(answered, dict)
    parts = urlsplit(str(asked["url"]))
    posted, content = asked.get("postData"), answered["content"]
    assert isinstance(content, dict)
    return Question(
        name=str(entry["comment"]),
        asked=datetime.fromisoformat(str(entry["startedDateTime"])).timestamp(),
        origin=f"{parts.scheme}://{parts.netloc}",
        request=Request(
            method=str(asked["method"]),
            target=parts.path + (f"?{parts.query}" if parts.query else ""),
            headers=_headers(asked["headers"]),
            body=str(posted["text"]).encode() if isinstance(posted, dict) else b"",
        ),
        answer=Response(
            status=int(str(answered["status"])),
            headers=_headers(answered["headers"]),
            body=str(content.get("text", "")).encode(),
        ),
    )


def _headers(fields: Json) -> Headers:
    assert isinstance(fields, list)
    return Headers(tuple((str(each["name"]), str(each["value"])) for each in fields if isinstance(each, dict)))
