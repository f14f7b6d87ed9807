"""Asks a fake what a product was asked: its clock at each question's time, its own tokens for the product's."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from blastiq_conformance.fidelity.shape import Look, Shape, compare
from blastiq_conformance.fidelity.stand_ins import StandIns
from fake_idp.core import FakeIdp
from fake_idp.http.delivery import frame
from fake_idp.oidc.keys import Keys
from fake_idp.server_config import ServerConfig, ServiceUser, for_people
from fake_idp.wire import Request, Response
from tests.fake_idp.calls import Now
from tests.fake_idp.doctored import Doctor
from tests.fake_idp.recorded import API, Question, Recording, read

USERS = (
    ServiceUser(username="svc.pit-42@mine.example", password="k7Fq2vN9xW4mZ8tR1pLs"),
    ServiceUser(username="odd user", password="p+q &=%é ü"),
)
# What the recordings' README calls not the product's doing.
_NOT_THE_PRODUCT = ("without base", "endsession")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A question, and the shapes of both answers to it."""

    question: Question
    expected: Shape
    got: Shape
    head: list[tuple[str, str]]  # the fields of the fake's answer as they are sent

    @property
    def differing(self) -> dict[str, tuple[object, object]]:
        """What sets the answers apart."""
        return compare(self.expected, self.got)


@cache
def replay(recording: Recording) -> tuple[Replayed, ...]:
    """Ask the fake every question of a recording that depends on the product."""
    return tuple(_replay(recording))


def _replay(recording: Recording) -> Iterator[Replayed]:
    questions = read(recording)
    now = Now(questions[0].asked)
    origin = questions[0].origin
    idp = _fake(recording, now, origin)
    doctor = Doctor(idp, now, questions, is_api=recording.name == API)
    stand_ins, expected, got = StandIns(), dict[str, str](), dict[str, str]()
    for question in questions:
        now.seconds = question.asked
        request = doctor.prepare(question)
        answer = idp.handle(stand_ins.own(request))
        stand_ins.learn(question.answer, answer)
        if any(mark in question.name for mark in _NOT_THE_PRODUCT):
            continue
        # What the API says beyond the status and its headers, and what a page shows, is the host's own.
        page = recording.name == API or (question.answer.headers.media_type or "").startswith("text/html")
        about = (question.name, question.origin, question.asked)
        yield Replayed(
            question=question,
            head=_head(request, answer),
            expected=Look(*about, expected).shape(question.answer, page=page),
            got=Look(*about, got).shape(answer, page=page),
        )


def _head(request: Request, answer: Response) -> list[tuple[str, str]]:
    # The products were asked to close each connection.
    head = frame(request, answer, now=0, close=True).portions[0].partition(b"\r\n\r\n")[0].decode("latin-1")
    return [(name, value) for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:])]


def _fake(recording: Recording, now: Now, origin: str) -> FakeIdp:
    config = ServerConfig(
        authority=f"{origin}/identity",
        api_url=f"{origin}/api",
        users=USERS,
        flavour=recording.flavour,
        rate_limits=(),
        access_token_lifetime=2 if recording.name == API else 3600,
    )
    idp = FakeIdp(for_people(config) if recording.attended else config, clock=now.clock, keys=_keys())
    idp.ports.add(urlsplit(origin).port or 80)
    return idp


@cache
def _keys() -> Keys:
    return Keys()
