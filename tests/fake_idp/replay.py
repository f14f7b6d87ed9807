"""Asks a fake what a product was asked: its clock at each question's time, its own tokens for the product's."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import parse_qsl, quote_plus, urlsplit

from blastiq_conformance.fidelity.shape import Eye, Shape, compare
from fake_idp.core import FakeIdp
from fake_idp.oidc.keys import Keys
from fake_idp.server_config import ServerConfig, ServiceUser, for_people
from fake_idp.wire import Headers, Json, Request, Response
from tests.fake_idp.calls import Now
from tests.fake_idp.doctored import Doctor
from tests.fake_idp.recorded import API, Question, Recording, read

USERS = (
    ServiceUser(username="svc.pit-42@mine.example", password="k7Fq2vN9xW4mZ8tR1pLs"),
    ServiceUser(username="odd user", password="p+q &=%é ü"),
)
_ISSUED = ("access_token", "refresh_token", "id_token")
_SENT = ("code", "session_state")
# What the recordings' README calls not the product's doing.
_NOT_THE_PRODUCT = ("without base", "with NUL", "1100 fields", "%00", "endsession")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A question, and the shapes of both answers to it."""

    question: Question
    expected: Shape
    got: Shape

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
    known: dict[str, str] = {}
    expecting, looking = Eye(), Eye()
    for question in questions:
        now.seconds = question.asked
        request = doctor.prepare(question)
        answer = idp.handle(_own(request, known))
        known.update(_renamed(question.answer, answer))
        if any(mark in question.name for mark in _NOT_THE_PRODUCT):
            continue
        # What the API says beyond the status and its headers, and what a page shows, is the host's own.
        page = recording.name == API or (question.answer.media_type or "").startswith("text/html")
        about = {"question": question.name, "asked": question.asked, "page": page}
        yield Replayed(
            question=question,
            expected=expecting.shape(question.answer, origin=question.origin, **about),  # type: ignore[arg-type]
            got=looking.shape(answer, origin=question.origin, **about),  # type: ignore[arg-type]
        )


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


def _own(request: Request, known: dict[str, str]) -> Request:
    """Put the fake's tokens where the product's stood, however they are written there."""
    pairs = [
        (spell(old), spell(new))
        for old, new in known.items()
        for spell in (str, quote_plus, str.lower, str.upper)
        if spell(old) != spell(new)
    ]

    def put(text: str) -> str:
        for old, new in pairs:
            text = text.replace(old, new)
        return text

    return replace(
        request,
        target=put(request.target),
        headers=Headers(tuple((name, put(value)) for name, value in request.headers)),
        body=put(request.body.decode("latin-1")).encode("latin-1"),
    )


def _renamed(product: Response, fake: Response) -> Iterator[tuple[str, str]]:
    yield from _pairs(product.json, fake.json, _ISSUED)
    yield from _pairs(_query(product), _query(fake), _SENT)


def _pairs(old: Json, new: Json, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in names:
            if name in old and name in new:
                yield str(old[name]), str(new[name])


def _query(answer: Response) -> Json:
    return dict(parse_qsl(urlsplit(answer.headers.get("location") or "").query))
