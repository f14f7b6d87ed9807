"""The loop to green: what failed is played again, on demand or when a file changes; failures become waivers."""

import os
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from blastiq_conformance.cli.memory import Memory
from blastiq_conformance.cli.plan import Plan
from blastiq_conformance.cli.run import run
from blastiq_conformance.cli.watching import watch
from blastiq_conformance.config import ConfigError, read
from blastiq_conformance.config.waiver_draft import write_waivers
from blastiq_conformance.proxy.enclosure import enclosed
from blastiq_conformance.report import Report
from blastiq_conformance.scenarios import Scenario
from tests.judge.cli.shell import called
from tests.judge.judged import AUDIENCE, GOOD, judged, rules

CONFIG = "[[target]]\nname = 'one'\ncommand = ['x']\n\n[[target]]\nname = 'two'\ncommand = ['x']\n"


def played(*failing: str, good: Sequence[str] = ("sign-in", "token-dies"), target: str = "default") -> Report:
    """Report on scenarios, of which some failed."""
    runs = [judged(AUDIENCE if slug in failing else GOOD, slug, ids=("BIQ211",)) for slug in {*failing, *good}]
    return Report(runs, rules=rules("BIQ211"), target=target, command=("node",))


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The scenarios that are asked for, run by run; nothing is started, and the audience fails in token-dies."""
    monkeypatch.chdir(tmp_path)
    asked: list[list[str]] = []

    def carry_out(plans: Sequence[object], *_: object, **__: object) -> list[Report]:
        made = []
        for plan in plans:
            wanted: Sequence[Scenario] = plan.scenarios  # type: ignore[attr-defined]  # it is a Plan
            slugs = [scenario.slug for scenario in wanted]
            asked.append(slugs)
            target: str = plan.subject.declared.target.name  # type: ignore[attr-defined]  # as above
            made.append(played(*({"token-dies"} & set(slugs)), good=slugs, target=target))
        return made

    monkeypatch.setattr("blastiq_conformance.cli.run.carry_out", carry_out)
    return asked


def test_only_what_failed_is_played_again(runs: list[list[str]], tmp_path: Path) -> None:
    """It is remembered by name alone, beside a .gitignore; a run of something else forgets nothing."""
    for args in ((), ("--last-failed",), ("--scenario", "sign-in"), ("--last-failed",)):
        called("run", *args, "--", "node")
    assert len(runs[0]) > 20
    assert runs[1:] == [["token-dies"], ["sign-in"], ["token-dies"]]
    assert (tmp_path / ".blastiq/.gitignore").read_text() == "*\n"
    assert (tmp_path / ".blastiq/last.json").read_text() == '{\n "default": [\n  "token-dies"\n ]\n}'


def test_where_nothing_failed_everything_is_played(runs: list[list[str]]) -> None:
    """Else the end of the loop would be a verdict on nothing."""
    done = called("run", "--last-failed", "--", "node")
    assert "No scenario is known to have failed" in done.stderr
    assert len(runs[0]) > 20


def test_two_ways_to_choose_are_too_many() -> None:
    """They would say different things."""
    done = called("run", "--last-failed", "--quick", "--", "node")
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize("text", ["", "[]", '{"default": 1}', '{"default": ["no-such", 2]}', "\x00"])
def test_a_memory_that_was_written_by_others(tmp_path: Path, text: str) -> None:
    """It is none."""
    (tmp_path / ".blastiq").mkdir()
    (tmp_path / ".blastiq/last.json").write_text(text)
    assert Memory(tmp_path).failed("default") == ()


def test_what_was_mended_is_forgotten(tmp_path: Path) -> None:
    """As soon as it passes; another target's stay."""
    Memory(tmp_path).remember([played("sign-in", "token-dies"), played("sign-in", target="other")])
    Memory(tmp_path).remember([played(good=["sign-in"])])
    assert Memory(tmp_path).failed("default") == ("token-dies",)
    assert Memory(tmp_path).failed("other") == ("sign-in",)


def test_a_folder_that_cannot_be_written_costs_no_run(tmp_path: Path) -> None:
    """The run has its verdict all the same."""
    (tmp_path / ".blastiq").write_text("a file")
    Memory(tmp_path).remember([played("sign-in")])
    assert Memory(tmp_path).failed("default") == ()


