"""Recordings of the products with one answer changed: what an edit does, and which traits it must show in."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from fake_idp.secrets.token_parts import read_parts
from tests.fake_idp.recorded import FOLDER

Entry = dict[str, Any]
Change = Callable[[Entry], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A change of the answer to a question; all of the `traits`, and no others, differ by it."""

    file: str
    question: str
    change: Change
    traits: tuple[str, ...]


def status(to: int) -> Change:
    """Answer with another status."""

    def change(entry: Entry) -> None:
        entry["response"]["status"] = to

    return change


def header(name: str, *values: str) -> Change:
    """Put values in place of a header's, none to leave it out."""

    def change(entry: Entry) -> None:
        kept = [each for each in entry["response"]["headers"] if each["name"].lower() != name.lower()]
        entry["response"]["headers"] = kept + [{"name": name, "value": value} for value in values]

    return change


def body(edit: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """Edit the members of a JSON answer."""

    def change(entry: Entry) -> None:
        content = entry["response"]["content"]
        content["text"] = json.dumps(edit(json.loads(content["text"])))

    return change


def member(name: str, value: Any) -> Change:
    """Give a member another value."""
    return body(lambda members: {**members, name: value})


def without(name: str) -> Change:
    """Leave a member out."""
    return body(lambda members: {each: value for each, value in members.items() if each != name})


def token(which: str, place: int, edit: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """Edit the header (0) or the claims (1) of a token; nobody looks at its signature."""

    def edited(members: dict[str, Any]) -> dict[str, Any]:
        parts = members[which].split(".")
        read = read_parts(members[which])[place]
        assert isinstance(read, dict)
        parts[place] = base64.urlsafe_b64encode(json.dumps(edit(read)).encode()).decode().rstrip("=")
        return {**members, which: ".".join(parts)}

    return body(edited)


def claims(edit: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """Edit the claims of an access token."""
    return token("access_token", 1, edit)


def location(edit: Callable[[dict[str, str]], dict[str, str]], end: str | None = None) -> Change:
    """Edit the members of an answer by redirect, and what stands behind them."""

    def change(entry: Entry) -> None:
        for each in entry["response"]["headers"]:
            if each["name"].lower() == "location":
                parts = urlsplit(each["value"])
                query = urlencode(edit(dict(parse_qsl(parts.query)))).replace("+", "%20")
                each["value"] = parts._replace(query=query, fragment=parts.fragment if end is None else end).geturl()

    return change


def drop(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Give an edit that leaves a member out."""
    return lambda members: {each: value for each, value in members.items() if each != name}


def put(name: str, value: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Give an edit that sets a member."""
    return lambda members: {**members, name: value}


@cache
def few(file: str, questions: frozenset[str]) -> str:
    """Give a recording with these questions alone."""
    log = json.loads((FOLDER / f"{file}.har").read_text(encoding="utf-8"))
    log["log"]["entries"] = [entry for entry in log["log"]["entries"] if entry["comment"] in questions]
    return json.dumps(log)
