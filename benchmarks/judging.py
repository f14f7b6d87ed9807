"""What the judge costs: all rules over a journal in memory, and whether that grows linearly with its length."""

import base64
import gc
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from benchmarks.table import Row
from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.evidence import Child, Evidence, Facts
from blastiq_conformance.judge.engine import judge
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.secrets.search import Secret
from fake_idp.wire import Headers, Request, Response

_GOAL = 40_000
_SIZES = (1_000, 10_000, 100_000)
_HOST = ("Host", "127.0.0.1:5000")
_CLIENT = (("User-Agent", "integration/1.4"), ("Accept", "application/json"), ("Accept-Encoding", "gzip, deflate"))
_FORM = ("Content-Type", "application/x-www-form-urlencoded")
_JSON = Headers((("Content-Type", "application/json; charset=UTF-8"), ("Cache-Control", "no-store")))
_AUTHORITY = "http://127.0.0.1:5000/identity"
_DOCUMENT = json.dumps({"issuer": _AUTHORITY, "token_endpoint": f"{_AUTHORITY}/connect/token"}).encode()
_DATA = b'{"site":"north","items":[{"id":1,"name":"Blast 1"},{"id":2,"name":"Blast 2"}]}'
_USERNAME, _PASSWORD = "svc.pit-42@mine.example", "k7Fq2vN9xW4mZ8tR1pLs"
_SIGN_IN = (
    f"grant_type=password&username=svc.pit-42%40mine.example&password={_PASSWORD}&client_id=external.customer".encode()
)


class _Integration:
    """A service that wakes once an hour: a token, nine calls twenty seconds apart; now and then something more."""

    def __init__(self) -> None:
        self._random = random.Random(4)
        self._number, self._now = 0, 0.0
        self.issued: list[Secret] = []

    def hours(self, *, calls: int) -> Iterator[Exchange]:
        """Work without end; discovery at every tenth start, a token that expires and is refreshed in every fifth."""
        for hour in range(1_000_000):
            if hour % 10 == 0:
                target = "/identity/.well-known/openid-configuration"
                yield self._exchange(Kind.DISCOVERY, "GET", target, (), b"", 200, _DOCUMENT)
            answer = self._answer()
            yield self._token(_SIGN_IN, answer)
            for call in range(calls):
                if hour % 5 == 4 and call == 4:
                    yield self._call(answer["access_token"], 401)
                    body = f"grant_type=refresh_token&refresh_token={answer['refresh_token']}"
                    answer = self._answer()
                    yield self._token(f"{body}&client_id=external.customer".encode(), answer)
                yield self._call(answer["access_token"], 200)
            self._now += 3600.0

    def _answer(self) -> dict[str, str]:
        # As long as the product's own.
        payload, signature = (self._random.randbytes(count) for count in (450, 256))
        parts = (b'{"alg":"RS256","kid":"1","typ":"at+jwt"}', b'{"sub":"' + payload.hex().encode() + b'"}', signature)
        token = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
        refresh_token = self._random.randbytes(32).hex().upper()
        self.issued += (Secret("access_token", token), Secret("refresh_token", refresh_token))
        return {"access_token": token, "refresh_token": refresh_token}

    def _token(self, body: bytes, answer: dict[str, str]) -> Exchange:
        members = {
            "access_token": answer["access_token"],
            "expires_in": 3600,
            "token_type": "Bearer",
            "refresh_token": answer["refresh_token"],
            "scope": "cosmos offline_access",
        }
        text = json.dumps(members, separators=(",", ":")).encode()
        return self._exchange(Kind.TOKEN, "POST", "/identity/connect/token", (_FORM,), body, 200, text)

    def _call(self, token: str, status: int) -> Exchange:
        header = ("Authorization", f"Bearer {token}")
        self._now += 20.0
        return self._exchange(Kind.API, "GET", "/api/v3/blasts", (header,), b"", status, _DATA)

    def _exchange(
        self,
        kind: Kind,
        method: str,
        target: str,
        headers: tuple[tuple[str, str], ...],
        body: bytes,
        status: int,
        answer: bytes,
    ) -> Exchange:
        self._number += 1
        self._now += 0.1
        return Exchange(
            number=self._number,
            kind=kind,
            request=Request(method=method, target=target, headers=Headers((_HOST, *_CLIENT, *headers)), body=body),
            response=Response(status=status, headers=Headers(_JSON.raw), body=answer),
            started=self._now - 0.05,
            ended=self._now,
            scenario="sign-in",
        )


def journal(count: int, *, calls: int = 9) -> Evidence:
    """Make so many exchanges of a correct client, none of them parsed yet."""
    integration = _Integration()
    exchanges = tuple(exchange for _, exchange in zip(range(count), integration.hours(calls=calls), strict=False))
    facts = Facts(username=_USERNAME, password=_PASSWORD, authority=_AUTHORITY, api_calls=1)
    issued = (Secret("username", _USERNAME), Secret("password", _PASSWORD), *integration.issued)
    child = Child(argv=("node", "app.js"), exit_status=0, stdout=b"signed in, 2 blasts\n" * 20)
    return Evidence(exchanges=exchanges, child=child, facts=replace(facts, issued=issued))


def seconds(make: Callable[[], Evidence], *, rounds: int = 3) -> float:
    """Give the CPU seconds of judging by all rules, the best of some rounds, each over an evidence never seen."""
    rules = tuple(catalogue().values())
    best = float("inf")
    for _ in range(rounds):
        evidence = make()
        gc.collect()
        started = time.process_time()
        results = judge(evidence, rules)
        best = min(best, time.process_time() - started)
        # A judge that is fast because it checks nothing would fail here, as would one that accuses a correct client.
        assert sum(result.outcome is Outcome.PASSED for result in results) > 20
        assert not any(result.outcome is Outcome.FAILED for result in results)
    return best


def measure() -> list[Row]:
    """Judge the mixed journal at three lengths, and a journal of token requests alone for comparison."""
    rates = {size: size / seconds(lambda size=size: journal(size)) for size in _SIZES}  # type: ignore[misc]  # mypy infers no lambda with a default
    rows = [
        Row(
            f"all {len(catalogue())} rules over {size:,} mixed exchanges",
            f"{rate:,.0f}/s, {1e6 / rate:.1f} µs each",
            f"≥ {_GOAL:,}/s",
            rate >= _GOAL,
        )
        for size, rate in rates.items()
    ]
    slowdown = rates[_SIZES[1]] / rates[_SIZES[-1]]
    rows.append(Row("time per exchange, 100,000 against 10,000", f"{slowdown:.2f} ×", "≤ 1.3 ×", slowdown <= 1.3))
    alone = 10_000 / seconds(lambda: journal(10_000, calls=0))
    rows.append(Row("10,000 token requests alone", f"{alone:,.0f}/s, {1e6 / alone:.1f} µs each", "–", None))
    return rows
