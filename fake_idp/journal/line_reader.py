"""A line of a journal made a record again; written for speed, for a journal may have a million of them."""

import base64
import json
from typing import cast

from fake_idp.classify import Kind
from fake_idp.journal import Connection, Exchange
from fake_idp.journal.line_shape import (
    Check,
    ConnectionShape,
    DeliveryShape,
    ExchangeShape,
    MessageShape,
    OpeningShape,
    RequestShape,
    ResponseShape,
    SecretShape,
)
from fake_idp.journal.record import FORMAT, Opening, Record
from fake_idp.secrets.redact import Secret
from fake_idp.system.json_number import finite, refuse
from fake_idp.wire import AT_ONCE, Delivery, Ending, Headers, Json, Request, Response

_EXCHANGE, _REQUEST, _RESPONSE = Check(ExchangeShape), Check(RequestShape), Check(ResponseShape)
_CONNECTION, _SECRET, _OPENING, _DELIVERY = map(Check, (ConnectionShape, SecretShape, OpeningShape, DeliveryShape))
_KINDS = {str(kind): kind for kind in Kind}
_NONE: frozenset[str] = frozenset()


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise ValueError("a member stands twice in one object")
    return record


_decode = json.JSONDecoder(object_pairs_hook=_unique, parse_float=finite, parse_constant=refuse).decode


class LineReader:
    """Reads lines one by one; header fields that stood so before are the same object again."""

    def __init__(self) -> None:
        """Know no header fields yet."""
        self._known: dict[tuple[object, ...], Headers] = {}

    def read(self, text: str, source: str = "") -> Record:
        """Give the record of a line; `source` is where it stands. Raises ValueError that says what is wrong."""
        line: Json = _decode(text)
        if not isinstance(line, dict):
            line = {}
        if "exchange" in line:
            return self._exchange(line, source)
        if "connection" in line:
            return _connection(line)
        if "issued" in line:
            _SECRET.demand(line)
            secret = cast("SecretShape", line)
            return Secret(secret["issued"], secret["value"])
        if "facts" in line:
            _OPENING.demand(line)
            opening = cast("OpeningShape", line)
            return Opening(facts=opening["facts"], child=opening.get("child"))
        if "journal" not in line:
            raise ValueError("it is not an object with a member exchange, connection, issued, facts or journal")
        if line["journal"] != FORMAT:
            raise ValueError(f"it is of version {line['journal']!r}, and this kit reads {FORMAT}")
        return Opening()

    def _exchange(self, line: dict[str, Json], source: str) -> Exchange:
        _EXCHANGE.demand(line)
        exchange = cast("ExchangeShape", line)
        kind = _KINDS.get(exchange["kind"])
        if kind is None:
            raise ValueError(f"{exchange['kind']!r} is not a kind: expected one of {', '.join(_KINDS)}")
        lost = exchange.get("lost")
        return Exchange(
            number=exchange["exchange"],
            kind=kind,
            request=self._request(exchange["request"]),
            response=self._response(exchange["response"]) if "response" in exchange else None,
            started=exchange.get("started", 0.0),
            ended=exchange.get("ended", 0.0),
            at=exchange.get("at", ""),
            scenario=exchange.get("scenario", ""),
            edited=exchange.get("edited", ""),
            lost=frozenset(map(str, lost)) if lost else _NONE,
            source=exchange.get("source") or source,
            via=exchange.get("via", 0),
            client=exchange.get("client", ""),
        )

    def _request(self, line: dict[str, Json]) -> Request:
        _REQUEST.demand(line)
        request = cast("RequestShape", line)
        return Request(
            method=request["method"],
            target=request["target"],
            headers=self._headers(request),
            body=_body(request),
            http_version=request.get("http_version", "1.1"),
            scheme=request.get("scheme", "http"),
        )

    def _response(self, line: dict[str, Json]) -> Response:
        _RESPONSE.demand(line)
        response = cast("ResponseShape", line)
        return Response(
            status=response["status"],
            headers=self._headers(response),
            body=_body(response),
            reason=response.get("reason", ""),
            delivery=_delivery(response["delivery"]) if "delivery" in response else AT_ONCE,
        )

    def _headers(self, message: MessageShape) -> Headers:
        try:
            raw = tuple(map(tuple, message.get("headers", ())))  # type: ignore[arg-type]  # or it raises
            known = self._known.get(raw)
        except TypeError:
            raise ValueError("a header is not a pair of texts [name, value]") from None
        if known is None:
            known = self._known[raw] = Headers(tuple(map(_header, raw)))
        return known


def _header(field: tuple[Json, ...]) -> tuple[str, str]:
    match field:
        case (str(name), str(value)):
            return name, value
    raise ValueError("a header is not a pair of texts [name, value]")


def _body(message: MessageShape | ConnectionShape) -> bytes:
    if "base64" in message:
        return base64.b64decode(message["base64"], validate=True)
    return message["body"].encode() if "body" in message else b""


def _delivery(line: dict[str, Json]) -> Delivery:
    _DELIVERY.demand(line)
    bent = cast("DeliveryShape", line)
    return Delivery(
        delay=bent.get("delay", 0.0),
        drip=bent.get("drip", 0.0),
        drip_bytes=bent.get("drip_bytes", 1),
        ending=Ending(bent.get("ending", "complete")),
        after=bent.get("after"),
        chunked=bent.get("chunked", False),
    )


def _connection(line: dict[str, Json]) -> Connection:
    _CONNECTION.demand(line)
    connection = cast("ConnectionShape", line)
    return Connection(
        number=connection["connection"],
        started=connection.get("started", 0.0),
        ended=connection.get("ended", 0.0),
        at=connection.get("at", ""),
        received=_body(connection),
        server_name=connection.get("server_name"),
        ending=connection.get("ending", ""),
        scenario=connection.get("scenario", ""),
    )
