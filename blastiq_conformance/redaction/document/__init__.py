"""A recording without its secrets, in the format that it came in."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.document.curl_lines import curl_lines
from blastiq_conformance.redaction.document.curl_trace import curl_trace
from blastiq_conformance.redaction.document.filled import references
from blastiq_conformance.redaction.document.http_lines import http_lines
from blastiq_conformance.redaction.document.postman import is_postman, jetbrains, postman
from blastiq_conformance.redaction.document.recording import recording
from blastiq_conformance.redaction.journal import journal
from blastiq_conformance.redaction.redacted import noted
from blastiq_conformance.secrets.place import Show
from blastiq_conformance.sources import SourceError, is_recording, read, read_variables
from blastiq_conformance.sources.content import text as content_of
from blastiq_conformance.sources.curl_trace import is_traced
from blastiq_conformance.sources.environment import BESIDE, variables_beside
from blastiq_conformance.sources.json_text import parse_json, write_json
from blastiq_conformance.sources.kinds import kind_of
from fake_idp.secrets.patterns import SHORTEST_PREFIX

_KINDS = (
    "a HAR 1.2 file, a cassette of VCR or go-vcr, a journal of `blastiq serve --journal`, a Postman collection or "
    "environment, a Newman export, curl lines or curl's own trace, or a .http file"
)


def redacted(path: Path, variables: Mapping[str, str] | None = None, *, keep_foreign: bool = False) -> str:
    """Give the content of a recording without secrets, to be judged to the same verdict; raises SourceError.

    `variables` are those of environments, for files that say what would be sent. Of traffic to hosts that are not
    BlastIQ's little is kept, unless `keep_foreign`.
    """
    given = variables or {}
    environment = path.name in BESIDE or (read_variables(path) is not None and not is_recording(path))
    evidences = () if environment else read(path, variables=given)
    text = content_of(path)
    if text is None:
        raise SourceError(str(path), "", "larger than 64 MiB", "cut the recording down to the sign-in")
    redaction = Redaction(keep_foreign=keep_foreign)
    redaction.spare(text)
    for evidence in evidences:
        redaction.elsewhere.learn(evidence.facts)
    resolved = False
    try:
        if evidences and kind_of(path) == "journal":
            new = "".join(journal(text, redaction))
        else:
            write, resolved = _writer(path, text, evidences, redaction, given)
            redaction.learn(evidences[0].exchanges if evidences else (), write if resolved else lambda _: None)
            new = write(redaction.show)
    except RecursionError:
        raise SourceError(str(path), "", "nested too deeply", "export the traffic again, from another tool") from None
    # The proof, by another way than the work: whatever is known is looked for once more.
    for leak in redaction.leaks(new):
        if len(leak.secret.value) < SHORTEST_PREFIX:
            continue
        place = f"line {new.count(chr(10), 0, leak.start) + 1} of the result"
        what = f"a {leak.secret.kind} stands where it cannot be taken out"
        raise SourceError(str(path), place, what, "remove it by hand; nothing was written")
    if resolved and evidences:
        _check(path, new, evidences)
    return new


def _writer(
    path: Path, text: str, evidences: Sequence[Evidence], redaction: Redaction, given: Mapping[str, str]
) -> tuple[Callable[[Show], str], bool]:
    """Give what writes a file anew, and whether that resolves what stands in it."""
    file, comment = str(path), "# "
    if path.name in BESIDE or text.lstrip().startswith(("{", "[")):
        match parse_json(file, text):
            case dict() as document if path.name in BESIDE:
                return jetbrains(document), True
            case dict() as document if is_postman(document):
                redaction.keep(references(json.dumps(document, ensure_ascii=False)))
                return postman(document, given), True
            case {"log": dict()} as document:
                return lambda _: write_json(recording(document, evidences[0], redaction), 2), False
            case {"interactions": list()} | {"http_interactions": list()} as document:
                return lambda _: json.dumps(recording(document, evidences[0], redaction), indent=4) + "\n", False
        raise SourceError(file, "", "JSON that is neither a recording nor an environment", f"give {_KINDS}")
    match kind_of(path):
        case "curl":
            write = curl_lines(file, text, given)
        case "curl trace":
            comment = "== Info: " if is_traced(text.splitlines()) else "* "
            write = curl_trace(file, text)
        case ".http":
            redaction.keep(references(text))
            write = http_lines(text, variables_beside(path) | dict(given))
        case _:
            from blastiq_conformance.sources.yaml_text import dump, load  # most files are not YAML

            return lambda _: dump(recording(load(text), evidences[0], redaction)), False
    return lambda show: noted(write(show), comment), True


def _check(path: Path, new: str, before: Sequence[Evidence]) -> None:
    """Read and judge what is about to be written; raises SourceError where it is not what it was made of."""
    with TemporaryDirectory() as folder:
        written = Path(folder, "redacted")
        written.write_text(new, encoding="utf-8", newline="\n")
        try:
            after = read(written)
        except SourceError as error:
            what = f"without its secrets it could not be read ({error.what})"
            raise SourceError(str(path), error.place, what, "record it as HAR; nothing was written") from None
    old, changed = [_verdict(each) for each in before], [_verdict(each) for each in after]
    for rule in sorted(
        {rule for one, other in zip(old, changed, strict=True) for rule in one if one[rule] != other[rule]}
    ):
        what = f"without its secrets it would be judged otherwise by {rule}"
        raise SourceError(str(path), "", what, "record it as HAR; nothing was written")


def _verdict(evidence: Evidence) -> dict[str, object]:
    return {
        result.rule: (
            result.outcome,
            result.severity,
            # A parameter that is a piece of an unescaped password is a value.
            sorted(
                (f.parameter if f.parameter.isidentifier() else "", f.severity, f.exchange or 0)
                for f in result.findings
            ),
        )
        for result in judge(evidence, catalogue().values())
    }
