"""blastiq.toml and [tool.blastiq]: what is read, where it is found, and how faults are named."""

from pathlib import Path

import pytest

from blastiq_conformance.catalogue import Profile
from blastiq_conformance.config import ConfigError, find, read
from blastiq_conformance.runner.target import Home
from blastiq_conformance.scenarios import scenarios

TWO = """
[[target]]
name = "shop"
command = ["node", "app.js", "{authority}"]
env = { SHOP_USER = "{username}" }
cwd = "services/shop"
profile = "strict"
home = "private"
timeout = 30
rules = ["BIQ211"]

[[target]]
name = "billing"
command = ["./billing"]
scenarios = ["sign-in", "hangs", "parallel"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "blastiq.toml"


def test_targets_are_read_in_order(file: Path) -> None:
    """Each with its keys; the folder is relative to the file, wherever the kit was started."""
    file.write_text(TWO)
    shop, billing = read(file).targets
    assert shop.target.command == ("node", "app.js", "{authority}")
    assert shop.target.env == {"SHOP_USER": "{username}"}
    assert shop.target.cwd == file.parent / "services/shop"
    assert (shop.target.home, shop.target.timeout, shop.profile) == (Home.PRIVATE, 30.0, Profile.STRICT)
    assert (billing.target.name, billing.target.cwd) == ("billing", file.parent)


def test_pyproject_says_the_same(file: Path) -> None:
    """[tool.blastiq] holds the same tables under another head."""
    shared = file.with_name("pyproject.toml")
    file.write_text("pytest = true\n" + TWO)
    shared.write_text("[tool.blastiq]\npytest = true\n" + TWO.replace("[[target]]", "[[tool.blastiq.target]]"))
    assert read(shared).targets == read(file).targets
    assert read(shared).pytest is read(file).pytest is True


def test_the_own_file_comes_first(file: Path) -> None:
    """blastiq.toml, then pyproject.toml where it has the section, then nothing."""
    shared = file.with_name("pyproject.toml")
    assert find(file.parent) is None
    shared.write_text("[project]\nname = 'x'\n")
    assert find(file.parent) is None
    with pytest.raises(ConfigError, match=r"no \[tool.blastiq\] in it"):
        read(shared)
    shared.write_text("[tool.blastiq]\n")
    assert find(file.parent) == shared
    file.write_text("")
    assert find(file.parent) == file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no target is declared; each is headed [[…target]]"),
        ("target = 3", "key 'target': expected tables, each headed [[…target]]; found 3"),
        ("tagret = 3", "there is no such key; did you mean 'target'?"),
        ("[[target]]\nname='a'", "[[target]] 1, key 'command': it is missing"),
        (
            "[[target]]\ncommand=['x']\ntimout=3",
            "[[target]] 1, key 'timout': there is no such key; did you mean 'timeo",
        ),
        ("[[target]]\ncommand=['x']\nzzz=3", "no such key; known are name, version, command, env"),
        ("[[target]]\ncommand='node app.js'", "expected a list of the program and its arguments"),
        ("[[target]]\ncommand='node app.js'", 'found "node app.js"'),
        ("[[target]]\ncommand=['x']\nusers=true", "expected a whole number from 1 to 1000; found true"),
        (f"[[target]]\ncommand=['x']\nusers=0x{'f' * 4000}", "found an integer of thousands of digits"),
        (f"[[target]]\ncommand=[0x{'f' * 4000}]", "found an integer of thousands of digits"),
        ("[[target]]\ncommand=['x']\nenv={A=[]}", "found {A}"),
        ("[[target]]\ncommand=['x']\nhome='own'", 'expected "private" or "inherit"; found "own"'),
        (
            "[[target]]\ncommand=['x']\nrules=['BIQ299']",
            "there is no rule 'BIQ299'; `blastiq rules` lists them all; did you mean 'BIQ",
        ),
        ("[[target]]\ncommand=['x']\nrules=['BIQ2111']", "expected the id of a rule, such as BIQ211; `blastiq rules`"),
        ("[[target]]\ncommand=['x']\nscenarios=['q']", "there is no scenario 'q'; `blastiq scenarios` lists them all"),
        (
            "[[target]]\ncommand=['x']\n[[target]]\ncommand=['y']",
            "line 3, [[target]] 2, key 'name': another target is called 'default' as well",
        ),
        (
            "[[target]]\ncommand=['x']\nwaivers=[{rule='BIQ211'}]",
            "[[target]] 1, [[target.waivers]] 1, key 'reason': it is missing",
        ),
        ("[[target]]\ncommand=['x']\nwaivers=[3]", "key 'waivers': expected a table; found 3"),
        ("[[target]", "is not valid TOML"),
        (b"\xff", "is not UTF-8 text"),
        (None, "cannot be read"),
    ],
)
def test_faults_are_named_with_file_table_and_key(file: Path, text: str | bytes | None, said: str) -> None:
    """What was found, what was expected, and the nearest that there is."""
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as caught:
        read(file)
    assert str(caught.value).startswith(str(file))
    assert said in str(caught.value)


def test_targets_are_chosen_by_name(file: Path) -> None:
    """All where none is named; an unknown name is a fault."""
    file.write_text(TWO)
    config = read(file)
    assert len(config.choose([])) == 2
    assert [declared.target.name for declared in config.choose(["billing"])] == ["billing"]
    with pytest.raises(ConfigError, match="there is no target 'biling'; did you mean 'billing'"):
        config.choose(["biling"])
    with pytest.raises(ConfigError, match="known are shop, billing"):
        config.choose(["zzzzz"])


def test_what_a_target_plays(file: Path) -> None:
    """Scenarios that are for its rules; slow ones only where named; none that needs what is not declared."""
    file.write_text(TWO)
    shop, billing = read(file).targets
    assert [scenario.slug for scenario in billing.chosen()] == ["sign-in", "hangs"]
    played = {scenario.slug for scenario in shop.chosen()}
    assert played == {
        slug
        for slug, scenario in scenarios().items()
        if not scenario.slow and not scenario.needs and "BIQ211" in scenario.rules
    }
    assert played == {"sign-in", "control"}
    assert billing.due()["BIQ211"] == {"sign-in"}
