"""BIQ501: the work goes on after the token has expired."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Problems, Severity, Symptom, rule
from blastiq_conformance.catalogue.example_messages import RENEWED, TOKEN_2, called, died, signed_in, story
from blastiq_conformance.evidence import ApiCall, Evidence, Exchange
from blastiq_conformance.evidence.clients import AT_ONCE, Client, clients

# One more call with a token that was just refused may be a retry; a second is not an accident.
_STUBBORN = 2
_SEVERAL = "several callers share the token, and it may have died again before the second try of the last of them"


@dataclass(frozen=True, kw_only=True)
class _Lives:
    """The tokens that worked, and the first refused call with the token that died last.

    `lost` is how many calls a client was right to give up, as the work went on without them. `shared`: several callers
    had the token. `dropped`: a refused call may not have been repeated.
    """

    evidence: Evidence
    worked: frozenset[str]
    death: ApiCall | None
    lost: int
    dropped: bool
    shared: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that this rests on."""
        return self.evidence.exchanges

    @property
    def since(self) -> int:
        """The number of that call."""
        return 0 if self.death is None else self.death.exchange.number

    @property
    def renewed(self) -> bool:
        """Whether a new token came after it."""
        return any(number > self.since for number in self.evidence.access_tokens.values())

    @property
    def resumed(self) -> bool:
        """Whether the API took a call with a token that came after it."""
        issued = self.evidence.access_tokens
        return any(issued.get(call.issued_token or "", 0) > self.since for call in self.evidence.good_calls)

    @property
    def stubborn(self) -> bool:
        """Whether callers who knew kept using the dead token, and no new one came."""
        if self.death is None or self.renewed:
            return False
        death = self.death.exchange
        later = [call for call in self.evidence.api_calls if call.exchange.number > death.number]
        # A process that was started beside it has not heard.
        known = [
            call
            for call in later
            if call.exchange.started - death.ended >= (0.0 if call.exchange.client == death.client else AT_ONCE)
        ]
        return sum(call.issued_token == self.death.issued_token for call in known) >= _STUBBORN


@dataclass
class _Course:
    """How the calls of a client went: `owed` were refused with a dead token and not made again with a newer one."""

    client: Client
    worked: set[str] = field(default_factory=set)
    deaths: dict[str, ApiCall] = field(default_factory=dict)
    owed: list[ApiCall] = field(default_factory=list)
    lost: int = 0
    dropped: bool = False

    @property
    def last(self) -> int:
        """The number of its last call that the API accepted."""
        return max((call.exchange.number for call in self.client.calls if call.accepted), default=0)

    def __post_init__(self) -> None:
        """Go through the calls; a call right after a renewal is the second try of one that was refused before it."""
        for call in self.client.calls:
            token = call.issued_token
            if token is None:
                continue
            again = bool(self.owed) and self._is_second_try(token, call)
            if call.accepted:
                self.worked.add(token)
            elif call.status == 401 and token in self.worked:
                # Where callers share a token, it may die again before the last of them has made its second try, and a
                # third try is forbidden: BIQ607.
                if again:
                    self.lost += 1
                else:
                    self.deaths.setdefault(token, call)
                    self.owed.append(call)

    def _is_second_try(self, token: str, call: ApiCall) -> bool:
        """Whether the token has just replaced the one that was refused last."""
        issued = self.client.issued
        old, new = issued.get(self.owed[-1].issued_token or ""), issued.get(token)
        if old is None or new is None or new.number <= old.number:
            return False
        if call.exchange.started - new.ended >= AT_ONCE:
            self.owed.clear()
            self.dropped = True
            return False
        self.owed.pop()
        return True


def _lives(evidence: Evidence) -> _Lives:
    courses = [_Course(client) for client in clients(evidence)]
    deaths = [death for course in courses for death in course.deaths.values()]
    # Where one process ended with its call, another one may have taken up the work.
    left = sum(
        any(other is not course and call.exchange.number < other.last for other in courses)
        for course in courses
        for call in course.owed
    )
    return _Lives(
        evidence=evidence,
        worked=frozenset(token for course in courses for token in course.worked),
        death=max(deaths, key=lambda call: call.exchange.number, default=None),
        lost=left + sum(course.lost for course in courses),
        dropped=any(course.dropped for course in courses),
        # Quick answers hardly overlap; but if each refused call was tried again, and one in vain, the token was shared.
        shared=any(course.client.breadth > 1 or (course.lost and not course.owed) for course in courses),
    )


