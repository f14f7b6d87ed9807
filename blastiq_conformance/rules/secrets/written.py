"""BIQ701, BIQ702 and BIQ706: no secret in what a run writes, on its outputs or in a log.

Exactly one of them reports each secret of a scenario run: BIQ702 where the debug switch is on, else BIQ706 where an
error exposed it, and BIQ701 otherwise. What the control writes as well was not exposed by an error.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from blastiq_conformance.catalogue import Level, Outcome, Problem, Problems, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import REFUSED, TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import Child, Evidence, where
from blastiq_conformance.rules.secrets.log_files import is_log
from fake_idp.secrets.patterns import JWT, SHORTEST_PREFIX
from fake_idp.secrets.search import Leak, beginnings


@rule(
    id="BIQ701",
    level=Level.MUST,
    title="No password and no token on stdout, on stderr or in a log",
    why="Logs are copied to collectors, tickets and chats, and read by people who must not sign in as the customer. A "
    "token in a log is as good as the password until it expires.",
    instead="Log that a sign-in worked and when its token expires; of a secret at most its length or a hash.",
    references=("A10", "RFC 6749 10.3", "RFC 6749 10.7"),
    fixes={
        "logging of requests-oauthlib, oauthlib": "raise the level of oauthlib and requests_oauthlib to INFO",
        "Spring": "logging.level.org.springframework.web.client.RestTemplate=INFO: DEBUG writes the form",
        "axios": "do not log error.config or response.data of the token request",
    },
    good=story(signed_in(), called(), "stdout: signed in as svc.pit-42@mine.example, token good for 3600 s"),
    bad=story(signed_in(), called(), f"stdout: token: {TOKEN_1}"),
    # A run that met an error proves as much, unless the error exposed a secret, which is BIQ706's.
    select=where(lambda evidence: evidence.child and not _is_verbose(evidence) and not _by_an_error(evidence)),
    absent=Outcome.UNTESTED,
)
def secret_logged(evidence: Evidence) -> Problems:
    """Search stdout, stderr and logs for canaries in every encoding; user name and client id are not secrets."""
    return _problems(_printed(evidence), "a secret is written out", "no secret in any output")


@rule(
    id="BIQ702",
    level=Level.SHOULD,
    title="Debug output shows no secret",
    why="Customers send debug output to the vendor's support, by mail and in tickets. It is the usual way in which "
    "passwords leave a company, and the switch is on just when many people look at the output.",
    instead="Mask fields by name (password, *_token, Authorization) before anything is written, at every level.",
    references=("A10", "RFC 6749 10.7"),
    fixes={"curl": "not --verbose or --trace in scripts: both print the Authorization header"},
    good=story("facts: verbose = yes", signed_in(), called(), "stderr: POST /identity/connect/token 200"),
    bad=story(
        "facts: verbose = yes",
        signed_in(),
        called(),
        "stderr: send: grant_type=password&username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs",
    ),
    select=where(lambda evidence: evidence.child is not None and _is_verbose(evidence)),
    shown_by=ShownBy.SCENARIO,
)
def secret_in_verbose_output(evidence: Evidence) -> Problems:
    """Search the output of a run with the debug switch on."""
    return _problems(
        _printed(evidence), "a secret is written out with the debug switch on", "masked values in debug output"
    )


@rule(
    id="BIQ706",
    level=Level.MUST,
    title="Error messages quote no password and no token",
    why="An exception that prints its request prints the form, and the form holds the password. Error texts travel "
    "further than logs: to the screen, to crash reporters, into the customer's mail to support.",
    instead="Report status, error code and address; never the body or the headers of the request.",
    references=("RFC 6749 10.7", "A22"),
    fixes={
        "axios": "print error.message and error.response.status: error.config.data is the form",
        "Guzzle": "do not print the request of a RequestException",
    },
    good=story(
        signed_in(REFUSED, "400 Bad Request"),
        "stderr: sign-in refused: 400 invalid_grant for svc.pit-42@mine.example",
        "exit: 1",
    ),
    bad=story(
        signed_in(REFUSED, "400 Bad Request"),
        "stderr: Error: 400 for {'grant_type': 'password', 'password': 'k7Fq2vN9xW4mZ8tR1pLs'}",
        "exit: 1",
    ),
    select=where(lambda evidence: evidence.child and evidence.troubled and not _is_verbose(evidence)),
)
def secret_in_error_text(evidence: Evidence) -> Problems:
    """Search the output of a run that met an error; what it writes anyway is BIQ701's."""
    found = _by_an_error(evidence)
    return _problems(found, "a secret is written out after an error", "an error text without any secret")


