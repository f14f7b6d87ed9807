r"""The notation of a rule's examples: HTTP messages as text, read into evidence; test and help page at once.

A document is a row of blocks, parted by lines that start with `###`; what follows on that line is a comment, and
`### +2.5` lets so many seconds pass (`### -0.03`: what follows began before the last had ended). A block is a request
(request line, headers, empty line, body), and after a line `HTTP/1.1 STATUS` its response. A request without response
got none. Other blocks, one line each:

    facts: NAME = VALUE, NAME = VALUE      fields of Facts (username, password, scenario, authority, api_calls …)
    client: p1/p2                          the process that sent what follows (p1 until then; empty: nobody knows)
    exit: 1                                the child's exit status ("stopped", "flood", "timeout" and "asked" too)
    stdout: TEXT        stderr: TEXT       what the child wrote; `\n` is a new line
    connection: NAME ENDING                a TLS connection to that name that carried no request, and how it ended
    argv: WORD WORD                        a process that was seen, the child or one of its children
    file: 0644 PATH TEXT                   a file that the child wrote
    shipped: PATH TEXT                     a file that the vendor ships
    took: 65                               so many seconds passed until the last request had ended
    repeat: 20 +0.4                        the last request so many times again, each so many seconds after the other
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from blastiq_conformance.catalogue.example_messages import DISCOVERED, called, signed_in, story
from blastiq_conformance.evidence import Child, Evidence, Facts, WrittenFile
from fake_idp.classify import Endpoints, Kind, classify
from fake_idp.journal import Connection, Exchange
from fake_idp.secrets.search import Secret
from fake_idp.wire import Headers, Request, Response

USERNAME = "svc.pit-42@mine.example"
PASSWORD = "k7Fq2vN9xW4mZ8tR1pLs"
_DURATION = 0.05
_PAUSE = re.compile(r"### *([+-][0-9.]+)")


def read_example(text: str) -> Evidence:
    """Read an example; every username and password of the facts is a canary, as is every token in a 200 answer.

    It is compared with a client that works where nothing is odd.
    """
    evidence = _read(text)
    return replace(evidence, control=_control(evidence.facts.api_calls))


@cache
def _control(calls: int) -> Evidence:
    return _read(story(f"facts: benign = yes, api_calls = {calls}", DISCOVERED, signed_in(), *[called()] * calls))


def _read(text: str) -> Evidence:
    facts, child = Facts(username=USERNAME, password=PASSWORD), Child(exit_status=0)
    connections: list[Connection] = []
    exchanges: list[Exchange] = []
    client, now = "p1", 0.0
    for pause, block in _blocks(text):
        now += pause
        word, _, rest = block.partition(":")
        match word:
            case "facts":
                facts = _given(facts, rest)
            case "client":
                client = rest.strip()
            case "connection":
                name, _, ending = rest.strip().partition(" ")
                connections.append(Connection(number=len(exchanges), server_name=name, ending=ending))
            case "exit" | "stdout" | "stderr" | "argv" | "file":
                child = _did(child, word, rest)
            case "shipped":
                facts = replace(facts, shipped=(*facts.shipped, _file(f"0 {rest.strip()}")))
            case "took":
                now = exchanges[-1].started + float(rest)
                exchanges[-1] = replace(exchanges[-1], ended=now)
            case "repeat":
                exchanges += _again(exchanges[-1], rest)
                now = exchanges[-1].ended
            case _:
                exchanges.append(_exchange(block, len(exchanges) + 1, now, client))
                now += _DURATION
    evidence = Evidence(exchanges=tuple(exchanges), connections=tuple(connections), child=child, facts=facts)
    secrets = [("username", facts.username), ("password", facts.password)]
    secrets += [("access_token", token) for token in evidence.access_tokens]
    secrets += [("refresh_token", token) for token in evidence.refresh_tokens]
    secrets += [("id_token", str(r.answer["id_token"])) for r in evidence.token_requests if "id_token" in r.answer]
    issued = tuple(Secret(kind, value) for kind, value in secrets if value)
    return replace(evidence, facts=replace(facts, issued=issued))


def _blocks(text: str) -> Iterator[tuple[float, str]]:
    lines: list[str] = []
    pause = 0.0
    for line in [*text.strip().splitlines(), "###"]:
        if not line.startswith("###"):
            lines.append(line)
            continue
        if block := "\n".join(lines).strip():
            yield pause, block
            pause = 0.0
        lines = []
        pause += float(mark[1]) if (mark := _PAUSE.match(line)) else 0.0


def _given(facts: Facts, text: str) -> Facts:
    known: dict[str, Any] = {}
    for part in text.split(","):
        name, _, value = (word.strip() for word in part.partition("="))
        match name:
            case "username" | "password":
                known[name] = None if value == "unknown" else value
            case "api_calls" | "concurrency":
                known[name] = int(value)
            case "skips":
                known[name] = tuple(map(int, value.split()))
            case "verbose" | "benign" | "service" | "typed":
                known[name] = value == "yes"
            case "other_user":
                username, _, password = value.partition(":")
                known["other_users"] = (*facts.other_users, (username, password))
            case "scenario" | "variant" | "client_id" | "authority" | "flow" | "previous_password" | "ready_path":
                known[name] = value
            case _:
                raise ValueError(f"an example names the fact {name!r}, which no example can give")
    return replace(facts, **known)


def _did(child: Child, word: str, rest: str) -> Child:
    match word:
        case "stdout":
            return replace(child, stdout=_text(rest))
        case "stderr":
            return replace(child, stderr=_text(rest), last_words=(rest.strip(),))
        case "argv":
            return replace(child, processes=(*child.processes, tuple(rest.split())))
        case "file":
            return replace(child, files=(*child.files, _file(rest)))
        case _:
            return _ended(child, rest.strip())


def _text(rest: str) -> bytes:
    return rest.strip().replace("\\n", "\n").encode()


def _file(rest: str) -> WrittenFile:
    mode, path, text = rest.strip().split(" ", 2)
    return WrittenFile(path=path, content=_text(text), mode=int(mode, 8))


def _again(exchange: Exchange, rest: str) -> Iterator[Exchange]:
    times, pause = rest.split()
    for count in range(1, int(times) + 1):
        started = exchange.started + count * float(pause)
        number = exchange.number + count
        yield replace(exchange, number=number, started=started, ended=started + _DURATION)


def _ended(child: Child, how: str) -> Child:
    match how:
        case "stopped":
            return replace(child, exit_status=None, stopped=True)
        case "flood":
            return replace(child, exit_status=None, stopped=True, flood=10_004)
        case "timeout":
            return replace(child, exit_status=None, timed_out=True)
        case "asked":
            return replace(child, exit_status=1, asked=True)
        case _:
            return replace(child, exit_status=int(how))


def _exchange(block: str, number: int, started: float, client: str) -> Exchange:
    head, mark, answer = block.partition("\nHTTP/1.1 ")
    start, headers, body = _message(head)
    method, _, target = start.partition(" ")
    request = Request(method=method, target=target.strip(), headers=headers, body=body)
    return Exchange(
        number=number,
        kind=_kind(request),
        request=request,
        response=_response(answer) if mark else None,
        started=started,
        ended=started + _DURATION,
        client=client,
    )


def _response(text: str) -> Response:
    start, headers, body = _message(text)
    status, _, reason = start.partition(" ")
    return Response(status=int(status), reason=reason, headers=headers, body=body)


def _message(text: str) -> tuple[str, Headers, bytes]:
    head, _, body = text.strip("\n").partition("\n\n")
    start, *lines = head.splitlines()
    raw = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    # A line that starts with & goes on with the one before it: a body is one line on the wire, and long.
    return start, Headers(raw), body.strip("\n").replace("\n&", "&").encode("utf-8", "surrogateescape")


def _kind(request: Request) -> Kind:
    return classify(request, Endpoints())
