"""blastiq.toml as tests: what is collected, played once, and what becomes of each rule."""

import sys
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from blastiq_conformance.scenarios import scenarios
from tests.judge.naive import NAIVE, RIGHT

pytestmark = pytest.mark.slow

_TODAY = datetime.now(UTC).date()
_CLIENT = f"""
with open("starts", "a") as file:
    file.write("x")
{NAIVE}"""


def write(suite: pytest.Pytester, *more: str, head: str = "", scenarios: str = "'sign-in'") -> None:
    """Declare one target, a small client that counts its starts."""
    suite.makepyfile(app=_CLIENT)
    lines = [head, "[[target]]", "name = 'shop'", f"command = ['{sys.executable}', 'app.py']"]
    suite.path.joinpath("blastiq.toml").write_text("\n".join([*lines, f"scenarios = [{scenarios}]", *more]))


def starts(suite: pytest.Pytester) -> int:
    file = suite.path / "starts"
    return len(file.read_text()) if file.exists() else 0


AUDIENCE = 'env = { MORE = \'{"audience": "x"}\' }'
EMPTY_SCOPE = 'env = { MORE = \'{"scope": ""}\' }'
ITEM = "blastiq.toml::shop::sign-in::BIQ211"
IDS = ("-W", "error", "--no-header", "-rA")


def waiver(days: int, *, rule: str = "BIQ211", scenario: str = "") -> str:
    last = _TODAY + timedelta(days=days)
    more = f"scenario = '{scenario}'\n" if scenario else ""
    return f"[[target.waivers]]\nrule = '{rule}'\nreason = 'release 7'\nowner = 'pat'\nexpires = {last}\n{more}"


@pytest.mark.parametrize(
    ("head", "target", "ini", "args", "collected"),
    [
        ("", "", "", (), False),
        ("", "", "", ("blastiq.toml",), True),
        ("", "", "", (ITEM,), True),
        ("", "", "testpaths = blastiq.toml", (), True),
        ("", "", "testpaths = .", (), False),
        ("pytest = true", "", "", (), True),
        ("", "pytest = true", "", (), True),
        ("pytest = true", "pytest = false", "", (), False),
        ("", "pytest = false", "", ("blastiq.toml",), False),
        ("colour = 'red'", "", "", (), False),
        ("][", "", "", (), False),
        ("target = 3\n[x]", "", "", (), False),
    ],
)
def test_it_is_collected_where_it_is_named_or_asks(
    suite: pytest.Pytester, head: str, target: str, ini: str, args: tuple[str, ...], collected: bool
) -> None:
    """A bare pytest starts no program, unless the file says so; nor does it mind a file that it was not given."""
    write(suite, target, head=head)
    suite.makeini(f"[pytest]\n{ini}\n")
    result = suite.runpytest("--collect-only", "-q", *args)
    assert (ITEM in result.stdout.str()) == collected
    assert starts(suite) == 0
    result.assert_outcomes()


def test_a_scenario_is_played_once_and_rules_are_told_apart(suite: pytest.Pytester) -> None:
    """An error fails with the finished finding, a feature not used is skipped with its reason, the rest passes."""
    write(suite, AUDIENCE)
    result = suite.runpytest(*IDS, "blastiq.toml", "-k", "BIQ211 or BIQ212 or BIQ502 or BIQ201")
    result.assert_outcomes(failed=1, passed=2, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "FAIL  BIQ211 audience-sent  MUST NOT",
            "*again*blastiq run --scenario sign-in --rule BIQ211 --target shop",
            "SKIPPED [[]1[]] blastiq.toml:1: the client did not use this feature*",
            f"FAILED {ITEM}*",
        ]
    )
    assert starts(suite) == 1


@pytest.mark.unmeasured
def test_only_what_is_selected_is_played(suite: pytest.Pytester) -> None:
    """By id, by -k with a rule's name, by marker."""
    write(suite, scenarios="'sign-in', 'extra-members'")
    suite.runpytest(ITEM).assert_outcomes(passed=1)
    assert starts(suite) == 1
    suite.runpytest("blastiq.toml", "-k", "extra-members and unknown-member-fatal").assert_outcomes(passed=1)
    # An odd scenario and what it is compared with.
    assert starts(suite) == 2 + len(scenarios()["extra-members"].variants)
    suite.runpytest("blastiq.toml", "-m", "blastiq", "-k", "BIQ211 or BIQ401").assert_outcomes(passed=2)


@pytest.mark.unmeasured
def test_last_failed_and_first_failure(suite: pytest.Pytester) -> None:
    """--lf runs what failed, -x stops at the first and plays no further scenario."""
    write(suite, AUDIENCE, scenarios="'sign-in', 'extra-members'")
    chosen = "BIQ211 or extra-members and others"
    suite.runpytest("blastiq.toml", "-k", chosen).assert_outcomes(failed=2)
    suite.runpytest("blastiq.toml", "--lf").assert_outcomes(failed=2)
    before = starts(suite)
    suite.runpytest("blastiq.toml", "-x", "-k", chosen).assert_outcomes(failed=1)
    assert starts(suite) == before + 1


def test_a_warning_warns(suite: pytest.Pytester) -> None:
    """Passed with a warning; failed where warnings are errors, or by the strict profile."""
    write(suite, EMPTY_SCOPE)
    item = ITEM.replace("BIQ211", "BIQ212")
    result = suite.runpytest_subprocess(item)
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(["*BlastiqWarning: WARN  BIQ212*"])
    result = suite.runpytest(item, "-W", "error")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["WARN  BIQ212*"])
    write(suite, EMPTY_SCOPE, "profile = 'strict'")
    suite.runpytest(item).assert_outcomes(failed=1)


