"""What a child is told, and what is kept from it."""

from dataclasses import replace
from pathlib import Path

import pytest

from blastiq_conformance.runner.contract import MARKER, Contract, environment
from blastiq_conformance.runner.target import Home, Target

CONTRACT = Contract(
    authority="http://127.0.0.1:4711/identity",
    token_url="http://127.0.0.1:4711/identity/connect/token",
    api_url="http://127.0.0.1:4711/api",
    client_id="external.customer",
    username="svc {password}",
    password="a{username}%$HOME{}",
    api_calls=4,
)


def told(target: Target, contract: Contract = CONTRACT, **inherited: str) -> dict[str, str]:
    return environment(
        target,
        contract,
        inherited=inherited,
        scratch=Path("/scratch"),
        home=Path("/empty"),
        marker="mark",
    )


def test_the_contract_is_told_by_name() -> None:
    """The names are interface: contract.md 1."""
    assert {name: value for name, value in told(Target(command=("x",))).items() if name != MARKER} == {
        "BLASTIQ_AUTHORITY": "http://127.0.0.1:4711/identity",
        "BLASTIQ_DISCOVERY_URL": "http://127.0.0.1:4711/identity/.well-known/openid-configuration",
        "BLASTIQ_TOKEN_URL": "http://127.0.0.1:4711/identity/connect/token",
        "BLASTIQ_USERNAME": "svc {password}",
        "BLASTIQ_PASSWORD": "a{username}%$HOME{}",
        "BLASTIQ_CLIENT_ID": "external.customer",
        "BLASTIQ_API_URL": "http://127.0.0.1:4711/api",
        "BLASTIQ_API_CALLS": "4",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "TMPDIR": "/scratch",
        "TMP": "/scratch",
        "TEMP": "/scratch",
        "HOME": "/empty",
        "USERPROFILE": "/empty",
        "JAVA_TOOL_OPTIONS": "-Duser.home=/empty",
    }


@pytest.mark.parametrize(
    "name", ["HTTP_PROXY", "https_proxy", "ALL_PROXY", "BLASTIQ_CONCURRENCY", "BLASTIQ_USERNAME_2"]
)
def test_what_would_mislead_is_not_inherited(name: str) -> None:
    """No proxy, and nothing of the contract that this run does not give."""
    assert name not in told(Target(command=("x",)), CONTRACT, **{name: "7"})


def test_the_rest_is_inherited() -> None:
    """PATH and what else stood in the environment reach the child, HOME where its target wants it."""
    given = told(Target(command=("x",), home=Home.INHERIT), PATH="/bin", HOME="/home/me", XDG_CACHE_HOME="/cache")
    assert (given["PATH"], given["HOME"], given["XDG_CACHE_HOME"]) == ("/bin", "/home/me", "/cache")
    assert "JAVA_TOOL_OPTIONS" not in given


def test_the_home_is_empty_and_the_only_one() -> None:
    """It hides the real one, also where XDG names it, and from the JVM, which does not ask HOME (D46)."""
    given = told(Target(command=("x",)), HOME="/home/me", XDG_CONFIG_HOME="/home/me/.config")
    assert given["HOME"] == "/empty"
    assert "XDG_CONFIG_HOME" not in given
    assert given["JAVA_TOOL_OPTIONS"] == "-Duser.home=/empty"


def test_options_of_the_jvm_add_up() -> None:
    """What the user told it, what leads it to the fake, and its HOME: of two equal options the last holds."""
    led = replace(CONTRACT, environment={"JAVA_TOOL_OPTIONS": "-Dtrust=kit"})
    inheriting = Target(command=("x",), home=Home.INHERIT)
    for target, contract, options in (
        (Target(command=("x",)), led, "-Xmx64m -Dtrust=kit -Duser.home=/empty"),
        (inheriting, led, "-Xmx64m -Dtrust=kit"),
        (inheriting, CONTRACT, "-Xmx64m"),
    ):
        assert told(target, contract, JAVA_TOOL_OPTIONS="-Xmx64m")["JAVA_TOOL_OPTIONS"] == options


def test_what_is_withheld_reaches_no_child() -> None:
    """Neither by inheritance nor by its target: a CA file is no help where nobody is to be trusted."""
    contract = replace(CONTRACT, ca_file="/ca.pem")
    target = Target(command=("app", "{ca_file}"), env={"CURL_CA_BUNDLE": "{ca_file}", "APP_CA": "{ca_file}"})
    given = told(target, contract, SSL_CERT_FILE="/mine.pem")
    assert not {"SSL_CERT_FILE", "CURL_CA_BUNDLE"} & given.keys()
    # These are the program's own: it is the one who would check by them.
    assert (given["APP_CA"], given["BLASTIQ_CA_FILE"], tuple(map(contract.fill, target.command))) == (
        *("/ca.pem", "/ca.pem"),
        ("app", "/ca.pem"),
    )


def test_tool_chains_find_what_is_theirs(tmp_path: Path) -> None:
    """A program that is started by `go run` need not fetch the world, and what it keeps itself is its own."""
    (tmp_path / "go").mkdir()
    given = told(Target(command=("x",)), HOME=str(tmp_path))
    assert (given["HOME"], given["GOPATH"]) == ("/empty", str(tmp_path / "go"))
    assert "GOPATH" not in told(Target(command=("x",), home=Home.INHERIT), HOME=str(tmp_path))


def test_placeholders_are_filled_once_and_other_braces_stay() -> None:
    """A value with braces is not filled again, and JSON in an argument survives."""
    target = Target(command=("app", '{"user": "{username}"}', "{}", "{nobody}"), env={"APP_PASSWORD": "{password}"})
    assert tuple(map(CONTRACT.fill, target.command)) == ("app", '{"user": "svc {password}"}', "{}", "{nobody}")
    assert told(target)["APP_PASSWORD"] == "a{username}%$HOME{}"


def test_concurrency_and_a_second_user_are_told_where_declared() -> None:
    """What only some scenarios give has names of its own."""
    contract = Contract(
        authority="",
        token_url="",
        api_url="",
        client_id="",
        username="",
        password="",
        api_calls=1,
        concurrency=8,
        other_users=(("u2", "p2"),),
    )
    given = told(Target(command=("x",)), contract)
    assert (given["BLASTIQ_CONCURRENCY"], given["BLASTIQ_USERNAME_2"], given["BLASTIQ_PASSWORD_2"]) == ("8", "u2", "p2")


def test_the_debug_switch_is_an_argument_or_a_variable() -> None:
    """A target declares the one that its program has; it is used only where it is asked for."""
    by_argument = Target(command=("app",), verbose=("--debug",))
    assert by_argument.at_length.command == ("app", "--debug")
    by_variable = Target(command=("app",), verbose={"LOG_LEVEL": "debug"})
    assert by_variable.at_length.command == ("app",)
    assert "LOG_LEVEL" not in told(by_variable)
    assert told(by_variable.at_length)["LOG_LEVEL"] == "debug"
