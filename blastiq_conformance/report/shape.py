"""The shape of the JSON report, member by member; the shipped JSON Schema says the same to other languages."""

from typing import Literal, TypeAlias, TypedDict

from blastiq_conformance.report.run_shape import SignInShape, VolatileShape


class FindingShape(TypedDict):
    """One finding; `shown` is the index of its exchange in `exchanges`, `waiver` that of its waiver, or None."""

    severity: str
    exchange: int | None
    shown: int | None
    parameter: str
    scenario: str
    variant: str
    source: str
    message: str
    expected: str
    received: str
    fix: str
    reproduce: str
    waiver: int | None


class SeenShape(TypedDict):
    """Where findings were made: a scenario or a recording, its variants, and how often."""

    place: str
    variants: list[str]
    count: int


class EntryShape(TypedDict):
    """Findings of one rule with one cause, by their indexes in `findings`; a reader reads the entry once."""

    severity: str
    parameter: str
    message: str
    waiver: int | None
    findings: list[int]
    seen: list[SeenShape]


class ResultShape(TypedDict):
    """One rule and its outcome over all scenarios; `explained` are the rules whose failure is the cause."""

    rule: str
    name: str
    title: str
    why: str
    instead: str
    fixes: dict[str, str]
    references: list[str]
    level: str
    severity: str
    outcome: str
    checked: int
    reason: str
    explained: list[str]
    findings: list[FindingShape]
    entries: list[EntryShape]


class HeadlineShape(TypedDict):
    """One of the three lines at the head."""

    name: str
    title: str
    outcome: str
    severity: str | None
    checked: int
    findings: int
    rules: list[str]
    reason: str


class ScenarioShape(TypedDict):
    """A scenario that ran; `families` is the gravest outcome of each family of rules that had something to judge.

    An exit status is None if the process was stopped, or none was started.
    """

    scenario: str
    plays: int
    exchanges: int
    token_requests: int
    families: dict[str, str]
    exit_statuses: list[int | None]


class LeftOutShape(TypedDict):
    """A scenario that did not run, and why."""

    scenario: str
    reason: str


class TokenRequestsShape(TypedDict):
    """How the token requests were answered; `refusals` are status and error, each once."""

    seen: int
    answered: int
    refused: int
    refusals: list[str]


class OtherHostShape(TypedDict):
    """Another host that was called, and how many requests it got."""

    host: str
    requests: int


class GivenWaiverShape(TypedDict):
    """A waiver as it was given."""

    rule: str
    scenario: str
    reason: str
    owner: str
    expires: str


class WaiverShape(GivenWaiverShape):
    """A waiver and its state; `awaits` are the scenarios that did not run and could still need it."""

    state: str
    awaits: list[str]
    text: str


class RequestShape(TypedDict):
    """A request, redacted; a header is a pair of name and value."""

    method: str
    target: str
    headers: list[list[str]]
    body: str


class ResponseShape(TypedDict):
    """A response, redacted."""

    status: int
    headers: list[list[str]]
    body: str


class ExchangeShape(TypedDict):
    """An exchange that a finding names, or the sign-in."""

    scenario: str
    exchange: int
    kind: str
    source: str
    edited: str
    request: RequestShape
    response: ResponseShape | None


class RuleSetShape(TypedDict):
    """Which rules judged: their number, and a digest over them and the source of the kit."""

    edition: str
    count: int
    digest: str


class ToolShape(TypedDict):
    """Which kit judged."""

    name: str
    version: str
    rules: RuleSetShape


class SubjectShape(TypedDict):
    """What was judged, identified by its bytes; `dirty`: the files of a git checkout are not those of its `commit`."""

    name: str
    kind: Literal["file", "folder", "git"]
    digest: dict[str, str]
    commit: str
    dirty: bool


class ReportShape(TypedDict):
    """The whole report on one target; only `volatile` differs between two runs that saw the same."""

    schema: Literal["blastiq-report/1"]
    tool: ToolShape
    source: str
    target: str
    subjects: list[SubjectShape]
    version: str
    command: list[str]
    profile: str
    verdict: str
    exit_code: int
    meaning: str
    text: str
    headlines: list[HeadlineShape]
    counts: dict[str, int]
    scenarios: list[ScenarioShape]
    files: list[str]
    token_requests: TokenRequestsShape
    other_hosts: list[OtherHostShape]
    left_out: list[LeftOutShape]
    notes: list[str]
    results: list[ResultShape]
    waivers: list[WaiverShape]
    manual: list[str]
    sign_in: SignInShape | None
    exchanges: list[ExchangeShape]
    volatile: VolatileShape


class ReportsShape(TypedDict):
    """The reports on several targets."""

    schema: Literal["blastiq-reports/1"]
    reports: list[ReportShape]


Model: TypeAlias = ReportShape | ReportsShape