def _select(evidence: Evidence) -> Sequence[_Lives]:
    lives = _lives(evidence)
    # A client that renews before its token expires also shows that it can.
    if lives.death is None:
        return (lives,) if len(lives.worked) > 1 else ()
    # A recording may end anywhere: one that ends with the refused call, or with a new token unused, shows nothing. Nor
    # does it say how many calls were asked for: a call a second after a renewal may be the next one.
    shows = (lives.resumed and not lives.dropped) or lives.stubborn
    return (lives,) if evidence.child is not None or shows else ()


@rule(
    id="BIQ501",
    level=Level.SHOULD,  # RFC 6750 3.1 says MAY; that nobody is there to help (A4) makes more of it: D39
    severity=Severity.ERROR,
    title="After its token has expired, the integration gets a new one and goes on",
    why="An access token usually lives for an hour, and nobody is there to restart an unattended integration. No "
    "source demands that one process goes on: a job that ends with a failure and is started again later loses only its "
    "work. A service that stays up is of no use from then on, nor is anything that goes on with the dead token.",
    instead="On 401, get a new token once, repeat the call, and go on; where the refresh is refused, sign in again.",
    references=("A4", "RFC 6749 1.5", "RFC 6750 3.1", "D39"),
    fixes={
        "requests-oauthlib": "on 401 call session.refresh_token(endpoint, client_id=...), or fetch_token again: "
        "auto_refresh_url looks at expires_in alone, and knows no 401",
        "authlib": "on 401 call session.refresh_token(), or fetch_token again: the session renews by expires_in alone",
        "golang.org/x/oauth2": "on 401 ask config.TokenSource(ctx, &oauth2.Token{RefreshToken: ...}).Token(), and "
        "PasswordCredentialsToken where that is refused: the client of Config.Client renews by expiry alone",
    },
    good=story("facts: api_calls = 2", signed_in(), called(), died(), RENEWED, called(TOKEN_2)),
    bad=story("facts: api_calls = 2, service = yes", signed_in(), called(), died(), "exit: stopped"),
    select=_select,
    absent=Outcome.UNTESTED,
    reads=Part.RESPONSE,
)
def stuck_after_expiry(lives: _Lives) -> Problems:
    """Find fewer successful calls than were asked for after a token died, or a dead token that is still used."""
    if lives.death is None:
        return
    evidence = lives.evidence
    accepted = len(evidence.good_calls)
    # Only of a process that was watched to its end is it known that it made too few calls.
    short = evidence.child is not None and accepted + lives.lost < evidence.facts.api_calls
    if short or lives.stubborn:
        # Where it is None, the process did not report its failure, or the kit ended it.
        status = None if lives.stubborn else evidence.process.exit_status
        yield Problem(
            message=_message(lives, status),
            expected=f"a new token, and {evidence.facts.api_calls} successful calls of the API in all"
            + ("; no source demands that within one process, but a service needs it" if status else ""),
            received=f"{_renewal(lives)}; {accepted} successful calls" + (f"; exit status {status}" if status else ""),
            exchange=lives.since,
            severity=Severity.WARNING if status else None,
            missing=True,
            symptom=None if lives.stubborn else Symptom.FEWER_CALLS,
            doubt=_SEVERAL if status and lives.shared and len(lives.worked) > 1 else "",
        )


def _message(lives: _Lives, status: int | None) -> str:
    if status:
        return "the integration ended when its token had expired"
    if lives.resumed and not lives.stubborn:
        return "a call refused for an expired token was not repeated with the new one"
    return "the integration did not go on after its token had expired"


def _renewal(lives: _Lives) -> str:
    if lives.renewed:
        return "a new token"
    tried = sum(request.exchange.number > lives.since for request in lives.evidence.token_requests)
    return f"no new token from {tried} token requests" if tried else "no token request after the 401"
