"""All the checks together, and what of them is told after a run."""

from pathlib import Path

from blastiq_conformance.doctor import Status, advise, diagnose
from tests.judge.doctor.patients import Machine


def test_a_sound_machine_has_nothing_wrong(machine: Machine) -> None:
    """Every check says what it found."""
    checks = diagnose((), {}, machine.folder)
    assert {each.status for each in checks} == {Status.OK}
    assert all(each.found and not each.advice for each in checks)
    assert advise((), {}, machine.folder) == []


def test_advice_for_a_run_leaves_out_what_is_said_or_hidden(tmp_path: Path) -> None:
    """`run` takes proxies away from its child."""
    environment = {"HTTP_PROXY": "http://proxy.example:3128", "SSL_CERT_FILE": str(tmp_path / "missing")}
    advice = advise(("no-such-command",), environment, tmp_path)
    assert [line.partition(":")[0] for line in advice] == ["certificates"]
    assert "SSL_CERT_FILE" in advice[0]


def test_the_machine_is_this_one(tmp_path: Path) -> None:
    """Without another in its place this machine is asked, and its loopback works."""
    checks = {each.name: each.status for each in diagnose((), {"TMPDIR": str(tmp_path)})}
    assert checks["loopback-port"] is Status.OK
    assert checks["temporary-folder"] is Status.OK