_SHOWN = 40


class _Printed(NamedTuple):
    """A secret in an output: its kind, the output, and what was written of it; `what` is empty where it was masked."""

    kind: str
    stream: str
    what: str
    received: str

    @property
    def usual(self) -> tuple[str, str, bool]:
        """What identifies it in another scenario run."""
        return self.kind.rpartition("_")[2], self.stream, bool(self.what)


def _is_verbose(evidence: Evidence) -> bool:
    """Whether the target's debug switch was on, so that its output is BIQ702's."""
    return evidence.facts.verbose or evidence.facts.scenario == "verbose"


def _printed(evidence: Evidence, *, jwts: bool = False) -> Sequence[_Printed]:
    """Find secrets in what the process wrote: one of each kind per output and per log.

    Masked tokens that begin as all JWTs do only on request, as a habit and not as a leak.
    """
    found: list[_Printed] = []
    for stream, name, text in _streams(evidence.process):
        first: dict[str, _Printed] = {}
        # Whole ones first: in a log of several runs, the beginning of a token may be another's.
        for leak in sorted(evidence.canaries.search.find(text), key=lambda leak: not leak.whole):
            kind = leak.secret.kind
            first.setdefault(kind, _Printed(kind, stream, _name(leak), _line(name, text, leak)))
        for leak in beginnings(text, evidence.canaries.secrets):
            # All JWTs begin alike: an unmasked beginning tells nothing.
            if jwts or not leak.secret.value.startswith(JWT):
                kind, line = leak.secret.kind, text[leak.start : leak.end]
                first.setdefault(kind, _Printed(kind, stream, "", f"{quote(name)}: {quote(line)}"))
        found += first.values()
    return found


def _by_an_error(evidence: Evidence) -> Sequence[_Printed]:
    """Keep what the integration writes only after an error: not what it writes where it does its work undisturbed.

    There an answer of 4xx, such as the 403 of a userinfo endpoint, keeps it from nothing.
    """
    control = evidence.control
    if not evidence.troubled or (evidence.facts.benign and evidence.worked):
        return ()
    found = _printed(evidence)
    if not found or control is None or control.failed or not control.worked:
        return found
    usual = {each.usual for each in _printed(control, jwts=True)}
    # Who logs forms or answers logs those of a renewal too; a password is not in them.
    usual |= {("token", stream, whole) for _, stream, whole in usual}
    return [each for each in found if each.usual not in usual]


def _problems(found: Iterable[_Printed], message: str, expected: str) -> Problems:
    """Make a problem of each; a masked secret whose beginning shows is a warning."""
    for each in found:
        if each.what:
            yield Problem(message=f"{message}: {each.what}", expected=expected, received=each.received)
        else:
            yield Problem(
                message=f"{message}, masked but for its beginning: the {each.kind}",
                expected="no part of a secret: its length and its beginning help to guess it",
                received=each.received,
                severity=Severity.WARNING,
            )


def _streams(child: Child) -> Iterator[tuple[str, str, str]]:
    """Give each output: what it is, its name, and its text."""
    yield "stdout", "stdout", child.stdout.decode("utf-8", "replace")
    yield "stderr", "stderr", child.stderr.decode("utf-8", "replace")
    for file in filter(is_log, child.files):
        yield "a log", file.path, file.content.decode("utf-8", "replace")


def _name(leak: Leak) -> str:
    kind = leak.secret.kind.replace("_", " ")
    part = f"the {kind}" if leak.whole else f"the beginning of the {kind}, {SHORTEST_PREFIX} characters or more"
    return part if leak.form == "raw" else f"{part} ({leak.form})"


def _line(stream: str, text: str, leak: Leak) -> str:
    number = text.count("\n", 0, leak.start) + 1
    start = max(text.rfind("\n", 0, leak.start) + 1, leak.start - _SHOWN)
    return f"{quote(stream)}, line {number}: {quote(text[start : leak.end])}"
