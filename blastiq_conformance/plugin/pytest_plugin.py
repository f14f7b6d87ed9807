"""The pytest plugin: options, marker and fixtures with short bodies that import on use, for all pay for a plugin."""

import os
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import cache

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from blastiq_conformance.catalogue import Profile
    from blastiq_conformance.plugin.door import Door
    from blastiq_conformance.plugin.live import LiveServer
    from fake_idp.core import FakeIdp
    from fake_idp.http.server import Server
    from fake_idp.server_config import ServerConfig, ServiceUser

_doors = pytest.StashKey["list[Door]"]()

_MARKER = (
    "blastiq(expect=[...], profile='article', scenario='...', traffic=True): judge this test's BlastIQ traffic: rules "
    "that must fail and no other may, severity profile, scenario that the fake plays, whether there must be traffic"
)

# The hosts beside BlastIQ's that a test called: in JUnit XML, and at the end of the run.
_ALSO_CALLED = "blastiq_also_called"
_MARKED = frozenset({"expect", "profile", "scenario", "traffic"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --blastiq-profile and its ini setting."""
    group = parser.getgroup("blastiq", "BlastIQ conformance")
    group.addoption("--blastiq-profile", choices=("article", "strict", "lenient"), help="severities of all tests")
    parser.addini("blastiq_profile", "severities of all tests: article (default), strict or lenient")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _MARKER)


def pytest_collect_file(file_path: "Path", parent: pytest.Collector) -> pytest.Collector | None:
    """Collect blastiq.toml where it is named, or asks for it."""
    if file_path.name != "blastiq.toml":
        return None
    from blastiq_conformance.plugin.collector import collect

    return collect(file_path, parent)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: "Any") -> None:
    """Let the workers of xdist share what they play, unless each of them is to do everything."""
    node.workerinput["blastiq_once"] = node.config.getoption("dist") != "each"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Judge at the end of the call, so that a violation is FAILED and not an ERROR of some teardown."""
    # The finding is the message: the lines of this kit that raise it say nothing to whoever reads the failure.
    __tracebackhide__ = True
    doors = item.stash.setdefault(_doors, [])
    try:
        result = yield
    finally:
        for door in doors:
            item.user_properties += [(_ALSO_CALLED, host) for host in door.other_hosts]
    if doors and _marked(item, "traffic") is not False:
        from blastiq_conformance.plugin.door import demand_traffic

        demand_traffic(doors)
    for door in doors:
        door.check(expect=_expected(item), profile=_profile(item))
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the hosts that were called beside BlastIQ's: nothing of what was done there was judged."""
    tests: dict[str, set[str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == _ALSO_CALLED:
                    tests.setdefault(str(value), set()).add(report.nodeid)
    if tests:
        terminalreporter.section("called beside BlastIQ, and not judged")
        for host, by in sorted(tests.items()):
            more = f" and {len(by) - 1} more" if len(by) > 1 else ""
            terminalreporter.line(f"{host}: {min(by)}{more}")


_OLD_NAME = "blastiq_tenant"
_RENAMED = "the fixture blastiq_tenant is now blastiq_config: rename what overrides it or asks for it"


@pytest.fixture
def blastiq_user() -> "ServiceUser":
    """The Service User of this test, with random credentials."""
    from blastiq_conformance.plugin.door import fresh_user

    return fresh_user()


@pytest.fixture
def blastiq_config(request: pytest.FixtureRequest) -> "ServerConfig":
    """The BlastIQ that is imitated, at the production authority; override it to change it."""
    config: ServerConfig = request.getfixturevalue(_OLD_NAME)
    if config is not _default_config():
        warnings.warn(_RENAMED, DeprecationWarning, stacklevel=1)
    return config


@pytest.fixture
def blastiq_tenant(request: pytest.FixtureRequest) -> "ServerConfig":
    """Deprecated: the former name of blastiq_config, which still takes what overrides this one."""
    # A closure holds what tests and fixtures ask for by name, not what blastiq_config looks up.
    if _OLD_NAME in request.node.fixturenames:
        warnings.warn(_RENAMED, DeprecationWarning, stacklevel=1)
    return _default_config()


@pytest.fixture
def blastiq_idp(
    request: pytest.FixtureRequest, blastiq_config: "ServerConfig", blastiq_user: "ServiceUser"
) -> Iterator["FakeIdp"]:
    """A fake that answers httpx in-process, sync and async, by the product's names; other hosts raise ConnectError.

    Names of the product do not resolve for any other client.
    """
    from fake_idp.inprocess import intercept

    door = _open_door(request, blastiq_config, blastiq_user)
    with door.seal, intercept(door.idp):
        yield door.idp


@pytest.fixture
def blastiq_server(
    request: pytest.FixtureRequest,
    _blastiq_socket: "Server",
    blastiq_config: "ServerConfig",
    blastiq_user: "ServiceUser",
) -> Iterator["LiveServer"]:
    """A live server on loopback with a port of this test's own, for clients of any kind and any language."""
    from blastiq_conformance.plugin.live import LiveServer

    door = _open_door(request, blastiq_config, blastiq_user)
    live = LiveServer(_blastiq_socket, door)
    with door.seal:
        yield live
    live.close()


@pytest.fixture(scope="session")
def _blastiq_socket() -> Iterator["Server"]:
    from fake_idp.http.server import Server

    with Server() as server:
        yield server


@pytest.fixture
def blastiq_check(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Judge what was recorded so far; raises where nothing was, for a check of nothing is never green."""

    def check() -> None:
        __tracebackhide__ = True
        from blastiq_conformance.plugin.door import demand_traffic

        doors = request.node.stash.get(_doors, [])
        demand_traffic(doors)
        for door in doors:
            door.check(expect=_expected(request.node), profile=_profile(request.node))

    return check


@pytest.fixture(scope="session")
def blastiq_vcr_config() -> dict[str, object]:
    """What your own vcr_config fixture returns: cassettes without secrets that can still be judged."""
    from blastiq_conformance.plugin.cassette_filter import vcr_config

    return vcr_config()


@cache
def _default_config() -> "ServerConfig":
    from fake_idp.server_config import ServerConfig

    return ServerConfig()


def _open_door(request: pytest.FixtureRequest, config: "ServerConfig", user: "ServiceUser") -> "Door":
    from blastiq_conformance.plugin.door import Door

    scenario = _marked(request.node, "scenario")
    door = Door(config, user, scenario=scenario if isinstance(scenario, str) else "", again=_again(request.node))
    request.node.stash.setdefault(_doors, []).append(door)
    return door


def _again(item: pytest.Item) -> tuple[str, ...]:
    profile = item.config.getoption("--blastiq-profile")
    asked = () if profile is None else ("--blastiq-profile", str(profile))
    file, mark, name = item.nodeid.partition("::")
    # Node ids count from the root of the project, a command from where it is entered.
    here = os.path.relpath(item.config.rootpath / file, item.config.invocation_params.dir)
    return ("pytest", *asked, here + mark + name)


def _marked(item: pytest.Item, name: str) -> object:
    marker = item.get_closest_marker("blastiq")
    if marker is None:
        return None
    if unknown := marker.args or set(marker.kwargs) - _MARKED:
        # Passed over in silence, a slip of the pen would judge by another profile or play another scenario.
        found = ", ".join(sorted(map(str, unknown)))
        pytest.fail(
            f"@pytest.mark.blastiq takes expect=, profile=, scenario= and traffic=; found {found}", pytrace=False
        )
    return marker.kwargs.get(name)


def _expected(item: pytest.Item) -> Iterable[str]:
    expect = _marked(item, "expect")
    return [str(rule) for rule in expect] if isinstance(expect, list | tuple | set | frozenset) else ()


def _profile(item: pytest.Item) -> "Profile":
    from blastiq_conformance.catalogue import Profile

    config = item.config
    chosen = _marked(item, "profile") or config.getoption("--blastiq-profile") or config.getini("blastiq_profile")
    return Profile(str(chosen or "article"))
