"""A run: what stops it at once, what runs beside what, and that no scenario sees another's traffic."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from blastiq_conformance.runner.not_run import NotRun
from blastiq_conformance.runner.run import overstay, run, with_control
from blastiq_conformance.runner.scenario_pool import Event, Happening
from blastiq_conformance.runner.scenario_run import ScenarioRun
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import Scenario, Variant, scenarios
from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.wire import Delivery
from tests.judge.runner.programs import GO_ON, GOOD, SIGN_IN, once_there, program

pytestmark = pytest.mark.slow

SIGN_IN_ALONE = [scenarios()["sign-in"]]


def run_program(*command: str, chosen: list[Scenario] = SIGN_IN_ALONE, timeout: float = 20.0) -> list[ScenarioRun]:
    return run(Target(command=command, timeout=timeout), chosen, jobs=2)


def row(slug: str, *variants: Variant, calls: int = 1, follow_up: tuple[Variant, ...] = ()) -> Scenario:
    """Make a scenario that needs no control beside it."""
    return Scenario(
        slug=slug,
        number="",
        done="",
        rules=frozenset(),
        api_calls=calls,
        benign=True,
        variants=variants,
        follow_up=follow_up,
    )


def test_each_play_has_credentials_and_a_port_of_its_own() -> None:
    """Scenarios that run at once never see each other's traffic."""
    chosen = [scenarios()[slug] for slug in ("sign-in", "authority-slash", "endpoint-moved", "wrong-password")]
    chosen += [row(f"beside-{n}", Variant(), Variant()) for n in range(3)]
    evidences = [evidence for played in run_program(*GOOD, chosen=chosen) for evidence in played.evidences]
    assert len(evidences) == 11
    assert len({evidence.facts.username for evidence in evidences}) == 11
    assert len({evidence.facts.password for evidence in evidences}) == 11
    assert len({(evidence.facts.authority or "").rstrip("/") for evidence in evidences}) == 11
    for evidence in evidences:
        assert evidence.facts.authority is not None
        for exchange in evidence.exchanges:
            assert evidence.facts.authority.startswith(exchange.request.origin + "/")
        assert [r.value("password") for r in evidence.token_requests] == [evidence.facts.password]


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        ("raise SystemExit('no settings')", "never-called", r"exited with 1(.|\n)*no settings"),
        ("pass", "never-called", "exited with 0 .*It wrote nothing"),
        ("import os; os.kill(os.getpid(), 11)", "never-called", "ended by SIGSEGV"),
        ("import time; time.sleep(60)", "never-called", r"ended after 1.5 s \(--timeout\)"),
        ("import sys; print('sh: 1: nod: not found', file=sys.stderr); sys.exit(127)", "not-started", "127.*not found"),
        ("raise SystemExit(126)", "not-started", "126.*cannot be run"),
    ],
    ids=["crashes", "does-nothing", "killed", "hangs", "shell-not-found", "shell-not-executable"],
)
def test_what_never_called_says_how_it_ended(code: str, kind: str, says: str) -> None:
    """A 3 in the first scenario stops at once, each with its own text."""
    with pytest.raises(NotRun, match=says) as caught:
        run_program(*program(code), timeout=1.5 if "sleep" in code else 20.0)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("sent", "says"),
    [("b'\\x16\\x03\\x01\\x00\\x05hello'", "started TLS"), ("b'EHLO me\\r\\n\\r\\n'", "not an HTTP request")],
    ids=["tls", "smtp"],
)
def test_bytes_that_are_no_http_have_a_third_text(sent: str, says: str) -> None:
    """A client that connects but speaks no HTTP did call, so it gets another text."""
    code = (
        "import os, socket\nhost, port = os.environ['BLASTIQ_AUTHORITY'].split('/')[2].split(':')\n"
        f"s = socket.create_connection((host, int(port))); s.sendall({sent}); s.recv(99)"
    )
    with pytest.raises(NotRun, match=says) as caught:
        run_program(*program(code))
    assert caught.value.kind == "not-http"


def test_last_words_carry_no_canary() -> None:
    """What a child wrote to stderr is shown without the secrets that it was given."""
    code = "import os, sys; sys.exit('cannot use ' + os.environ['BLASTIQ_PASSWORD'])"
    with pytest.raises(NotRun, match="cannot use <password"):
        run_program(*program(code))


def test_a_later_scenario_that_never_calls_is_evidence() -> None:
    """Only the first scenario decides whether there is anything to judge."""
    code = "import os\nif not os.environ['BLASTIQ_AUTHORITY'].endswith('/'):\n" + (SIGN_IN + GO_ON).replace("\n", "\n ")
    played = run_program(*program(code), chosen=[scenarios()["sign-in"], scenarios()["authority-slash"]])
    assert [len(each.evidences[0].exchanges) for each in played] == [3, 0]


def test_sign_in_is_played_first_and_alone() -> None:
    """Whatever the order asked for, sign-in ends before anything else starts; the control is played beside the rest."""
    events: list[Event] = []
    chosen = [scenarios()["endpoint-moved"], scenarios()["sign-in"]]
    played = run(Target(command=GOOD), chosen, jobs=4, on_event=events.append)
    assert [each.scenario.slug for each in played] == ["control", "endpoint-moved", "sign-in"]
    assert (events[0].what, events[0].scenario, events[0].requests) == (Happening.SCENARIO_ENDED, "sign-in", 3)
    assert {event.scenario for event in events[1:]} == {"control", "endpoint-moved"}
    assert events[0].seconds > 0
    control, moved, sign_in = (each.evidences[0].exchanges for each in played)
    assert sign_in[-1].ended < min(control[0].started, moved[0].started)


