"""HAR 1.2 of the sign-in and of the exchanges that findings name, redacted as in the model, for traffic viewers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from urllib.parse import parse_qsl

from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.shape import Model, ReportShape, RequestShape, ResponseShape
from blastiq_conformance.writers.json import dump
from blastiq_conformance.writers.reading import targets
from fake_idp.system.plain_text import plain, tame

_NO_TIME = "1970-01-01T00:00:00.000Z"
_COMMENT = "Redacted. Each exchange bears the time of the first request, or none (1970)."


def write(model: Model) -> str:
    """Write the exchanges of all targets, one target after the other."""
    reports = targets(model)
    tool = next(iter(reports.values()))["tool"]
    log = {
        "version": "1.2",
        "creator": {"name": tool["name"], "version": tool["version"]},
        "entries": list(chain.from_iterable(_entries(name, report) for name, report in reports.items())),
        "comment": _COMMENT,
        "_blastiq": [
            {
                "target": name,
                "verdict": report["verdict"],
                "counts": report["counts"],
                "other_hosts": report["other_hosts"],
            }
            for name, report in reports.items()
        ],
    }
    return dump({"log": log})


def _entries(target: str, report: ReportShape) -> Iterator[Mapping[str, object]]:
    found = grouped(
        (
            finding["shown"],
            {"rule": result["rule"], "severity": finding["severity"], "message": tame(finding["message"])},
        )
        for result in report["results"]
        for finding in result["findings"]
    )
    for index, exchange in enumerate(report["exchanges"]):
        yield {
            "startedDateTime": _time(report),
            "time": 0,
            "request": _request(exchange["request"]),
            "response": _response(exchange["response"]),
            "cache": {},
            "timings": {"send": 0, "wait": 0, "receive": 0},
            "comment": tame(exchange["edited"]),
            "_target": target,
            "_scenario": exchange["scenario"],
            "_exchange": exchange["exchange"],
            "_kind": exchange["kind"],
            "_findings": found.get(index, []),
        }


def _time(report: ReportShape) -> str:
    first = report["volatile"].get("first", "")
    try:
        datetime.fromisoformat(first)
    except ValueError:
        return _NO_TIME
    return first


def url_of(request: RequestShape) -> str:
    """Give the absolute URL of a request, as far as its headers show it."""
    target = request["target"]
    if not re.match("https?://", target, re.IGNORECASE):
        host = _header(request["headers"], "host") or "host.invalid"
        local = re.match(r"(127\.0\.0\.1|localhost|\[::1\])(:|$)", host)
        target = f"{'http' if local else 'https'}://{host}{'' if target.startswith('/') else '/'}{target}"
    return plain(target).replace(" ", "%20")


def _request(request: RequestShape) -> Mapping[str, object]:
    url = url_of(request)
    made: dict[str, object] = {
        "method": tame(request["method"]),
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(request["headers"]),
        "queryString": _named(parse_qsl(url.partition("#")[0].partition("?")[2], keep_blank_values=True)),
        "headersSize": -1,
        "bodySize": -1,
    }
    if request["body"]:
        made["postData"] = {
            "mimeType": tame(_header(request["headers"], "content-type")),
            "text": tame(request["body"]),
        }
    return made


def _response(response: ResponseShape | None) -> Mapping[str, object]:
    answer: ResponseShape = response or {"status": 0, "headers": [], "body": ""}
    headers, body = answer["headers"], tame(answer["body"])
    return {
        "status": answer["status"],
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(headers),
        "content": {"size": len(body.encode()), "mimeType": tame(_header(headers, "content-type")), "text": body},
        "redirectURL": tame(_header(headers, "location")),
        "headersSize": -1,
        "bodySize": -1,
        "comment": "no response" if response is None else "",
    }


def _named(pairs: Iterable[Sequence[str]]) -> list[Mapping[str, object]]:
    return [{"name": tame(name), "value": tame(value)} for name, value in pairs]


def _header(headers: list[list[str]], wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")
