"""Postman collections, environments and Newman's exports: every place that holds a secret, and what stands around it.

Variables keep their places; scripts and descriptions lose what is known, or named there, as a secret.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.document.filled import Filled, keep_references
from blastiq_conformance.redaction.document.naming import Named, kind_of, literals, to_exchanges
from blastiq_conformance.redaction.document.postman_message import Messages
from blastiq_conformance.redaction.document.tree import members
from blastiq_conformance.sources import newman
from blastiq_conformance.sources.environment import variables as listed_variables
from blastiq_conformance.sources.json_text import write_json
from blastiq_conformance.sources.postman import to_sent
from blastiq_conformance.sources.recorded import Message, to_evidence
from fake_idp.journal import Exchange
from fake_idp.wire import Json

_Members = Mapping[str, object]
_LISTS = ("variable", "values")
# Names, addresses and texts of a variable; whatever else it has is a value of it.
_OF_VARIABLE = frozenset({"key", "id", "name", "type", "description", "enabled", "disabled", "system"})


def is_postman(document: _Members) -> bool:
    """Whether a document is a collection, an environment, or what Newman wrote."""
    match document:
        case {"info": dict(), "item": list()} | {"run": dict()} | {"collection": {"item": list()}}:
            return True
        case {"values": list(), "name": str()}:
            return "log" not in document
        case _:
            return False


def postman(document: _Members, exchanges: Sequence[Exchange], redaction: Redaction, given: Mapping[str, str]) -> str:
    """Redact a document; `exchanges` is what was or would be sent, `given` what an environment beside it has."""
    text = json.dumps(document, ensure_ascii=False)
    own = _own(document)
    keep_references(text, redaction)
    named = dict.fromkeys((*_named(document, {**own, **given}), *_literals(document)))
    redaction.learn((*exchanges, *_saved(document, {**own, **given}), *to_exchanges(named)))
    filled = Filled(own, given, redaction)
    walk = _Walk(redaction, filled)
    # Postman indents by tabs.
    return filled.settled(lambda: write_json(walk.tree(document), "\t"))


def jetbrains(document: _Members, redaction: Redaction) -> str:
    """Redact an environment of JetBrains' HTTP Client: names of environments, and in them those of variables."""
    named = [(kind, str(value)) for name, value in _leaves(document) if (kind := kind_of(name)) and value]
    redaction.learn(to_exchanges(named))
    filled = Filled({}, {}, redaction)

    def shown(value: object, name: str) -> object:
        match value:
            case dict():
                return {key: shown(inner, str(key)) for key, inner in value.items()}
            case list():
                return [shown(inner, name) for inner in value]
            case str() | int() | float() if not isinstance(value, bool):
                new = filled.value(name, str(value))
                return value if new == str(value) else new
            case _:
                return value

    return write_json(shown(document, ""), 2)


def _leaves(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield name, value


def _own(document: _Members) -> dict[str, str]:
    """Give the variables of a document; those of Newman's environment go before those of its collection."""
    found: dict[str, str] = {}
    for part in (document, *(members(document.get(name)) for name in ("collection", "globals", "environment"))):
        found |= listed_variables(part.get("variable")) | listed_variables(part.get("values"))
    return found


def _parts(value: object) -> Iterator[_Members]:
    """Give every object in a document."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def _named(document: _Members, variables: Mapping[str, str]) -> Iterator[Named]:
    """Give the secrets that variables and settings name, but those that only stand for a variable."""
    filled = Filled({}, variables, Redaction())
    for name, value in _settings(document):
        kind = kind_of(name)
        resolved = "" if kind is None else filled.resolved(value)
        if kind is not None and "{{" not in resolved and "://" not in resolved:
            yield kind, resolved


def _settings(document: _Members) -> Iterator[tuple[str, str]]:
    """Give the names and values of variables and of authorizations; what requests have is learned as traffic."""
    for part in _parts(document):
        lists = [part.get(name) for name in _LISTS]
        for settings in members(part.get("auth")).values():
            lists.append(settings)
            yield from ((str(n), v) for n, v in members(settings).items() if isinstance(v, str))
        for each in (each for listed in lists if isinstance(listed, list) for each in listed):
            value = members(each).get("value")
            if isinstance(value, str):
                yield str(members(each).get("key", "")), value


def _literals(document: _Members) -> Iterator[Named]:
    for part in _parts(document):
        exec_ = part.get("exec")
        lines = exec_ if isinstance(exec_, list) else [exec_]
        yield from literals("\n".join(line for line in lines if isinstance(line, str)))
        description = part.get("description")
        yield from literals(description) if isinstance(description, str) else ()


def _saved(document: _Members, variables: Mapping[str, str]) -> Iterator[Exchange]:
    """Give the requests with their saved responses, of which no verdict is made; they hold secrets all the same."""
    messages = []
    for part in _parts(document):
        request, answer = part.get("originalRequest") or part.get("request"), part
        if request is None or not ("code" in part or "originalRequest" in part):
            continue
        try:
            sent = to_sent(cast("Json", request), variables)
            response = newman.response_of(cast("Json", dict(answer)))
        except ValueError:
            # What is none is read as a text.
            continue
        messages.append(Message(request=sent, response=response, source=""))
    yield from to_evidence(messages, None, None).exchanges


class _Walk:
    """Goes through a document and shows each place as what it is."""

    def __init__(self, redaction: Redaction, filled: Filled) -> None:
        self._redaction = redaction
        self._filled = filled
        self._messages = Messages(redaction, filled)

    def tree(self, value: object, name: str = "") -> object:
        match value:
            case str():
                return self._redaction.prose(value)
            case list():
                return [self.tree(each, name) for each in value]
            case dict():
                return {key: self._member(str(key), inner) for key, inner in value.items()}
            case _:
                return value

    def _member(self, name: str, value: object) -> object:
        if name in {"request", "originalRequest"} and isinstance(value, dict | str):
            return self._messages.request(value, self.tree)
        if name == "auth" and isinstance(value, dict):
            return self._messages.auth(value)
        if name in _LISTS and isinstance(value, list):
            return [self._variable(each) for each in value]
        if name == "response":
            return self._messages.responses(value, self.tree)
        if name == "exec":
            return self._script(value)
        return self.tree(value, name)

    def _variable(self, each: object) -> object:
        if not isinstance(each, dict):
            return self.tree(each)
        name = str(each.get("key") or each.get("id") or "")
        new: dict[str, object] = {}
        for member, value in each.items():
            secret = each.get("type") == "secret" and member == "value"
            if member in _OF_VARIABLE or isinstance(value, bool) or value is None:
                new[member] = self.tree(value) if member == "description" else value
            elif isinstance(value, str | int | float):
                kept = self._filled.value(name, str(value))
                kept = self._redaction.secret("value", kept) if secret and kept == str(value) else kept
                new[member] = value if kept == str(value) else kept
            else:
                new[member] = self.tree(value)
        return new

    def _script(self, value: object) -> object:
        if isinstance(value, str):
            return self._redaction.prose(value)
        # A literal may go over several lines, but then it is no secret that anyone could read.
        return (
            [self._redaction.prose(line) if isinstance(line, str) else line for line in value]
            if isinstance(value, list)
            else self.tree(value)
        )
