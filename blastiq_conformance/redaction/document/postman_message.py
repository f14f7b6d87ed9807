"""The messages of Postman's formats: requests as they are written, saved responses, settings of an authorization."""

import base64
from collections.abc import Callable, Mapping

from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.body import body
from blastiq_conformance.redaction.document.filled import Filled
from blastiq_conformance.redaction.document.naming import kind_of
from blastiq_conformance.redaction.document.tree import field, members
from blastiq_conformance.redaction.message import fitted, header, url
from fake_idp.wire import Headers

Tree = Callable[[object], object]
_Members = Mapping[str, object]


class Messages:
    """Shows the places of requests and responses, resolved where variables stand in them."""

    def __init__(self, redaction: Redaction, filled: Filled) -> None:
        """Take what has learned from the whole document, and its variables."""
        self._redaction = redaction
        self._filled = filled

    def request(self, request: object, tree: Tree) -> object:
        """Redact a request; `tree` is for whatever is no part of the message."""
        if isinstance(request, str):
            return self._url(request)
        held = members(request)
        new: dict[str, object] = {}
        content, more = self._body(held.get("body"), held, tree)
        for name, value in held.items():
            match name:
                case "url":
                    new[name] = self._address(value, tree)
                case "header":
                    new[name] = self._headers(value, tree, more)
                case "body" if isinstance(value, dict):
                    new[name] = content
                case "auth" if isinstance(value, dict):
                    new[name] = self.auth(value)
                case _:
                    new[name] = tree(value)
        return new

    def responses(self, value: object, tree: Tree) -> object:
        """Redact one response, or the list of those that were saved."""
        if isinstance(value, list):
            return [self.responses(each, tree) for each in value]
        if not isinstance(value, dict):
            return tree(value)
        new, more = self._answer(value)
        for name, part in value.items():
            match name:
                case "originalRequest" if isinstance(part, dict | str):
                    new[name] = self.request(part, tree)
                case "header":
                    new[name] = self._headers(part, tree, more)
                case "cookie" if isinstance(part, list):
                    new[name] = [self._cookie(each, tree) for each in part]
                case "responseSize" if isinstance(part, int):
                    new[name] = max(1, part + more) if part else part
                case _ if name not in new:
                    new[name] = tree(part)
        return {name: new[name] for name in value}

    def _answer(self, response: _Members) -> tuple[dict[str, object], int]:
        """Redact the body of a response: text, or the bytes that Newman keeps; and tell how much longer it became."""
        listed = Headers(tuple(_pairs(response.get("header"))))
        new: dict[str, object] = {}
        more = 0
        if isinstance(text := response.get("body"), str):
            shown = self._text(text, listed, asked=False)
            new["body"], more = shown, _length(shown) - _length(text)
        match response.get("stream"):
            case {"data": list() as octets, **others} if all(isinstance(o, int) and 0 <= o < 256 for o in octets):
                data = body(bytes(octets), listed, self._redaction, asked=False)
                new["stream"], more = {**others, "data": list(data)}, len(data) - len(octets)
        return new, more

    def auth(self, auth: _Members) -> object:
        """Redact the settings of an authorization, in a list of keys and values or as an object."""
        return {name: self._settings(name, given) for name, given in auth.items()}

    def _settings(self, kind: str, given: object) -> object:
        if isinstance(given, dict):
            listed: list[object] = [{"key": name, "value": value} for name, value in given.items()]
            shown = [members(each) for each in self._listed(kind, listed)]
            return {each["key"]: each.get("value") for each in shown}
        return self._listed(kind, given) if isinstance(given, list) else given

    def _listed(self, kind: str, listed: list[object]) -> list[object]:
        if kind == "basic":
            return self._basic(listed)
        return [self._setting(each) for each in listed]

    def _setting(self, each: object) -> object:
        held = members(each)
        name, value = str(held.get("key", "")), held.get("value")
        if isinstance(value, list):
            return {**held, "value": [self._setting(inner) for inner in value]}
        if not isinstance(value, str):
            return each
        return {**held, "value": self._filled.place(value, lambda text: self._named(name, text))}

    def _named(self, name: str, value: str) -> str:
        # The value of an API key stands beside its name, under no name of its own.
        kind = "api_key" if name == "value" else kind_of(name)
        if "://" in value:
            return url(value, self._redaction)
        if name == "headerPrefix":
            return value
        return self._redaction.secret(kind, value) if kind is not None else field(name, value, self._redaction)

    def _basic(self, listed: list[object]) -> list[object]:
        """Show a name and a password as the header would have them: of a client's name, they stay."""
        given = {str(members(each).get("key", "")): members(each).get("value") for each in listed}
        name, password = (str(given.get(key) or "") for key in ("username", "password"))
        new: dict[str, str] = {}
        for key, text, place in (("username", name, 0), ("password", password, 2)):

            def show(value: str, key: str = key, place: int = place) -> str:
                both = {"username": self._filled.resolved(name), "password": self._filled.resolved(password)}
                if value != both[key]:
                    return value
                return self._pair(both["username"], both["password"]).partition(":")[place]

            new[key] = self._filled.place(text, show)
        return [
            {**members(each), "value": new[key]} if (key := str(members(each).get("key", ""))) in new else each
            for each in listed
        ]

    def _pair(self, name: str, password: str) -> str:
        both = base64.b64encode(f"{name}:{password}".encode("utf-8", "surrogateescape")).decode()
        shown = header("Authorization", f"Basic {both}", self._redaction).partition(" ")[2]
        try:
            return base64.b64decode(shown, validate=True).decode("utf-8", "surrogateescape")
        except ValueError:
            return f"{shown}:"

    def _url(self, text: str) -> str:
        return self._filled.place(text, lambda value: url(value, self._redaction))

    def _address(self, value: object, tree: Tree) -> object:
        if isinstance(value, str):
            return self._url(value)
        held = members(value)
        new: dict[str, object] = {}
        for name, part in held.items():
            match name, part:
                case "raw", str():
                    new[name] = self._url(part)
                case "query" | "variable", list():
                    new[name] = [self._pair_of(each, tree) for each in part]
                case "path" | "host", list():
                    new[name] = [self._url(each) if isinstance(each, str) else tree(each) for each in part]
                case "hash" | "path", str():
                    new[name] = self._url(part)
                case "auth", dict():
                    new[name] = self.auth(part) if "type" in part else self._settings("", part)
                case _:
                    new[name] = part if name in {"protocol", "port"} else tree(part)
        return new if isinstance(value, dict) else tree(value)

    def _pair_of(self, each: object, tree: Tree) -> object:
        held = members(each)
        if not isinstance(each, dict):
            return tree(each)
        name = str(held.get("key") or "")
        new = {n: v if n in {"key", "type", "src"} else tree(v) for n, v in held.items() if n != "value"}
        if isinstance(value := held.get("value"), str):
            new["value"] = self._filled.place(value, lambda text: field(name, text, self._redaction))
        return {n: new.get(n, held[n]) for n in held}

    def _cookie(self, each: object, tree: Tree) -> object:
        held = members(each)
        shown = tree({n: v for n, v in held.items() if n != "value"})
        value = held.get("value")
        new = self._redaction.odd_one("cookie", value) if isinstance(value, str) and len(value) >= 8 else value
        return {**members(shown), "value": new} if "value" in held else shown

    def _headers(self, value: object, tree: Tree, more: int) -> object:
        def shown(name: str, text: str) -> str:
            return self._filled.place(text, lambda each: fitted(name, header(name, each, self._redaction), more))

        if isinstance(value, str):
            # As older collections have them: a line each.
            lines = (line.partition(":") for line in value.split("\n"))
            return "\n".join(f"{name}{colon}{shown(name.strip(), text)}" for name, colon, text in lines)
        if not isinstance(value, list):
            return tree(value)
        new = []
        for each in value:
            held = members(each)
            name, text = str(held.get("key", "")), held.get("value")
            others = {n: v if n == "key" else tree(v) for n, v in held.items()}
            new.append({**others, "value": shown(name, text)} if isinstance(text, str) else others or tree(each))
        return new

    def _body(self, value: object, request: _Members, tree: Tree) -> tuple[object, int]:
        held = members(value)
        new: dict[str, object] = {}
        more = 0
        for name, part in held.items():
            match name, part:
                case (("urlencoded" | "formdata"), list()):
                    new[name] = [self._pair_of(each, tree) for each in part]
                case "raw", str():
                    shown = self._text(part, _headers_of(request, held), asked=True)
                    new[name], more = shown, _length(shown) - _length(part)
                case _:
                    new[name] = part if name in {"mode", "options", "disabled"} else tree(part)
        return new, more

    def _text(self, text: str, headers: Headers, *, asked: bool) -> str:
        def show(value: str) -> str:
            octets = value.encode("utf-8", "surrogatepass")
            return body(octets, headers, self._redaction, asked=asked).decode("utf-8", "surrogatepass")

        return self._filled.place(text, show)


def _length(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _pairs(listed: object) -> list[tuple[str, str]]:
    held = (members(each) for each in listed) if isinstance(listed, list) else ()
    return [(str(each["key"]), str(each.get("value") or "")) for each in held if "key" in each]


def _headers_of(request: _Members, content: _Members) -> Headers:
    listed = _pairs(request.get("header"))
    language = members(members(content.get("options")).get("raw")).get("language")
    if language == "json" and not any(name.lower() == "content-type" for name, _ in listed):
        listed.append(("Content-Type", "application/json"))
    return Headers(tuple(listed))