@pytest.mark.parametrize(("end", "code"), [(KeyboardInterrupt, 1), (None, 130)], ids=["waiting", "playing"])
def test_a_change_starts_the_next_run(tmp_path: Path, end: type[BaseException] | None, code: int) -> None:
    """Of a file below, new or edited; hidden folders are none. Ctrl-C ends it with the verdict of the last run."""
    app = tmp_path / "src/app.py"
    app.parent.mkdir()
    app.write_text("1")
    (tmp_path / ".git").mkdir()
    runs = 0

    def once() -> int:
        nonlocal runs
        runs += 1
        if runs == 2:
            raise click.ClickException("half written")
        return 130 if runs == 3 and end is None else 1

    def pause(_: float) -> None:
        if runs == 3 and end is not None:
            raise end
        (tmp_path / ".git/index").write_text(str(os.urandom(4)))
        app.write_text("1" * (runs + 2))

    assert watch(once, lambda: [tmp_path], pause) == code
    assert runs == 3


def test_failures_become_waivers_to_be_filled_in(runs: list[list[str]], tmp_path: Path) -> None:
    """Each under its target; until they are filled in, the file is refused, and says which key."""
    file = tmp_path / "blastiq.toml"
    file.write_text(CONFIG)
    done = called("run", "--write-waivers")
    assert runs
    assert "blastiq.toml: 2 waivers added; fill in reason, owner and expires of each." in done.stderr
    with pytest.raises(ConfigError, match=r"waivers\]\] 1, key 'reason': expected a text that is not empty"):
        read(file)
    text = file.read_text().replace('reason = ""', 'reason = "r"').replace('owner = ""', 'owner = "o"')
    file.write_text(text.replace('expires = ""', "expires = 2030-01-01"))
    assert [
        (declared.target.name, [(waiver.rule, waiver.scenario) for waiver in declared.waivers])
        for declared in read(file).targets
    ] == [("one", [("BIQ211", "token-dies")]), ("two", [("BIQ211", "token-dies")])]


def test_waivers_need_a_file() -> None:
    """A command alone has none."""
    done = called("run", "--write-waivers", "--", "node")
    assert done.returncode == 2
    assert "`blastiq init` makes one" in done.stderr


def test_waivers_in_pyproject(tmp_path: Path) -> None:
    """Behind all that other tools have there."""
    file = tmp_path / "pyproject.toml"
    file.write_text("[[tool.blastiq.target]]\ncommand = ['x']\n[tool.other]\nx = 1")
    write_waivers(file, [played("sign-in", "token-dies")])
    assert '\n[[tool.blastiq.target.waivers]]\nrule = "BIQ211"  # audience-sent\nreason = ""' in file.read_text()


def test_waivers_of_a_target_within_a_line(tmp_path: Path) -> None:
    """They cannot be put under it; the file stays as it was."""
    file = tmp_path / "blastiq.toml"
    file.write_text("target = [{ command = ['x'] }]\n")
    with pytest.raises(ConfigError, match="write its waivers by hand"):
        write_waivers(file, [played("sign-in", "token-dies")])
    assert file.read_text() == "target = [{ command = ['x'] }]\n"


def test_a_program_that_ignores_proxies_is_enclosed(runs: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """By an option that stands in the line to enter again as well; without a proxy there is nothing to be led to."""
    commands: list[tuple[tuple[str, ...], ...]] = []

    def carry_out(plans: Sequence[Plan], *_: object, **__: object) -> list[Report]:
        commands.extend((plan.subject.declared.target.command, plan.subject.command, plan.asked) for plan in plans)
        return [played()]

    monkeypatch.setattr("blastiq_conformance.cli.run.carry_out", carry_out)
    called("run", "--quick", "--intercept", "--enclose", "--", "node")
    assert commands == [(enclosed(("node",)), ("node",), ("--intercept", "--enclose"))]
    done = called("run", "--quick", "--enclose", "--", "node")
    assert done.returncode == 2
    assert "which --intercept opens; give both" in done.stderr
    assert not runs


def test_the_options_are_told() -> None:
    """In the help of the command."""
    names = {name for option in run.params for name in option.opts}
    assert names >= {"--last-failed", "--watch", "--write-waivers", "--brief"}
