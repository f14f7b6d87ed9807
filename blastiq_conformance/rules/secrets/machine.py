"""BIQ703, BIQ705 and BIQ707: others can read no secret: in arguments, in files, in what is shipped."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import REFRESH_1, called, signed_in, story
from blastiq_conformance.evidence import Evidence, WrittenFile, where
from blastiq_conformance.rules.secrets.log_files import is_log
from blastiq_conformance.scan.known import Known
from blastiq_conformance.scan.literals import find
from fake_idp.secrets.search import Search


@rule(
    id="BIQ703",
    level=Level.MUST_NOT,
    severity=Severity.WARNING,
    title="No password and no token among the arguments of a process",
    why="ps and the task manager show arguments to every user of the machine, and arguments end up in shell histories "
    "and audit logs. That holds for helpers too: a curl that is started with --data password=… shows it just as well.",
    instead="Pass secrets by environment, a file with permissions 0600, or standard input.",
    references=("A10",),
    fixes={
        "curl": "--data-urlencode password@- with printf '%s' \"$PASSWORD\" before it; or all options, secrets among "
        "them, on standard input: -K -",
    },
    good=story("argv: node app.js", "argv: curl --config -", signed_in(), called()),
    bad=story("argv: node app.js", "argv: curl --data password=k7Fq2vN9xW4mZ8tR1pLs", signed_in(), called()),
    select=where(lambda evidence: evidence.process.argv or evidence.process.processes),
)
def secret_in_arguments(evidence: Evidence) -> Problems:
    """Search the arguments of the child and of the processes that it started; one finding is enough."""
    for words in dict.fromkeys((evidence.process.argv, *evidence.process.processes)):
        line = " ".join(words)
        for leak in evidence.canaries.search.find(line):
            yield Problem(
                message=f"the {leak.secret.kind} stands among the arguments of a process",
                expected="no secret in argv: environment, file or standard input",
                received=quote(line),
            )
            return


_OTHERS = 0o077


def _files(evidence: Evidence) -> Sequence[tuple[WrittenFile, Search]]:
    """Select the files that were written, each with what is searched for in it."""
    # A log is BIQ701's, whoever may read it.
    return [
        (file, evidence.canaries.search)
        for file in evidence.process.files
        if file.mode is not None and not is_log(file)
    ]


@rule(
    id="BIQ705",
    level=Level.SHOULD,
    title="Only their owner can read files with credentials or tokens",
    why="A token cache or a configuration that everybody on the machine can read hands out the customer's data, and "
    "with a refresh token for weeks. The usual umask gives 0644, so 0600 has to be requested.",
    instead="Create the file with permissions 0600, not 0644 first; or encrypt it, or use the system's keyring.",
    references=("A10", "RFC 6749 10.3"),
    fixes={
        "Python": "os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)",
        "Node": "fs.writeFile(path, text, { mode: 0o600 })",
    },
    good=story(signed_in(), called(), f'file: 0600 token.json {{"refresh_token": "{REFRESH_1}"}}'),
    bad=story(signed_in(), called(), f'file: 0644 token.json {{"refresh_token": "{REFRESH_1}"}}'),
    select=_files,
)
def secret_readable_by_others(written: tuple[WrittenFile, Search]) -> Problems:
    """Search each file that others may read or write."""
    file, search = written
    mode = file.mode or 0
    for leak in search.find(file.content) if mode & _OTHERS else ():
        yield Problem(
            message=f"a file that others can read holds the {leak.secret.kind.replace('_', ' ')}",
            expected="permissions 0600, or no secret in it",
            received=f"{quote(file.path)} with permissions {mode:04o} ({leak.form})",
        )
        return


def _shipped(evidence: Evidence) -> Sequence[tuple[WrittenFile, Known]]:
    known = Known(evidence.facts.issued)
    return [(file, known) for file in evidence.facts.shipped]


@rule(
    id="BIQ707",
    level=Level.MUST_NOT,
    title="No credentials and no token in what is shipped",
    why="Everybody who has a client application can read what is shipped with it, even if it is compiled or packed. A "
    "Service User in it opens the customer's data to all of them. `blastiq scan PATH` looks for it; no run shows it.",
    instead="Let customers enter their own credentials when they install it; where a person signs in, use the attended "
    "flow. Change the password of a user that was shipped.",
    references=("A3", "A10"),
    fixes={
        "Python": "os.environ[...] or keyring, and no .env in the wheel",
        ".NET": "user secrets or the credential manager, not appsettings.json",
        "Electron": "safeStorage at run time; what is in app.asar can be read",
    },
    good='shipped: app/settings.json {"client_id": "external.customer", "password": "${BLASTIQ_PASSWORD}"}',
    bad='shipped: app/settings.json {"client_id": "external.customer", "password": "Tr0ub4dor&3"}',
    select=_shipped,
    shown_by=ShownBy.SCAN,
)
def credentials_shipped(shipped: tuple[WrittenFile, Known]) -> Problems:
    """Search each file, with the function by which `blastiq scan` searches packages."""
    file, known = shipped
    for literal in find(file.content, file.path, known):
        yield Problem(
            message=literal.message,
            expected="nothing in a shipped file that opens an account",
            received=f"{quote(file.path)}, byte {literal.start}: {quote(literal.shown)}",
        )
