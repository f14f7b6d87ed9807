"""Why no verdict was possible: the integration did not start, never called, or spoke no HTTP; its last words."""

import errno
import os
import re
from pathlib import Path
from typing import Literal

from blastiq_conformance.evidence import Child, Evidence
from blastiq_conformance.evidence.conduct import signal_name
from blastiq_conformance.given_file import is_file, is_folder
from blastiq_conformance.report.other_hosts import name_hosts, other_hosts
from blastiq_conformance.secrets.cleaner import Cleaner
from fake_idp.secrets.charset_variants import as_bytes, as_text, charset_variants
from fake_idp.secrets.redact import Redactor
from fake_idp.secrets.search import Secret

Kind = Literal["not-started", "never-called", "not-http"]

# Exit statuses of a shell, env, npx and the like where they cannot start a command.
_SHELL_REFUSALS = {126: "found, but it cannot be run", 127: "not found"}
_TLS_HANDSHAKE = b"\x16\x03"
_LINES = 15
_CHARACTERS = 4_000
# This much is searched for secrets; what precedes it is never shown.
_SEARCHED = 32_768
# Where an error came from, and how its printing ends: the error itself stands before them (Node, Java, .NET).
_FRAME = re.compile(r"\s+at \S.*|\s*\.\.\. \d+ more|Node\.js v\d\S*|\W*")


class Words:
    """What a child wrote or sent, without the kit's secrets in any encoding, and without those that it names itself."""

    def __init__(self, evidence: Evidence) -> None:
        """Learn the secrets that the child was given."""
        from blastiq_conformance.redaction import Redaction  # a run in which all goes well needs none

        facts = evidence.facts
        passwords = [secret for secret in facts.credentials if secret.kind == "password"]
        variants = [Secret("password", text) for secret in passwords for text in charset_variants(secret.value)]
        self._child = evidence.child
        self._issued = Redactor(dict.fromkeys((*facts.issued, *passwords, *variants)))
        self._others = Redaction()

    def clean(self, data: bytes) -> str:
        """Remove the secrets from what was written or sent."""
        return self._others.last_words(self._issued.text(as_text(data[-_SEARCHED:])))

    def last(self) -> tuple[str, ...]:
        """Give the last lines that the child wrote, on stderr rather than on stdout; errors without their frames."""
        written = (self._child.stderr.strip() or self._child.stdout) if self._child is not None else b""
        text = as_bytes(self.clean(written)[-_CHARACTERS:]).decode("utf-8", "replace").strip()
        lines = text.splitlines()
        told = [line for line in lines if not _FRAME.fullmatch(line)]
        return tuple((told or lines)[-_LINES:])


class NotRun(Exception):  # noqa: N818 - it is an outcome, not a fault of the kit
    """The integration could not be judged at all (exit code 3): `kind` says how, `text` why and what to do."""

    def __init__(self, kind: Kind, text: str) -> None:
        """Keep both."""
        super().__init__(text)
        self.kind = kind
        self.text = text

    def __reduce__(self) -> tuple[type["NotRun"], tuple[Kind, str]]:
        # One process finds it, another one reports it.
        return NotRun, (self.kind, self.text)


def could_not_start(argv: tuple[str, ...], cwd: Path | None, error: OSError | ValueError) -> NotRun:
    """Say why the operating system did not start a command."""
    name = argv[0] if argv else ""
    beside = (cwd or Path()) / name
    match error:
        case OSError(errno=errno.ENOENT | errno.ENOTDIR) if cwd is not None and not is_folder(cwd):
            why = f"the working directory {cwd} does not exist. Correct `cwd`."
        case OSError(errno=errno.ENOENT) if os.sep not in name and is_file(beside):
            why = f"{name!r} is a file here, but names without a slash are sought on PATH. Write ./{name}."
        case OSError(errno=errno.ENOENT) if is_file(beside):
            why = f"{name} exists, but the interpreter in its first line does not."
        case OSError(errno=errno.ENOENT | errno.ENOTDIR):
            why = f"there is no command {name!r}, as a file or on PATH. Check the spelling, or give its full path."
        case OSError(errno=errno.EACCES) if is_folder(beside):
            why = f"{name} is a folder. Name the program in it."
        case OSError(errno=errno.EACCES):
            why = f"{name} may not be executed. Make it executable (chmod +x), or name its interpreter before it."
        case OSError(errno=errno.ENOEXEC):
            why = f"{name} is not a program that this system can run. Name its interpreter before it, or add a #! line."
        case _:
            why = f"{error}."
    return NotRun("not-started", f"The integration could not be started: {why}")


