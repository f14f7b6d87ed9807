"""The shipped schema of the configuration and its reader say the same."""

import json
from datetime import date
from pathlib import Path
from typing import cast

import jsonschema
import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.config import ConfigError
from blastiq_conformance.config.declaration import Declaration, declare
from blastiq_conformance.editions import CURRENT, editions
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.schemas import shipped_schema
from fake_idp.wire import Json

VALIDATOR = jsonschema.Draft202012Validator(
    shipped_schema("config"), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)
WAIVER = {"rule": "BIQ211", "reason": "old release", "owner": "pat", "expires": "2027-01-31"}
NAN = float("nan")
LIKE = Path(__file__).parent / "fidelity" / "like.toml"

GOOD: dict[str, object] = {
    "name": "a.b-C_1",
    "command": ["node", "app.js", "", "{authority}"],
    "env": {"MYAPP_USER": "{username}", "EMPTY": ""},
    "cwd": "..",
    "flow": "attended",
    "profile": "lenient",
    "edition": CURRENT,
    "scenarios": ["sign-in", "two-users"],
    "rules": ["BIQ211"],
    "version": "7.1",
    "client_id": "acme.client",
    "timeout": 0.5,
    "client_timeout": 5,
    "quiet": 3,
    "home": "private",
    "concurrency": 2,
    "users": 2,
    "verbose": ["--debug"],
    "ready_path": "/api/IsReady",
    "intercept": ["www.blastiq.com"],
    "skips": [403, 404],
    "allow_origins": ["https://app.example", "http://localhost:5173"],
    "like": str(LIKE),
    "pytest": False,
    "waivers": [WAIVER, WAIVER | {"scenario": "sign-in"}],
}
ALSO_GOOD: list[tuple[str, object]] = [
    ("verbose", {"LOG_LEVEL": "debug"}),
    ("verbose", []),
    ("env", {}),
    ("scenarios", []),
    ("waivers", []),
]
BAD: list[tuple[str, object]] = [
    ("edition", "1999-01"),
    ("edition", 3),
    ("name", ""),
    ("name", "a::b"),
    ("name", "a b"),
    ("name", 3),
    ("command", "node app.js"),
    ("command", []),
    ("command", [""]),
    ("command", ["node", 3]),
    ("command", ["a\0b"]),
    ("env", ["A=B"]),
    ("env", {"PORT": 8080}),
    ("env", {"A=B": "c"}),
    ("env", {"": "c"}),
    ("env", {"A": "\0"}),
    ("cwd", ""),
    ("cwd", " "),
    ("flow", "both"),
    ("flow", ["attended"]),
    ("profile", "Strict"),
    ("profile", None),
    ("scenarios", "sign-in"),
    ("scenarios", ["Sign-In"]),
    ("rules", ["biq211"]),
    ("rules", ["audience-sent"]),
    ("client_id", " "),
    ("timeout", 0),
    ("timeout", "10"),
    ("timeout", 86_401),
    ("timeout", 10**400),
    ("timeout", True),
    ("client_timeout", -1),
    ("quiet", None),
    ("home", True),
    ("concurrency", 0),
    ("concurrency", 1.5),
    ("users", True),
    ("users", 10**40),
    ("verbose", "--debug"),
    ("verbose", [1]),
    ("verbose", {"A": 1}),
    ("ready_path", "api"),
    ("intercept", "www.blastiq.com"),
    ("intercept", [1]),
    ("intercept", [""]),
    ("intercept", ["https://www.blastiq.com"]),
    ("intercept", ["www.blastiq.com:443"]),
    ("intercept", ["[::1]"]),
    ("intercept", ["a..b"]),
    ("intercept", ["*.blastiq.com"]),
    ("intercept", ["x" * 64]),
    ("skips", 403),
    ("skips", ["403"]),
    ("skips", [200]),
    ("skips", [600]),
    ("skips", [True]),
    ("allow_origins", "https://app.example"),
    ("allow_origins", ["app.example"]),
    ("allow_origins", ["https://app.example/page"]),
    ("like", " "),
    ("like", 3),
    ("pytest", "yes"),
    ("waivers", WAIVER),
    ("waivers", ["BIQ211"]),
    ("waivers", [WAIVER | {"expires": "soon"}]),
    ("waivers", [WAIVER | {"expires": "2027-02-30"}]),
    ("waivers", [WAIVER | {"expires": 2027}]),
    ("waivers", [WAIVER | {"owner": ""}]),
    ("waivers", [WAIVER | {"rule": "audience-sent"}]),
    ("waivers", [WAIVER | {"until": "2027-01-31"}]),
    ("waivers", [{"rule": "BIQ211", "owner": "pat", "expires": "2027-01-31"}]),
    ("colour", "red"),
]