@pytest.mark.parametrize(("slug", "calls"), [("endpoint-moved", 1), ("refresh-rotated", 4)])
def test_an_odd_scenario_is_never_played_without_its_control(slug: str, calls: int) -> None:
    """The same client where nothing is odd, asked for as many calls; a benign one needs none."""
    target = Target(command=GOOD)
    control, odd = with_control([scenarios()[slug]], target)
    assert (control.slug, control.api_calls, odd.slug) == ("control", calls, slug)
    assert with_control([scenarios()["many-calls"]], target) == [scenarios()["many-calls"]]
    whole = with_control(list(scenarios().values()), target)
    assert [scenario.slug for scenario in whole] == list(scenarios())
    (people, _) = with_control([scenarios()["attended-denied"]], Target(command=GOOD, flow="attended"))
    assert people.slug == "attended-control"


def test_what_others_are_compared_with_can_be_played_by_itself() -> None:
    """Once, and the run ends."""
    assert [each.scenario.slug for each in run_program(*GOOD, chosen=[scenarios()["control"]])] == ["control"]


def late(slug: str) -> Scenario:
    """A scenario whose fake lets the client wait for a second."""
    fault = Fault(endpoint=Kind.DISCOVERY, delivery=Delivery(delay=1.0))
    return row(slug, Variant(faults=(fault,), waits=1.0))


CUT = SIGN_IN + "form['password'] = form['password'].partition('+')[0]\n" + GO_ON


@pytest.mark.parametrize(("command", "played"), [(GOOD, 1), (program(CUT), 3)], ids=["good", "cuts-at-plus"])
def test_variants_follow_up_only_after_a_failure(command: tuple[str, ...], played: int) -> None:
    """One by one is played only where a combined password left the client other than it was injected."""
    singles = (Variant(password="{canary} "), Variant(password="{canary}+"))
    scenario = row("combined", Variant(password="{canary} +"), follow_up=singles)
    (each,) = run(Target(command=command), [scenario], jobs=2)
    assert len(each.evidences) == played


def test_cancelling_gives_what_was_seen(tmp_path: Path) -> None:
    """A run that is cancelled while a scenario hangs returns its traffic, and says that it was interrupted."""
    cancelled, done = threading.Event(), tmp_path / "done"
    code = f"{SIGN_IN}{GO_ON}import time; open({str(done)!r}, 'w'); time.sleep(60)"
    once_there(done, cancelled.set)
    (each,) = run(Target(command=program(code)), [*SIGN_IN_ALONE, late("never")], jobs=2, cancelled=cancelled)
    assert each.interrupted
    assert len(each.evidences[0].exchanges) == 3


def test_a_quiet_service_is_judged() -> None:
    """A service that stays up after its work is stopped, with all that it did in the evidence."""
    target = Target(command=program(SIGN_IN + GO_ON + "import time; time.sleep(60)"), quiet=1.5)
    (each,) = run(target, SIGN_IN_ALONE)
    child = each.evidences[0].child
    assert child is not None
    assert child.stopped
    assert child.exit_status is None
    assert each.evidences[0].facts.service
    assert len(each.evidences[0].exchanges) == 3


def test_a_service_that_nobody_declared_is_named() -> None:
    """Who did the work and stays up is told of `quiet`, and is not taken for a failure."""
    heard: list[Event] = []
    target = Target(command=program(SIGN_IN + GO_ON + "import time; time.sleep(60)"), timeout=5.0)
    runs = run(target, SIGN_IN_ALONE, on_event=heard.append)
    assert not runs[0].evidences[0].facts.service
    assert "In sign-in" in overstay(runs)
    assert "quiet = 5" in overstay(runs)
    assert not runs[0].evidences[0].failed
    assert Happening.TIMED_OUT in [event.what for event in heard]


def test_a_fault_of_the_kit_is_raised_and_ends_the_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception in a worker thread is not lost, and what else runs is ended."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of the kit")

    monkeypatch.setattr("blastiq_conformance.runner.scenario_run.written", fail)
    with pytest.raises(RuntimeError, match="a fault of the kit"):
        run(Target(command=GOOD), SIGN_IN_ALONE)


INTERRUPTED = """
import sys, threading
from blastiq_conformance.runner.run import run
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import scenarios
cancelled = threading.Event()
plays = run(Target(command=tuple(sys.argv[1:])), [scenarios()["sign-in"]], cancelled=cancelled,
            on_event=lambda event: print(event.what, flush=True))
print(cancelled.is_set(), [len(play.evidences[0].exchanges) for play in plays], flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_ctrl_c_ends_the_children_and_gives_what_was_seen(tmp_path: Path) -> None:
    """KeyboardInterrupt in the main thread: the child is gone, its traffic is returned."""
    pid = tmp_path / "pid"
    code = f"{SIGN_IN}{GO_ON}open({str(pid)!r}, 'w').write(str(os.getpid()))\nimport time; time.sleep(60)"
    command = [sys.executable, "-c", INTERRUPTED, *program(code)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 10
        while not (pid.exists() and pid.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=10)
    assert output.splitlines()[-1] == "True [3]"
    assert not Path(f"/proc/{pid.read_text()}").exists()
