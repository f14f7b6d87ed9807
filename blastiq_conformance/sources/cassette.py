"""vcrpy cassettes, YAML and JSON: what pytest-recording and vcrpy leave on disk, whatever client was recorded."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.sources.recorded import MalformedError, Message, to_evidence, unpacked
from blastiq_conformance.sources.request import to_request
from blastiq_conformance.sources.source_error import SourceError
from fake_idp.wire import Headers, Response

if TYPE_CHECKING:
    import yaml

_ADVICE = "record the cassette again, or give another file"


def read_interactions(
    file: str,
    interactions: Sequence[object],
    client_id: str | None = None,
    authority: str | None = None,
    lines: Sequence[int] = (),
) -> Evidence:
    """Read the interactions of a cassette; `lines` are where they begin in the file. Raises SourceError."""
    messages = []
    for index, interaction in enumerate(interactions, start=1):
        place = f":{lines[index - 1]}" if lines else f"#{index}"
        try:
            messages.append(_message(_object(interaction, "it"), file + place))
        except ValueError as error:
            raise SourceError(file, f"interaction {index}", str(error), _ADVICE) from None
    return to_evidence(messages, client_id, authority)


def read_yaml(file: str, text: str, client_id: str | None = None, authority: str | None = None) -> Evidence:
    """Read a YAML cassette with the safe loader: no tag of a language is carried out. Raises SourceError."""
    import yaml  # most files are no YAML

    loader = (getattr(yaml, "CSafeLoader", None) or yaml.SafeLoader)(text)
    try:
        node = loader.get_single_node()
        _inspect(node)
        document = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
        what = f"no YAML that can be read safely ({error.problem or error.context})"
        raise SourceError(file, place, what, _ADVICE) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else str(error).partition("\n")[0]
        raise SourceError(file, "", f"no YAML that can be read safely ({what})", _ADVICE) from None
    finally:
        loader.dispose()
    if not isinstance(document, dict) or not isinstance(document.get("interactions"), list):
        what = "neither JSON nor a cassette: no list of interactions at its top"
        raise SourceError(file, "", what, "give a journal, a HAR 1.2 file, or a vcrpy cassette")
    return read_interactions(file, document["interactions"], client_id, authority, _lines(node))


def _lines(node: "yaml.Node | None") -> list[int]:
    """Where each interaction begins."""
    for key, value in [] if node is None else node.value:
        if key.value == "interactions":
            return [item.start_mark.line + 1 for item in value.value]
    return []


def _inspect(top: "yaml.Node | None") -> None:
    """Refuse what the safe loader lets through: a key that stands twice, and merge keys, which can explode."""
    import yaml  # loaded already

    seen: set[int] = set()
    waiting = [] if top is None else [top]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        if isinstance(node, yaml.MappingNode):
            _inspect_keys(node)
            waiting += (part for pair in node.value for part in pair)


def _inspect_keys(node: "yaml.MappingNode") -> None:
    import yaml  # loaded already

    names: set[str] = set()
    for key, _ in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        if key.tag == "tag:yaml.org,2002:merge":
            raise yaml.MarkedYAMLError(problem="a merge key", problem_mark=key.start_mark)
        if name in names:
            raise yaml.MarkedYAMLError(problem=f"the key {name[:60]!r} stands twice", problem_mark=key.start_mark)
        names.add(name)


def _message(interaction: Mapping[str, object], source: str) -> Message:
    request = _object(interaction.get("request"), "request")
    body, headers = _body(request.get("body")), list(_headers(request.get("headers")))
    sent = to_request(_word(request.get("method"), "method"), _word(request.get("uri"), "uri"), headers, body)
    length = (sent.headers.get("content-length") or "").strip("0 ")
    return Message(
        request=sent,
        response=_response(_object(interaction.get("response"), "response")),
        source=source,
        request_missing="the request had a body, and the recording has none" if length and not body else "",
    )


def _response(response: Mapping[str, object]) -> Response:
    # Older versions wrote what httpx gave as status_code and content.
    status = response.get("status", {"code": response.get("status_code")})
    code, reason = (status.get("code"), status.get("message")) if isinstance(status, dict) else (status, "")
    if not isinstance(code, int):
        raise MalformedError(f"the status is {type(code).__name__}, and no number")
    headers = Headers(tuple(_headers(response.get("headers"))))
    body = _body(response.get("body", response.get("content")))
    return Response(
        status=code,
        reason=reason if isinstance(reason, str) else "",
        headers=headers,
        body=unpacked(body, headers.get("content-encoding")),
    )


def _headers(listed: object) -> Iterator[tuple[str, str]]:
    for name, values in _object(listed or {}, "headers").items():
        for value in values if isinstance(values, list | tuple) else (values,):
            text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
            yield str(name), text


def _body(body: object) -> bytes:
    match body:
        case None:
            return b""
        case bytes():
            return body
        case str():
            return body.encode("utf-8", "surrogatepass")
        case {"base64_string": str(text)}:
            return base64.b64decode(text, validate=True)
        case {"string": inner}:
            return _body(inner)
        case _:
            raise MalformedError(f"a body is {type(body).__name__}, and neither text nor bytes")


def _object(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise MalformedError(f"{name} is {type(value).__name__}, and no mapping")
    return value


def _word(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise MalformedError(f"{name} is {type(value).__name__}, and no text")
    return value
