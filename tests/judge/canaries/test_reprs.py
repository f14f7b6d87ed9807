"""What `pytest --showlocals` and an assertion print of the kit's objects holds no secret, whoever issued it."""

import pprint

import pytest

from blastiq_conformance.catalogue import Finding, Problem, Severity, catalogue
from blastiq_conformance.evidence import Child, Evidence, Facts, WrittenFile
from blastiq_conformance.evidence.api_call import SentToken, TokenPlace
from blastiq_conformance.evidence.credential import Credential, Defect
from blastiq_conformance.evidence.token_request import Basic, Field, Place
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.plugin.door import Door
from blastiq_conformance.report import Judgement, Report
from blastiq_conformance.runner.contract import Contract, Environment
from blastiq_conformance.runner.target import Target
from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.faults import Fault
from fake_idp.journal import Connection, Exchange
from fake_idp.journal.jsonl import Opening
from fake_idp.secrets.encodings import views
from fake_idp.secrets.patterns import patterns_of
from fake_idp.secrets.search import Search, Secret, find
from fake_idp.server_config import ServerConfig, ServiceUser
from fake_idp.wire import Headers, Request, Response

pytestmark = pytest.mark.slow

CANARY = "zQ7e-canary-of-somebody-9Kx"
_USER = ServiceUser(username=CANARY, password=CANARY)
_HEADERS = Headers((("Authorization", f"Bearer {CANARY}"), ("Content-Type", "application/x-www-form-urlencoded")))
_REQUEST = Request(
    method="POST",
    target=f"/identity/connect/token?password={CANARY}",
    headers=_HEADERS,
    body=f"grant_type=password&password={CANARY}&client_secret={CANARY}".encode(),
)
_RESPONSE = Response(status=200, headers=_HEADERS, body=b'{"access_token": "%s"}' % CANARY.encode(), reason=CANARY)
_EXCHANGE = Exchange(number=1, kind=Kind.TOKEN, request=_REQUEST, response=_RESPONSE)
_API = Exchange(number=2, kind=Kind.API, request=Request(method="GET", target=f"/api/{CANARY}", headers=_HEADERS))
_FILE = WrittenFile(path=f"cache/{CANARY}", content=CANARY.encode())
_CHILD = Child(
    argv=("app", CANARY), stdout=CANARY.encode(), stderr=CANARY.encode(), processes=((CANARY,),), files=(_FILE,)
)
_FACTS = Facts(
    username=CANARY,
    password=CANARY,
    previous_password=CANARY,
    issued=(Secret("password", CANARY),),
    other_users=((CANARY, CANARY),),
    shipped=(_FILE,),
)
_EVIDENCE = Evidence(exchanges=(_EXCHANGE, _API), child=_CHILD, facts=_FACTS)
_CONTRACT = Contract(
    authority="https://x", token_url="", api_url="", client_id="", username=CANARY, password=CANARY, api_calls=1,
    other_users=((CANARY, CANARY),), environment={"X": CANARY},
)  # fmt: skip
_JUDGED = Judgement(scenario="", evidence=_EVIDENCE, results=tuple(judge(_EVIDENCE, catalogue().values())))


def _told(kind: type[Problem] | type[Finding]) -> object:
    texts = dict.fromkeys(("message", "expected", "received", "parameter", "fix"), CANARY)
    more = {"rule": "BIQ209", "severity": Severity.ERROR, "reproduce": CANARY} if kind is Finding else {}
    return kind(**texts, **more)  # type: ignore[arg-type]  # fields of either


OBJECTS: tuple[object, ...] = (
    *(_USER, ServerConfig(users=(_USER,)), _HEADERS, _REQUEST, _RESPONSE, _EXCHANGE, _REQUEST.form, _REQUEST.query),
    *(Connection(number=1, received=CANARY.encode()), Secret("password", CANARY), Opening(facts={"password": CANARY})),
    *(Search([Secret("x", CANARY)]), find(CANARY, [Secret("x", CANARY)]), tuple(patterns_of(CANARY, 0)), views(CANARY)),
    Fault(endpoint=Kind.API, body=CANARY.encode(), headers=(("X", CANARY),), members={"access_token": CANARY}),
    *(
        FakeIdp(ServerConfig(users=(_USER,))),
        Door(ServerConfig(), _USER),
        FakeIdp(ServerConfig(users=(_USER,))).authority.token_store,
    ),
    *(_CHILD, _FACTS, _FILE, _EVIDENCE, _EVIDENCE.canaries, _EVIDENCE.token_requests, _EVIDENCE.api_calls),
    *(_EVIDENCE.token_requests[0].fields, _EVIDENCE.attempts, Basic(CANARY, CANARY)),
    SentToken(TokenPlace.HEADER, "X", CANARY, ""),
    Credential("password", CANARY, Field("password", CANARY, Place.FORM, 1, CANARY.encode()), Defect.RIGHT),
    *(_told(Problem), _told(Finding), _JUDGED),
    Report([_JUDGED], rules=catalogue(), command=("app", CANARY), notes=(CANARY,)),
    _CONTRACT,
    Target(command=("app", CANARY), env={"X": CANARY}, verbose=(CANARY,)),
    Environment({"BLASTIQ_PASSWORD": CANARY}),
)


@pytest.mark.parametrize("value", OBJECTS, ids=lambda value: type(value).__name__)
def test_no_object_shows_a_secret(value: object) -> None:
    """Neither by `repr` nor as pytest lays it out with -vv."""
    for text in (repr(value), pprint.pformat(value)):
        assert not find(text, [Secret("canary", CANARY)])


def test_an_environment_that_was_added_to_shows_none_either() -> None:
    """As a vendor's test makes one for its subprocess."""
    env = Environment({"BLASTIQ_PASSWORD": CANARY}) | {"MY_PASSWORD": CANARY}
    assert env["BLASTIQ_PASSWORD"] == env["MY_PASSWORD"] == CANARY
    assert repr(env) == "Environment(BLASTIQ_PASSWORD, MY_PASSWORD)"
