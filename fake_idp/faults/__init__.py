"""Named misbehaviours, one knob each, combinable, aimed at an endpoint and at call numbers."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from fake_idp.classify import Kind
from fake_idp.faults.spelling import Spelling, respell
from fake_idp.oidc.replies import JSON_TYPE
from fake_idp.wire import Delivery, Headers, Json, Request, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One misbehaviour. `calls` counts, from 1, the requests that `endpoint` and `grant` match; None means all.

    With `status` or `body` it replaces the answer; `members` and `without` bend the members of a JSON answer,
    `headers` and `media_type` set header fields, `spelling` writes the JSON in another way, `delivery` says how the
    answer leaves.
    """

    endpoint: Kind
    calls: Collection[int] | None = None
    grant: str | None = None
    status: int | None = None
    body: bytes | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    media_type: str | None = None
    members: Mapping[str, Json] = field(default_factory=dict, repr=False)
    without: frozenset[str] = frozenset()
    spelling: Spelling | None = None
    delivery: Delivery | None = None

    @property
    def replaces(self) -> bool:
        """Whether the real answer is not needed."""
        return self.status is not None or self.body is not None

    def aims_at(self, request: Request, kind: Kind) -> bool:
        """Say whether a request has the endpoint and grant that are meant; preflights never have."""
        if kind is not self.endpoint or request.method == "OPTIONS":
            return False
        return self.grant is None or any(
            pair.name.lower() == "grant_type" and pair.value == self.grant for pair in request.form
        )

    def bend(self, response: Response, request: Request) -> Response:
        """Give the answer as this fault changes it."""
        if self.replaces:
            body = self.body or b""
            fields = (("Content-Type", JSON_TYPE),) if body else ()
            response = Response(status=self.status or 200, headers=Headers(fields), body=body)
        if self.members or self.without:
            response = self._bend_members(response)
        if self.spelling is not None:
            response = respell(response, request, self.spelling)
        fields = (*((("Content-Type", self.media_type),) if self.media_type else ()), *self.headers)
        if fields:
            names = {name.lower() for name, _ in fields}
            kept = (field for field in response.headers if field[0].lower() not in names)
            response = replace(response, headers=Headers((*kept, *fields)))
        return response if self.delivery is None else replace(response, delivery=self.delivery)

    def _bend_members(self, response: Response) -> Response:
        members = response.json
        if not isinstance(members, dict):
            return response
        kept = {name: value for name, value in members.items() if name not in self.without}
        body = json.dumps(kept | dict(self.members), separators=(",", ":")).encode()
        return replace(response, body=body)