def test_properties_stand_in_junit(suite: pytest.Pytester) -> None:
    """Rule, level, scenario, target, severity, outcome, and the reason of a waiver; no path of this machine."""
    write(suite, AUDIENCE, waiver(0))
    suite.runpytest(ITEM, ITEM.replace("211", "502"), "--junitxml", "it.xml").assert_outcomes(passed=1, skipped=1)
    first, second = ET.parse(suite.path / "it.xml").iter("testcase")  # noqa: S314 - our own file
    told = {each.attrib["name"]: each.attrib["value"] for each in first.iter("property")}
    assert (first.attrib["classname"], first.attrib["name"]) == ("blastiq.toml.shop.sign-in", "BIQ211")
    assert told == {
        "blastiq_rule": "BIQ211",
        "blastiq_level": "MUST NOT",
        "blastiq_scenario": "sign-in",
        "blastiq_target": "shop",
        "blastiq_severity": "error",
        "blastiq_outcome": "waived",
        "blastiq_waiver": f"waived until {_TODAY} by pat: release 7",
    }
    (skipped,) = second.iter("skipped")
    assert "site-packages" not in (skipped.text or "")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((AUDIENCE, waiver(-1)), ("FAIL  BIQ211*", "the waiver of BIQ211 expired on*")),
        ((waiver(-1),), ("the waiver of BIQ211 expired on*",)),
        ((waiver(1, scenario="sign-in"),), ("BIQ211 in sign-in did not fail: the waiver is stale*",)),
    ],
    ids=["expired-and-failed", "expired", "stale"],
)
def test_waivers_that_are_over_or_not_needed_fail(
    suite: pytest.Pytester, more: tuple[str, ...], said: tuple[str, ...]
) -> None:
    """Each with its own text."""
    write(suite, *more)
    result = suite.runpytest(ITEM)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(list(said))


def test_what_stays_open_of_a_binding_rule_fails(suite: pytest.Pytester) -> None:
    """Untested is never green where the rule must be seen: in the scenarios that are for it."""
    write(suite, scenarios="'sign-in', 'extra-members'")
    suite.path.joinpath("app.py").write_text(_CLIENT.partition("call = ")[0])
    result = suite.runpytest("blastiq.toml", "-k", "BIQ601", "-rfs")
    result.assert_outcomes(failed=1)
    said = "BIQ601 token-outside-authorization-header is untested: nothing was seen that this rule could judge; *"
    result.stdout.fnmatch_lines([said, "FAILED blastiq.toml::shop::sign-in::BIQ601*"])


@pytest.mark.unmeasured
def test_the_demo_passes_where_it_is_led_astray(suite: pytest.Pytester) -> None:
    """A right client stops at a foreign issuer, and before the API without a token: none of that fails."""
    write(suite, scenarios="'sign-in', 'issuer-mismatch', 'wrong-password', 'no-credentials'")
    suite.path.joinpath("app.py").write_text(RIGHT)
    result = suite.runpytest("blastiq.toml", "-W", "error")
    outcomes = result.parseoutcomes()
    assert "failed" not in outcomes, result.stdout.str()
    assert outcomes["passed"] > 40


def test_hosts_beside_blastiq_are_named_at_the_end(suite: pytest.Pytester) -> None:
    """As those of tests are; each rule of the scenario tells them, and they are named once."""
    write(suite, "intercept = ['www.blastiq.com']")
    elsewhere = "try: urllib.request.urlopen('https://log.example/')\nexcept OSError: pass\n"
    suite.makepyfile(app=_CLIENT.replace("fields =", f"{elsewhere}fields =", 1))
    result = suite.runpytest("blastiq.toml", "-k", "BIQ211 or BIQ213")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*called beside BlastIQ*", "log.example: *::BIQ211 and 1 more"])


def test_what_could_not_be_played_fails_with_its_text(suite: pytest.Pytester) -> None:
    """Once tried, every rule says so."""
    write(suite)
    suite.path.joinpath("app.py").write_text("open('starts', 'a').write('x')")
    result = suite.runpytest("blastiq.toml", "-k", "BIQ211 or BIQ209")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["The integration never called BlastIQ: it exited with 0*"])
    assert starts(suite) == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [("colour = 'red'", "*key 'colour': there is no such key*"), ("intercept = [1]", "*key 'intercept'*")],
)
def test_a_file_that_cannot_be_used_is_an_error_of_collection(suite: pytest.Pytester, more: str, said: str) -> None:
    """With the text of the fault and no traceback."""
    write(suite, more)
    result = suite.runpytest("blastiq.toml")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([said])
    assert "Traceback" not in result.stdout.str()


def test_a_scenario_is_played_once_by_all_workers(suite: pytest.Pytester) -> None:
    """However its rules are spread over them; and so is what the odd ones are compared with."""
    write(suite, scenarios="'sign-in', 'token-type'")
    words = ("-n", "2", "--dist", "load", "-k", "BIQ211 or BIQ212 or BIQ402 or others")
    outcomes = suite.runpytest_subprocess("blastiq.toml", *words).parseoutcomes()
    assert (outcomes["passed"], outcomes.get("failed", 0)) == (5, 0)
    assert starts(suite) == 2 + len(scenarios()["token-type"].variants)


def test_a_file_elsewhere_is_named_in_the_line_that_reproduces(suite: pytest.Pytester) -> None:
    """`again` works from where pytest was started."""
    write(suite, AUDIENCE)
    folder = suite.mkdir("deep")
    for name in ("blastiq.toml", "app.py"):
        suite.path.joinpath(name).rename(folder / name)
    result = suite.runpytest("deep/blastiq.toml", "-k", "BIQ211")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*--rule BIQ211 --config deep/blastiq.toml --target shop"])
