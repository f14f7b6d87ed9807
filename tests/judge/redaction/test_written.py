"""What people and tools write, redacted: the same format, the same verdict, no secret."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, assume, given, settings

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.redaction.document import redacted
from blastiq_conformance.secrets.traffic import secrets_of
from blastiq_conformance.sources import SourceError, read
from blastiq_conformance.sources.kinds import kind_of
from fake_idp.secrets.search import Search, Secret
from tests.judge.example import read_example
from tests.judge.redaction.problem_traffic import recordings
from tests.judge.redaction.secret_pools import SECRETS, WORDS
from tests.judge.redaction.test_redaction import RULES, _sent, verdict
from tests.judge.redaction.written import as_collection, as_curl, as_http, as_newman, as_trace, as_verbose

REAL = Path(__file__).parents[1] / "sources" / "real"
HELPERS = Path(__file__).parents[1] / "sources" / "postman"
WRITERS: dict[str, Callable[[Evidence], str]] = {
    "collection": as_collection,
    "collection with variables": lambda evidence: as_collection(evidence, _some(evidence)),
    "newman": as_newman,
    "curl": as_curl,
    "http": as_http,
    "http with variables": lambda evidence: as_http(evidence, _some(evidence)),
    "trace": as_trace,
    "verbose": as_verbose,
}


def _some(evidence: Evidence) -> dict[str, str]:
    found = (secret.value for exchange in evidence.exchanges for secret in secrets_of(exchange))
    return {f"v{number}": value for number, value in enumerate(dict.fromkeys([*found, *SECRETS[:2]]), start=1)}


def _judged_alike(path: Path, new: Path) -> None:
    """Compare rule, outcome, severity, parameter and exchange, and look for all that the file shows to be secret."""
    before = read(path)
    text = redacted(path)
    new.write_text(text, encoding="utf-8")
    assert kind_of(new) == kind_of(path)
    assert [verdict(each) for each in read(new)] == [verdict(each) for each in before]
    # Words of the protocol are none, nor is the name of a variable that nothing defines.
    shown = {value for each in before for value in _sent(each) if value not in WORDS and "{{" not in value}
    assert not Search(Secret("value", value) for value in shown).find(text)


# What a long secret shrinks to takes hours, and tells nothing.
@settings(max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(recordings())
@pytest.mark.parametrize("name", WRITERS)
def test_a_redacted_file_is_judged_alike(name: str, evidence: Evidence) -> None:
    """Or refused, where the stand-ins would change a verdict: never written with another, nor with a secret in it."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "recording")
        path.write_text(WRITERS[name](evidence), encoding="utf-8")
        try:
            _judged_alike(path, Path(folder, "redacted"))
        except SourceError as error:
            assume(not error.what.startswith(("without its secrets it would be judged", "neither JSON", "nothing is")))
            raise


@pytest.mark.slow
@pytest.mark.unmeasured
@pytest.mark.parametrize("which", ["good", "bad"])
@pytest.mark.parametrize("name", WRITERS)
def test_the_examples_of_all_rules_are_written_in_every_format(tmp_path: Path, name: str, which: str) -> None:
    """None of them is refused that can be read at all: bad ones in all formats, each good one in two."""
    path, new = tmp_path / "recording", tmp_path / "redacted"
    # Many a rule has the good example of another.
    examples = list(dict.fromkeys(rule.good if which == "good" else rule.bad for rule in RULES))
    # The good ones differ in little: each format has one in four of them.
    chosen = examples if which == "bad" else examples[list(WRITERS).index(name) % 4 :: 4]
    for example in chosen:
        path.write_text(WRITERS[name](read_example(example)), encoding="utf-8")
        if kind_of(path) is not None:
            _judged_alike(path, new)


@pytest.mark.parametrize(
    "path",
    [
        *(path for pattern in ("curl-*", "newman-*", "postman-[rw]*", "*.sh") for path in sorted(REAL.glob(pattern))),
        *sorted(HELPERS.glob("*.json")),
    ],
    ids=lambda path: str(path.name),
)
def test_recordings_of_real_tools_are_judged_alike(tmp_path: Path, path: Path) -> None:
    """What curl, Chrome, Postman and Newman wrote themselves."""
    _judged_alike(path, tmp_path / "redacted")
