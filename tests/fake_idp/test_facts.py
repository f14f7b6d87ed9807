"""Replays what the products were asked: the fake answers alike, but for what the table of facts calls wanted."""

import re
from pathlib import Path

import pytest

from blastiq_conformance.fidelity.shape import Shape
from tests.fake_idp.facts import Fact, read_facts
from tests.fake_idp.recorded import RECORDINGS, Recording
from tests.fake_idp.replay import Replayed, replay

FACTS = read_facts()
SHOWN = [fact for fact in FACTS if fact.questions and not fact.is_wanted]
WANTED = [fact for fact in FACTS if fact.is_wanted]
ELSEWHERE = [fact for fact in FACTS if fact.test]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.name)
def test_the_fake_answers_as_the_product(recording: Recording) -> None:
    """Every recorded question that depends on the product has an answer of the same shape, or differs as is wanted."""
    found = {}
    for replayed in replay(recording):
        differing = {
            name: value for name, value in replayed.differing.items() if name not in wanted(recording, replayed)
        }
        if differing:
            found[replayed.question.name] = differing
    assert found == {}


# Chunking and times are the web server's; the host whose page it is forbade one redirect to be kept, by Expires.
_NOT_COMPARED = {"transfer-encoding", "content-length", "date", "expires", "location"}


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.name)
def test_the_fields_stand_as_the_product_sends_them(recording: Recording) -> None:
    """The same names in the same spelling and order, with the same values."""
    found = {}
    for replayed in replay(recording):
        real, ours = (
            [field for field in fields if field[0].lower() not in _NOT_COMPARED]
            for fields in (replayed.question.answer.headers.raw, replayed.head)
        )
        if real != ours:
            found[replayed.question.name] = (real, ours)
    assert found == {}


@pytest.mark.parametrize("fact", SHOWN, ids=str)
def test_a_fact_is_shown_and_held(fact: Fact) -> None:
    """The product's answers show it, and so do the fake's, in each of its products."""
    for name in fact.questions:
        answers = asked(fact, name)
        assert len(answers) == len(fact.products), name
        for answer in answers:
            for trait in fact.traits:
                assert shows(answer.expected, trait), f"the product, {name}: {trait}"
                assert shows(answer.got, trait), f"the fake, {name}: {trait}"


@pytest.mark.parametrize("fact", WANTED, ids=str)
def test_a_wanted_difference_is_there(fact: Fact) -> None:
    """What is not a difference any longer needs no reason."""
    for name in fact.questions:
        for answer in asked(fact, name):
            assert set(fact.traits) <= set(answer.differing), name


@pytest.mark.parametrize("fact", ELSEWHERE, ids=str)
def test_what_no_recording_shows_has_a_test(fact: Fact) -> None:
    """The row names it."""
    file, _, name = fact.test.partition("::")
    assert re.search(rf"^def {name}\(", (Path(__file__).parent / file).read_text(encoding="utf-8"), re.MULTILINE)


def wanted(recording: Recording, replayed: Replayed) -> set[str]:
    return {
        trait
        for fact in WANTED
        if recording in fact.recordings() and replayed.question.name in fact.questions
        for trait in fact.traits
    }


def asked(fact: Fact, name: str) -> list[Replayed]:
    return [
        replayed
        for recording in fact.recordings()
        for replayed in replay(recording)
        if replayed.question.name == name and not (recording.attended and name == "discovery")
    ]


def shows(shape: Shape, trait: str) -> bool:
    name, _, value = trait.partition(" = ")
    if name.startswith("no "):
        return name.removeprefix("no ") not in shape
    return str(shape.get(name)) == value
