"""Filters for vcrpy: recording with them gives what `blastiq redact` would make of the same traffic."""

from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from hypothesis import given, settings
from vcr.request import Request as VcrRequest
from vcr.serialize import serialize
from vcr.serializers import yamlserializer

from blastiq_conformance.catalogue.example_messages import DISCOVERED, called, signed_in, story
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.plugin.cassette_filter import CassetteFilter, vcr_config
from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.document import redacted
from blastiq_conformance.redaction.redacted import NOTE, NOTED
from blastiq_conformance.sources import read
from fake_idp.secrets.search import Search, Secret
from tests.judge.example import read_example
from tests.judge.redaction.numbered import usual
from tests.judge.redaction.problem_traffic import recordings
from tests.judge.redaction.test_document import as_cassette
from tests.judge.redaction.test_redaction import _sent, verdict


def recorded(evidence: Evidence, cassette: CassetteFilter | None) -> str:
    """Write a cassette as vcrpy does, through the filters where there are any."""
    requests, responses = [], []
    document = as_cassette(evidence)
    interactions = document["interactions"]
    assert isinstance(interactions, list)
    for interaction in interactions:
        sent, got = interaction["request"], interaction["response"]
        body = sent["body"].encode() if isinstance(sent["body"], str) else sent["body"]
        request = VcrRequest(sent["method"], sent["uri"], body, sent["headers"])
        got["body"]["string"] = got["body"]["string"].encode()
        requests.append(request if cassette is None else cassette.request(request))
        responses.append(got if cassette is None else cassette.response(got))
    return str(serialize({"requests": requests, "responses": responses}, yamlserializer))


@settings(max_examples=40)
@given(recordings())
def test_a_filtered_recording_is_judged_as_the_whole_one(evidence: Evidence) -> None:
    """A secret is known once it has been seen as one; whatever is known is hidden, and the verdict stays."""
    with TemporaryDirectory() as folder:
        whole, filtered = Path(folder, "whole"), Path(folder, "filtered")
        whole.write_text(recorded(evidence, None), encoding="utf-8")
        # A filter sees each message once. What it has learned by then is what it hides: here, all of it.
        redaction = Redaction()
        redaction.learn(evidence.exchanges)
        text = recorded(evidence, CassetteFilter(redaction))
        filtered.write_text(text, encoding="utf-8")
        assert verdict(read(filtered)[0]) == verdict(read(whole)[0])


def sign_in() -> Evidence:
    return read_example(story(DISCOVERED, signed_in(), called()))


def test_recording_gives_the_same_as_redacting(tmp_path: Path) -> None:
    """The same marks at the same places."""
    whole = tmp_path / "whole"
    whole.write_text(recorded(sign_in(), None), encoding="utf-8")
    filtered = recorded(sign_in(), CassetteFilter())
    assert yaml.safe_load(redacted(whole)) == {**yaml.safe_load(filtered), NOTE: NOTED}
    assert not Search(Secret("value", value) for value in _sent(sign_in())).find(filtered)
    assert f"password={usual(2)}" in filtered
    assert "Bearer eyJ0eXAiOiJzdGFuZGlu" in filtered


def test_filtering_twice_changes_nothing() -> None:
    """It happens: vcrpy filters what it has filtered already."""
    cassette = CassetteFilter()
    request = VcrRequest("POST", "https://h/t?password=hunter2-hunter2", b"password=hunter2-hunter2", {"Cookie": "a=b"})
    first = cassette.request(request)
    before = (first.uri, first.body)
    second = cassette.request(first)
    assert (
        (second.uri, second.body)
        == before
        == (
            f"https://h/t?password={usual(1, '-')}",
            f"password={usual(1, '-')}".encode(),
        )
    )


def test_a_suite_gets_all_that_vcrpy_needs() -> None:
    """Both filters, of one memory, and bodies unpacked."""
    config = vcr_config()
    assert set(config) == {"before_record_request", "before_record_response", "decode_compressed_response", "match_on"}
