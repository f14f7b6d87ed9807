"""Hostile and broken input: evidence or an error that names file and place, and nothing else."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.sources import SourceError, is_recording, read, read_variables
from tests.judge.cli.shell import called
from tests.judge.cli.test_check import har

CORPUS = sorted(Path(__file__).with_name("malformed").iterdir())
# Enough of every kind to come far into its reader before something is wrong.
_KEYS = ["log", "entries", "creator", "name", "request", "response", "method", "url", "uri", "headers", "value"]
_KEYS += ["postData", "text", "params", "mimeType", "content", "status", "code", "interactions", "body", "string"]
_KEYS += ["http_interactions", "form", "info", "item", "auth", "type", "basic", "key", "mode", "urlencoded", "variable"]
_KEYS += ["run", "executions", "stream", "data", "exchange", "kind", "issued", "facts", "collection", "raw", "_lost"]
_words = st.sampled_from(
    ["POST", "http://a/", "http://[", "grant_type=x", "base64", "urlencoded", "{{a}}", "token", ""]
)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | _words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=6),
    max_leaves=30,
)
_messages = st.fixed_dictionaries({"request": _values, "response": _values}) | _values
_tops = st.one_of(
    st.fixed_dictionaries({"log": st.fixed_dictionaries({"entries": st.lists(_messages, max_size=2)})}),
    st.fixed_dictionaries({"interactions": st.lists(_messages, max_size=2)}),
    st.fixed_dictionaries({"info": st.just({}), "item": st.lists(_messages, max_size=2)}),
    st.fixed_dictionaries({"run": st.fixed_dictionaries({"executions": st.lists(_messages, max_size=2)})}),
    st.fixed_dictionaries({"exchange": _values, "kind": _values, "request": _values}),
    _values,
)
_lines = st.lists(
    st.sampled_from(
        [
            "curl http://a",
            "curl 'http://[' -H",
            "\\",
            "> GET / HTTP/1.1",
            "> Host: a",
            "< HTTP/1.1 200 OK",
            "<",
            "=> Send header, 9 bytes (0x9)",
            "0000: GET / HTTP/1.1",
            "=> Send data, 3 bytes (0x3)",
            "0000: a=b",
            "* port 443",
            "### x",
            "POST http://a/x",
            "a: b",
            "",
            "{{x}}",
            "@x = {{x}}",
            "< ./f",
            "interactions:",
            "- request: {}",
            "x y",
        ]
    )
    | st.text(max_size=8),
    max_size=8,
).map("\n".join)
_quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.mark.parametrize("path", CORPUS, ids=[path.name for path in CORPUS])
def test_a_malformed_file_is_named(path: Path) -> None:
    """Which file, what is wrong, what to do: in one line, soon."""
    with pytest.raises(SourceError) as caught:
        read(path)
    text = str(caught.value)
    assert text.startswith(str(path))
    assert caught.value.advice
    assert "\n" not in text
    assert len(text) < 500 + len(str(path))


def test_the_others_are_judged_all_the_same(tmp_path: Path) -> None:
    """Every malformed file is told, and a good one among them has its verdict."""
    done = called("check", *map(str, CORPUS), str(har(tmp_path / "good.har", "&audience=x")))
    assert done.returncode == 2
    assert "BIQ211" in done.stdout
    # And once, at the end, what can be read.
    assert len(done.stderr.splitlines()) == len(CORPUS) + 1


@_quick
@given(_tops.map(json.dumps) | _lines)
def test_whatever_it_holds_a_file_is_read_or_refused(tmp_path: Path, text: str) -> None:
    """No content of any kind ends in another exception, nor does asking what it is."""
    path = tmp_path / "file"
    path.write_bytes(text.encode("utf-8", "replace"))
    is_recording(path)
    read_variables(path)
    with contextlib.suppress(SourceError):
        assert all(isinstance(evidence, Evidence) for evidence in read(path, variables={"x": "{{x}}y"}))


@_quick
@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    """Packed ones too."""
    path = tmp_path / "file"
    for start in (b"", b"\x1f\x8b\x08\x00"):
        path.write_bytes(start + content)
        with contextlib.suppress(SourceError):
            read(path)