def diagnose(evidence: Evidence, timeout: float) -> NotRun | None:
    """Say why nothing can be judged, without secrets; None where at least one HTTP request was seen."""
    child = evidence.child
    if evidence.exchanges or child is None:
        return None
    words = Words(evidence)
    tail = _shown(words.last())
    if child.exit_status in _SHELL_REFUSALS:
        what = f"the command exited with {child.exit_status}, which says: {_SHELL_REFUSALS[child.exit_status]}."
        return NotRun("not-started", f"The integration could not be started: {what}{tail}")
    if (evidence.facts.authority or "").startswith("https:") and evidence.connections:
        return NotRun("never-called", f"{_no_trust(evidence)}{tail}")
    received = next((c.received for c in evidence.connections if c.received), b"")
    if received:
        return NotRun("not-http", f"{_no_http(received, words)}{tail}")
    return NotRun(
        "never-called",
        f"The integration never called BlastIQ: it {_ending(child.exit_status, child.timed_out, timeout)} "
        f"without a single request to BLASTIQ_AUTHORITY. {_remedy(child)}{tail}",
    )


def _remedy(child: Child) -> str:
    if child.asked:
        return (
            "It read from its standard input, where nobody answers (BIQ309): give it what it asks for by its "
            "configuration, with `env` or with placeholders such as {username}."
        )
    return (
        "Does it read its settings from the environment? Map them to its own names with `env` or with placeholders "
        "such as {authority}. Does it need a file of your HOME? Its own is an empty folder unless blastiq.toml says "
        'home = "inherit".'
    )


def _no_http(received: bytes, words: Words) -> str:
    if received.startswith(_TLS_HANDSHAKE):
        return (
            "The integration started TLS on an address that speaks plain HTTP. Use BLASTIQ_AUTHORITY as it is given, "
            "with its scheme http://."
        )
    return (
        "The integration connected, but what it sent is not an HTTP request: "
        f"{as_bytes(words.clean(received))[:40]!r}. Is BLASTIQ_AUTHORITY given to something that speaks another "
        "protocol?"
    )


def _no_trust(evidence: Evidence) -> str:
    ending = evidence.connections[0].ending
    hosts = name_hosts(other_hosts([evidence], Cleaner([evidence], live=True)))
    return (
        f"The integration connected, but sent no request over TLS ({ending}). It must trust the kit's own authority "
        "for this run: the file is named by SSL_CERT_FILE, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, NODE_EXTRA_CA_CERTS "
        "and {ca_file}; the JVM is given a trust store by JAVA_TOOL_OPTIONS."
        + (f" Hosts that are not BlastIQ's are refused whatever it trusts: {hosts}." if hosts else "")
    )


def _ending(status: int | None, timed_out: bool, timeout: float) -> str:
    if timed_out:
        return f"was ended after {timeout:g} s (--timeout)"
    if status is None:
        return "was stopped"
    if status < 0:
        return f"was ended by {signal_name(-status)}"
    return f"exited with {status}"


def _shown(lines: tuple[str, ...]) -> str:
    if not lines:
        return " It wrote nothing."
    return "\nIts last words:\n" + "\n".join(f"  {line}" for line in lines)