def read_target(target: object) -> Declaration:
    return declare({"target": [target]}, Path("blastiq.toml")).targets[0]


def reads(target: object) -> bool:
    try:
        read_target(target)
    except ConfigError:
        return False
    return True


def valid(target: object) -> bool:
    return VALIDATOR.is_valid(cast("Json", {"target": [target]}))


def test_the_schema_is_one_and_names_every_key() -> None:
    """It is valid itself; its keys, defaults and choices are the reader's."""
    schema = shipped_schema("config")
    jsonschema.Draft202012Validator.check_schema(schema)
    properties = json.loads(json.dumps(schema))["$defs"]["target"]["properties"]
    assert set(properties) == set(GOOD)
    assert tuple(properties["edition"]["enum"]) == editions()
    declared = read_target({"command": ["x"]})
    for key, told in properties.items():
        if "default" in told and key != "cwd":
            holder = declared if key in {"profile", "edition"} else declared.target
            assert getattr(holder, key) == told["default"]


@pytest.mark.parametrize(("key", "value"), [*GOOD.items(), *ALSO_GOOD])
def test_both_accept(key: str, value: object) -> None:
    """What is right for one is right for the other, key by key."""
    target = {"command": ["x"], key: value}
    assert (valid(target), reads(target)) == (True, True)


@pytest.mark.parametrize(("key", "value"), BAD)
def test_both_refuse(key: str, value: object) -> None:
    """What is wrong for one is wrong for the other."""
    target = {"command": ["x"], key: value}
    assert (valid(target), reads(target)) == (False, False)


@pytest.mark.parametrize("target", [GOOD, {"command": ["x"]}, {}, "x", {"name": "no-command"}], ids=str)
def test_both_agree_on_whole_targets(target: object) -> None:
    """All keys at once, none but the command, and no command."""
    assert valid(target) == reads(target)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("scenarios", ["no-such"]),
        ("rules", ["BIQ999"]),
        ("waivers", [WAIVER | {"scenario": "no-such"}]),
        ("waivers", [WAIVER | {"rule": "BIQ211", "scenario": "attended-sign-in"}]),
        ("timeout", NAN),
    ],
    ids=["scenario", "rule", "waiver-scenario", "waiver-not-judged-there", "nan"],
)
def test_the_reader_knows_more(key: str, value: object) -> None:
    """Which rules and scenarios there are, no schema can say for all versions."""
    target = {"command": ["x"], key: value}
    assert (valid(target), reads(target)) == (True, False)


def test_every_name_has_the_form_of_the_schema() -> None:
    """No rule and no scenario is refused by the pattern for its kind."""
    target = {"command": ["x"], "scenarios": list(scenarios()), "rules": list(catalogue())}
    assert (valid(target), reads(target)) == (True, True)


def test_a_bare_toml_date_is_read() -> None:
    """TOML has dates of its own, which JSON has not."""
    waiver = WAIVER | {"expires": date(2027, 1, 31)}
    declared = read_target({"command": ["x"], "waivers": [waiver]})
    assert declared.waivers[0].expires == date(2027, 1, 31)
