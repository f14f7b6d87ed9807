"""The record of what happened: exchanges and bare connections, in one list that threads share; it may be bounded."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from fake_idp.classify import Kind
from fake_idp.secrets.search import Secret
from fake_idp.wire import Ending, Request, Response

_NO_RESPONSE = Response(status=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its response; None if the peer left, or the fake stayed silent on purpose.

    `number` is given at arrival; `started` and `ended` are monotonic seconds, `at` is the wall time (ISO 8601, UTC).
    `edited` says why the evidence is incomplete (a filtered or truncated recording); empty if it is complete.
    `lost` names the parts concerned: "body" and "headers" of the request, "response"; empty: any part may be.
    `source` is where a recording was read from (file and place); empty in a live run.
    `via` is the number of its connection, from 1; 0 if it is unknown.
    `client` names the process behind the connection, `p1/p3` for p3 that p1 started; empty if it is unknown.
    """

    number: int
    kind: Kind
    request: Request
    response: Response | None = None
    started: float = 0.0
    ended: float = 0.0
    at: str = ""
    scenario: str = ""
    edited: str = ""
    lost: frozenset[str] = frozenset()
    source: str = ""
    via: int = 0
    client: str = ""

    @property
    def status(self) -> int | None:
        """The status of the answer; None if there was none."""
        return None if self.response is None else self.response.status

    @property
    def reply(self) -> Response:
        """The response; an empty one of status 0 if there was none."""
        return self.response or _NO_RESPONSE

    @property
    def code(self) -> int:
        """The status as a number to compare with; 0 if there was no answer."""
        return self.reply.status

    @property
    def came_whole(self) -> bool:
        """Whether the answer left whole: else the peer may have gone before the server noticed, and that is no end."""
        return self.response is not None and self.response.delivery.ending is Ending.COMPLETE


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A connection that carried no exchange: ClientHello, SNI, bytes that were not HTTP, how it ended."""

    number: int
    received: bytes = field(default=b"", repr=False)
    started: float = 0.0
    ended: float = 0.0
    at: str = ""
    scenario: str = ""
    server_name: str | None = None
    ending: str = ""


Entry = Exchange | Connection
Listener = Callable[[Entry], None]


# Issued with each answer; every other secret is issued once and never forgotten.
_PASSING = frozenset({"access_token", "refresh_token"})


class Journal:
    """Thread-safe; entries stand in the order of their numbers, `issued` are the kit's own secrets.

    A subscriber gets everything. With a bound, the oldest entries are forgotten: at least so many are kept, and at most
    half as many again.
    """

    def __init__(self, keep: int | None = None) -> None:
        """Start empty; `keep` is the bound, None to forget nothing."""
        self._keep = keep
        self._lock = threading.Lock()
        self._last = 0
        self._recorded = 0
        self._entries: list[Entry] = []
        self._issued: dict[Secret, None] = {}
        self._passing = 0
        # Replaced by longer ones, never changed: they are called without the lock.
        self._listeners: list[Listener] = []
        self._arrival_listeners: list[Callable[[], None]] = []
        self._secret_listeners: list[Callable[[Secret], None]] = []

    def next_number(self) -> int:
        """Give the number of something that has just arrived."""
        with self._lock:
            self._last += 1
            number = self._last
        for listener in self._arrival_listeners:
            listener()
        return number

    def append(self, entry: Entry) -> None:
        """Record an entry once it has ended, then tell those who subscribed."""
        with self._lock:
            self._entries.append(entry)
            self._recorded += 1
            self._last = max(self._last, entry.number)
            if self._keep is not None and len(self._entries) > self._keep + self._keep // 2:
                del self._entries[: len(self._entries) - self._keep]
            listeners = self._listeners
        for listener in listeners:
            listener(entry)

    def issue(self, secret: Secret) -> None:
        """Remember a value that the kit itself issued: dead after the run, and a canary during it."""
        with self._lock:
            if secret not in self._issued:
                self._issued[secret] = None
                self._passing += secret.kind in _PASSING
                self._forget_issued()
            listeners = self._secret_listeners
        for listener in listeners:
            listener(secret)

    def subscribe(self, listener: Listener, *, issued: Callable[[Secret], None] | None = None) -> None:
        """Call the listener, in the recording thread, with each entry from now on, and `issued` with each secret."""
        with self._lock:
            self._listeners = [*self._listeners, listener]
            if issued is not None:
                self._secret_listeners = [*self._secret_listeners, issued]

    def subscribe_arrivals(self, listener: Callable[[], None]) -> None:
        """Call the listener, in the receiving thread, whenever something has arrived, while its sender still waits."""
        with self._lock:
            self._arrival_listeners = [*self._arrival_listeners, listener]

    @property
    def issued(self) -> tuple[Secret, ...]:
        """The values that the kit issued, in order."""
        with self._lock:
            return tuple(self._issued)

    @property
    def under_way(self) -> int:
        """How many arrivals are not recorded yet."""
        with self._lock:
            return self._last - self._recorded

    @property
    def forgotten(self) -> int:
        """How many entries have been forgotten."""
        with self._lock:
            return self._recorded - len(self._entries)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything recorded so far, in order of arrival."""
        with self._lock:
            return tuple(sorted(self._entries, key=lambda entry: entry.number))

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges recorded so far, in order of arrival."""
        return tuple(entry for entry in self.entries if isinstance(entry, Exchange))

    @property
    def connections(self) -> tuple[Connection, ...]:
        """The connections without an exchange, in order of arrival."""
        return tuple(entry for entry in self.entries if isinstance(entry, Connection))

    def _forget_issued(self) -> None:
        # Two are issued with an answer, so those of the kept entries stay.
        if self._keep is None or self._passing <= 3 * self._keep:
            return
        passing = [secret for secret in self._issued if secret.kind in _PASSING]
        for secret in passing[: len(passing) - 2 * self._keep]:
            del self._issued[secret]
        self._passing = min(self._passing, 2 * self._keep)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)
