# The shapes of reports and bundles, made of their schemas by `python -m tests.regenerate`.

from typing import Literal, NotRequired, TypeAlias, TypedDict

class SubjectShape(TypedDict):
    name: str
    kind: str
    digest: dict[str, str]
    commit: str
    dirty: bool

class FindingShape(TypedDict):
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
    place: str
    variants: list[str]
    count: int

class EntryShape(TypedDict):
    severity: str
    parameter: str
    message: str
    waiver: int | None
    findings: list[int]
    seen: list[SeenShape]

class ResultShape(TypedDict):
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
    name: str
    title: str
    outcome: str
    severity: str | None
    checked: int
    findings: int
    rules: list[str]
    reason: str

class ScenarioShape(TypedDict):
    scenario: str
    plays: int
    exchanges: int
    token_requests: int
    families: dict[str, str]
    exit_statuses: list[int | None]

class RequestShape(TypedDict):
    method: str
    target: str
    headers: list[list[str]]
    body: str

class ResponseShape(TypedDict):
    status: int
    headers: list[list[str]]
    body: str

class ExchangeShape(TypedDict):
    scenario: str
    exchange: int
    kind: str
    source: str
    edited: str
    request: RequestShape
    response: ResponseShape | None

class WaiverShape(TypedDict):
    rule: str
    scenario: str
    reason: str
    owner: str
    expires: str
    state: str
    awaits: list[str]
    text: str

class RuleSetShape(TypedDict):
    edition: str
    count: int
    digest: str

class ToolShape(TypedDict):
    name: str
    version: str
    rules: RuleSetShape

class TokenRequestsShape(TypedDict):
    seen: int
    answered: int
    refused: int
    refusals: list[str]

class OtherHostShape(TypedDict):
    host: str
    requests: int

class LeftOutShape(TypedDict):
    scenario: str
    reason: str

class FieldShape(TypedDict):
    name: str
    value: str
    place: str

class SignInShape(TypedDict):
    shown: int
    fields: list[FieldShape]

class SentShape(TypedDict):
    exchange: int
    shown: int | None
    kind: str
    method: str
    target: str
    status: int | None
    ending: str
    connection: int
    start: int
    end: int

class RunShape(TypedDict):
    scenario: str
    variant: str
    oddity: str
    odd: int | None
    timed: bool
    exchanges: list[SentShape]

class VolatileShape(TypedDict):
    first: NotRequired[str]
    last: NotRequired[str]
    plays: NotRequired[list[RunShape]]

class ReportShape(TypedDict):
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
    schema: Literal["blastiq-reports/1"]
    reports: list[ReportShape]

class AgainShape(TypedDict):
    way: str
    options: list[str]
    whose: list[str]
    file: str

class PlannedWaiverShape(TypedDict):
    rule: str
    scenario: str
    reason: str
    owner: str
    expires: str

class PlannedJudgementShape(TypedDict):
    evidence: str
    scenario: str
    rules: list[str]

class PlanShape(TypedDict):
    target: str
    subjects: list[SubjectShape]
    version: str
    source: str
    profile: str
    edition: str
    command: list[str]
    again: AgainShape
    notes: list[str]
    left_out: list[LeftOutShape]
    allow_untested: bool
    interrupted: bool
    rules: list[str]
    waivers: list[PlannedWaiverShape]
    today: str
    due: dict[str, list[str]]
    judgements: list[PlannedJudgementShape]

class ManifestShape(TypedDict):
    schema: Literal["blastiq-bundle/1"]
    tool: ToolShape
    reports: list[PlanShape]
    files: dict[str, str]
    digest: str

Model: TypeAlias = ReportShape | ReportsShape
