"""Postman collections (v2.0, v2.1): what would be sent, or what was, where a response is saved with its request."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote, urlencode

from blastiq_conformance.sources.environment import variables as listed_variables
from blastiq_conformance.sources.postman_list import pairs
from blastiq_conformance.sources.postman_sign_in import has_token, settings_of, sign_in, with_token
from blastiq_conformance.sources.recorded import MalformedError, Message, unsent
from blastiq_conformance.sources.request import Pairs, field, multipart, to_request
from blastiq_conformance.sources.source_error import SourceError, placed
from blastiq_conformance.sources.template import resolve
from fake_idp.classify import Endpoints, Kind, classify
from fake_idp.secrets.basic import packed
from fake_idp.wire import FORM, Json, Request

Object = Mapping[str, Json]
_ADVICE = "export the collection again as Collection v2.1"
_DEEPEST = 50


def read(file: str, collection: Object, variables: Mapping[str, str]) -> list[Message]:
    """Read every request of a collection, folders too; a finding names its number among them. Raises SourceError."""
    known = listed_variables(collection.get("variable")) | dict(variables)
    messages: list[Message] = []
    asked: set[Request] = set()
    for index, (request, auth) in enumerate(_requests(file, collection, ()), start=1):
        source = f"{file}#{index}"
        with placed(file, f"request {index}", _ADVICE):
            sent = to_sent(request, known, auth)
            settings = settings_of(_effective(request, known, auth))
            signing_in = [each for each in sign_in(settings, source) if each.request not in asked]
        # Postman fetches a token once, for all that inherit the settings.
        asked.update(each.request for each in signing_in)
        # Requests to the identity server carry no token yet, whatever the settings of the folder say.
        signed = has_token(settings) and classify(sent, Endpoints()) in {Kind.API, Kind.OTHER}
        sent = with_token(sent, settings) if signed else sent
        messages += [*signing_in, unsent(sent, source, signed_in=signed)]
    return messages


def _effective(request: Json, variables: Mapping[str, str], inherited: Json) -> Json:
    own = request.get("auth") if isinstance(request, dict) else None
    return _filled({"auth": own or inherited}, variables)["auth"]


def _requests(file: str, folder: Object, auths: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Give each request with the authorization that it inherits."""
    if len(auths) > _DEEPEST:
        raise SourceError(file, "", "folders nested too deeply", _ADVICE)
    auths = (*auths, folder.get("auth"))
    items = folder.get("item")
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, dict):
            raise SourceError(file, "item", "not an object", _ADVICE)
        if "item" in item:
            yield from _requests(file, item, auths)
        elif "request" in item:
            yield item["request"], next((auth for auth in reversed(auths) if auth), None)


def to_sent(request: Json, variables: Mapping[str, str], inherited: Json = None) -> Request:
    """Give the request as Postman would send it; raises ValueError where it is none."""
    if isinstance(request, str):
        request = {"url": request, "method": "GET"}
    if not isinstance(request, dict):
        raise MalformedError("the request is not an object")
    filled = _filled(request, variables)
    method, body = filled.get("method", "GET"), request.get("body")
    headers = pairs(filled.get("header"))
    octets, media_type = content(body, variables) if isinstance(body, dict) else (b"", "")
    if media_type and field(headers, "content-type") is None:
        headers.append(("Content-Type", media_type))
    _authorize(headers, _effective(request, variables, inherited))
    return to_request(method if isinstance(method, str) else "GET", _url(filled.get("url")), headers, octets)


def _filled(value: Object, variables: Mapping[str, str]) -> dict[str, Json]:
    def fill(each: Json) -> Json:
        match each:
            case str():
                return resolve(each, variables)
            case list():
                return [fill(item) for item in each]
            case dict():
                return {name: fill(item) for name, item in each.items()}
            case _:
                return each

    return {name: fill(item) for name, item in value.items()}


def _url(url: Json) -> str:
    match url:
        case str():
            return url
        case {"raw": str(raw)}:
            return raw
        case {"host": list() as host, **more}:
            path, query = more.get("path"), more.get("query")
            where = "/".join(map(str, path)) if isinstance(path, list) else str(path or "")
            fields = urlencode(pairs(query), quote_via=quote, safe="")
            origin = f"{more.get('protocol') or 'http'}://{'.'.join(map(str, host))}"
            port = f":{more['port']}" if more.get("port") else ""
            return f"{origin}{port}/{where}" + (f"?{fields}" if fields else "")
        case _:
            raise MalformedError("the URL is neither text nor an object with its parts")


def content(held: Object, variables: Mapping[str, str]) -> tuple[bytes, str]:
    """Give a body as it would be sent, and its media type."""
    body = _filled(held, variables)
    match body.get("mode"):
        case "urlencoded":
            return urlencode(pairs(body.get("urlencoded")), quote_via=quote, safe="").encode(), FORM
        case "formdata":
            return multipart(pairs(body.get("formdata"))), "multipart/form-data; boundary=part"
        case "raw":
            raw, options = body.get("raw"), body.get("options")
            language = options.get("raw") if isinstance(options, dict) else None
            as_json = isinstance(language, dict) and language.get("language") == "json"
            text = raw if isinstance(raw, str) else ""
            return text.encode("utf-8", "replace"), "application/json" if as_json else "text/plain" if text else ""
        case _:
            return b"", ""


def _authorize(headers: Pairs, auth: Json) -> None:
    if field(headers, "authorization") is not None:
        return
    match auth:
        case {"type": "basic", "basic": given}:
            values = _values(given)
            both = packed(str(values.get("username", "")), str(values.get("password", "")), "replace")
            headers.append(("Authorization", f"Basic {both}"))
        case {"type": "bearer", "bearer": given}:
            headers.append(("Authorization", f"Bearer {_values(given).get('token', '')}"))


def _values(given: Json) -> Object:
    # Collections of v2.1 list them, those of v2.0 have an object.
    return dict(pairs(given)) if isinstance(given, list) else given if isinstance(given, dict) else {}
