"""`rules`, `explain`, `scenarios`, `token`, `--version`: the pages of the command line."""

import base64
import json
import subprocess
import sys

import pytest

from blastiq_conformance import __version__
from blastiq_conformance.catalogue import Rule, catalogue
from blastiq_conformance.catalogue.page import as_text
from blastiq_conformance.scenarios import scenarios
from tests.judge.cli.shell import called as blastiq
from tests.rule_page import section


def test_version() -> None:
    """The version is that of the package."""
    assert blastiq("--version").stdout == f"blastiq, version {__version__}\n"


def test_rules_are_listed() -> None:
    """A line per rule."""
    done = blastiq("rules")
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(catalogue())


def test_what_only_lists_starts_quickly() -> None:
    """No server, client or certificate is loaded for a list of rules."""
    heavy = {"asyncio", "cryptography", "h11", "httpx", "jwt", "trustme"}
    code = (
        f"import sys\nfrom blastiq_conformance.cli.catalogue import rules\nsys.exit(bool({heavy} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_coverage_follows_the_article() -> None:
    """Each sentence stands there with its rules, or with the reason why there is none."""
    lines = blastiq("rules", "--coverage").stdout.splitlines()
    keys = [line.split()[0] for line in lines if line.startswith("A")]
    assert keys == [f"A{number}" for number in range(1, 39)]
    assert all(
        "BIQ" in line or "no rule: " in line for line in lines if line.startswith("     ") and "A" not in line[:5]
    )


def test_scenarios_are_listed() -> None:
    """Each scenario with what is done, the calls, and the rules."""
    output = blastiq("scenarios").stdout
    assert [line.split()[0] for line in output.splitlines() if "about" in line] == list(scenarios())
    assert "BIQ505" in output


@pytest.mark.parametrize("rule", catalogue().values(), ids=lambda rule: rule.id)
def test_every_rule_is_explained(rule: Rule) -> None:
    """A page has why, instead, sources in words, and both examples."""
    page = "\n".join(as_text(rule))
    assert rule.title in page
    assert rule.why in "\n".join(section(rule))
    for heading in ("why", "instead", "source", "good", "bad"):
        assert f"\n{heading}" in page


@pytest.mark.parametrize("wanted", ["BIQ211", "biq211", "audience-sent"])
def test_a_rule_is_found_by_id_and_name(wanted: str) -> None:
    """Ids in any case, names too."""
    assert blastiq("explain", wanted).stdout.startswith("BIQ211 audience-sent")


def test_an_unknown_rule_is_a_usage_error_with_a_guess() -> None:
    """What is nearly right is named."""
    done = blastiq("explain", "audience-send")
    assert done.returncode == 2
    assert "did you mean 'audience-sent'" in done.stderr


def jwt(**claims: object) -> str:
    parts = ({"alg": "RS256", "typ": "at+jwt"}, claims)
    return ".".join(
        [*(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), "x"]
    )


def test_a_token_is_decoded_in_words() -> None:
    """Header, claims, and times as a person reads them; it says that nothing was sent."""
    done = blastiq("token", jwt(sub="ü?>", exp=4102444800, iat=0, nbf="soon", auth_time=1e300))
    assert done.returncode == 0
    for words in (
        '"at+jwt"',
        '"ü?>"',
        "expires     2100-01-01 00:00:00 UTC, in ",
        "issued      1970-01-01",
        "is not a date",
    ):
        assert words in done.stdout
    assert "nothing was sent anywhere" in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A" * 64, "this is not a JWT: expected three parts joined by dots, found 1"),
        ("a.b.c", "the header of this token cannot be decoded"),
        (f"{base64.urlsafe_b64encode(b'[1]').decode()}.e30.x", "is list, expected a JSON object"),
    ],
    ids=["opaque", "broken", "no-object"],
)
def test_what_is_no_token_is_a_usage_error(text: str, said: str) -> None:
    """Each says what was found and what was expected."""
    done = blastiq("token", text)
    assert done.returncode == 2
    assert said in done.stderr


def test_an_unknown_command_is_told_what_is_near() -> None:
    """A slip of the finger is named, and exits 2."""
    done = blastiq("rnu")
    assert (done.returncode, "there is no command 'rnu'; did you mean 'run'?" in done.stderr) == (2, True)
