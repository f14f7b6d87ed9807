"""The output of Newman's JSON reporter: each request as it was sent, with its response."""

from collections.abc import Mapping

from blastiq_conformance.sources.postman import Object, content, to_sent
from blastiq_conformance.sources.postman_list import pairs
from blastiq_conformance.sources.recorded import NO_RESPONSE_BODY, MalformedError, Message, to_response
from blastiq_conformance.sources.source_error import SourceError, placed
from fake_idp.wire import Json, Response

_ADVICE = "run newman again with `--reporters json`"


def read(file: str, run: Object) -> list[Message]:
    """Read the executions of a run, in order; raises SourceError."""
    executions = run.get("executions")
    if not isinstance(executions, list):
        raise SourceError(file, "run", "no list of executions", _ADVICE)
    messages: list[Message] = []
    for index, execution in enumerate(executions, start=1):
        with placed(file, f"execution {index}", _ADVICE):
            message = _message(execution, f"{file}#{index}")
        if message is not None:
            messages.append(message)
    return messages


def _message(execution: Json, source: str) -> Message | None:
    if not isinstance(execution, dict):
        raise MalformedError("it is not an object")
    if not execution.get("request"):
        # A script may skip a request.
        return None
    response, gap = _response(execution.get("response"))
    return Message(request=to_sent(execution["request"], {}), response=response, source=source, response_missing=gap)


def _response(response: Json) -> tuple[Response | None, str]:
    if not isinstance(response, dict):
        return None, ""
    body, seen = _body(response.get("stream"), response.get("body"))
    gap = "" if seen or not response.get("responseSize") else NO_RESPONSE_BODY
    return to_response(response.get("code"), response.get("status"), pairs(response.get("header")), body), gap


def _body(stream: Json, text: Json) -> tuple[bytes, bool]:
    match stream, text:
        case {"data": list() as octets}, _:
            return bytes(octet for octet in octets if isinstance(octet, int) and 0 <= octet < 256), True
        case _, str():
            return text.encode("utf-8", "replace"), True
        case _:
            return b"", False


def body_of(message: Object, variables: Mapping[str, str]) -> bytes:
    """Give the body of a request, as it would be sent, or of a response."""
    match message.get("body"):
        case dict() as body:
            return content(body, variables)[0]
        case text:
            return _body(message.get("stream"), text)[0]
