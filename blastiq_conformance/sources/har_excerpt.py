"""What is kept of a HAR entry where the file is too large for memory: all that could come from an identity server."""

from collections.abc import Mapping
from typing import cast

from blastiq_conformance.sources.recorded import LOST
from fake_idp.wire import Json

# No answer of a token endpoint is that long; pictures and scripts are.
_LONGEST_TEXT = 64 * 1024
# Words in a token request, and in an answer that brings a token or an endpoint, or says why not.
_ASKING = ("token", "grant_type")
_TELLING = ("_token", "issuer", "error")


def excerpt(entry: Json) -> Json:
    """Remove an answer that no rule reads; where a rule might read it, the entry says that it is lost."""
    match entry:
        case {"response": {"content": {"text": str(text)}}}:
            # They are members of a parsed file, which the pattern does not express.
            members = cast("dict[str, Json]", entry)
        case _:
            return entry
    response = cast("dict[str, Json]", members["response"])
    asked = _asks_for_token(members.get("request"))
    coded = "encoding" in cast("dict[str, Json]", response["content"])
    if len(text) <= _LONGEST_TEXT and (asked or coded or any(word in text for word in _TELLING)):
        return entry
    lost: dict[str, Json] = {"response": f"its answer of {len(text):,} characters is too long to be kept"}
    return members | {"response": _head(response)} | ({LOST: lost} if asked else {})


def _asks_for_token(request: Json) -> bool:
    if not isinstance(request, dict):
        return False
    return any(word in str(request.get(place)).lower() for place in ("url", "postData") for word in _ASKING)


def _head(response: Mapping[str, Json]) -> dict[str, Json]:
    # The headers of an error or a redirect count too, but not the length of a removed body.
    status, fields = response.get("status"), response.get("headers")
    if (isinstance(status, int) and status < 300) or not isinstance(fields, list):
        return {"status": status}
    return {"status": status, "headers": [field for field in fields if not _is_length(field)]}


def _is_length(field: Json) -> bool:
    return isinstance(field, dict) and str(field.get("name")).lower() == "content-length"
