"""The pytest plugin: options, marker and fixtures that import on use, since every test session loads the plugin."""

import warnings
from collections.abc import Callable, Generator, Iterator
from functools import cache
from itertools import chain

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from blastiq_conformance.plugin.door import Door
    from blastiq_conformance.plugin.live import LiveServer
    from fake_idp.core import FakeIdp
    from fake_idp.http.server import Server
    from fake_idp.likeness import Likeness
    from fake_idp.server_config import ServerConfig, ServiceUser

_doors = pytest.StashKey["list[Door]"]()

_MARKER = (
    "blastiq(expect=[...], profile='article', scenario='...', traffic=True): judge this test's BlastIQ traffic: rules "
    "that must fail and no other may, severity profile, scenario of the fake, whether there must be traffic"
)

# The other hosts that a test called: in JUnit XML, and at the end of the session.
_ALSO_CALLED = "blastiq_also_called"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --blastiq-profile, --blastiq-edition, --blastiq-like and their ini settings."""
    group = parser.getgroup("blastiq", "BlastIQ conformance")
    group.addoption("--blastiq-profile", choices=("article", "strict", "lenient"), help="severities of all tests")
    group.addoption("--blastiq-edition", metavar="YYYY-MM", help="dated rule set by which tests are judged")
    group.addoption("--blastiq-like", metavar="FILE", help="recording of the authority that the fake is to be like")
    parser.addini("blastiq_like", "recording, or what `blastiq fidelity --write` made of one, that the fake is like")
    parser.addini(
        "blastiq_edition", "dated rule set by which tests are judged, such as 2026-12: newer rules inform only"
    )
    parser.addini("blastiq_profile", "severities of all tests: article (default), strict or lenient")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _MARKER)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say which authority the fake imitates, if it is not the default."""
    like = _likeness(config)
    return f"blastiq: {like.told()}" if like is not None else None


def pytest_collect_file(file_path: "Path", parent: pytest.Collector) -> pytest.Collector | None:
    """Collect blastiq.toml if it is named, or asks for it."""
    if file_path.name != "blastiq.toml":
        return None
    from blastiq_conformance.plugin.collector import collect

    return collect(file_path, parent)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: "Any") -> None:
    """Let the workers of xdist share what they run, unless each of them is to do everything."""
    node.workerinput["blastiq_once"] = node.config.getoption("dist") != "each"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Judge at the end of the call, so that a violation is FAILED and not an ERROR of some teardown."""
    # The finding is the message: the kit's own lines in a traceback tell the reader nothing.
    __tracebackhide__ = True
    doors = item.stash.setdefault(_doors, [])
    try:
        result = yield
    finally:
        for door in doors:
            item.user_properties += [(_ALSO_CALLED, host) for host in door.other_hosts]
    if doors:
        from blastiq_conformance.plugin.marker import marked

        _judge(item, traffic=marked(item, "traffic") is not False)
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the other hosts that were called, each with a test: nothing that was done there was judged."""
    tests: dict[str, set[str]] = {}
    for report in chain.from_iterable(terminalreporter.stats.values()):
        for name, value in getattr(report, "user_properties", ()):
            if name == _ALSO_CALLED:
                tests.setdefault(str(value), set()).add(report.nodeid)
    if tests:
        terminalreporter.section("called beside BlastIQ")
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
    """The configuration of the fake: the production authority, or like a recorded one; override it to change it."""
    config: ServerConfig = request.getfixturevalue(_OLD_NAME)
    if config is not _default_config(request.config):
        warnings.warn(_RENAMED, DeprecationWarning, stacklevel=1)
    return config


@pytest.fixture
def blastiq_tenant(request: pytest.FixtureRequest) -> "ServerConfig":
    """Deprecated: the former name of blastiq_config, which still uses a fixture that overrides this one."""
    # These names are what tests and fixtures ask for, not what blastiq_config looks up.
    if _OLD_NAME in request.node.fixturenames:
        warnings.warn(_RENAMED, DeprecationWarning, stacklevel=1)
    return _default_config(request.config)


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
    """Judge what was recorded so far; raises if nothing was, since a check of nothing must not pass."""

    def check() -> None:
        __tracebackhide__ = True
        _judge(request.node, traffic=True)

    return check


@pytest.fixture(scope="session")
def blastiq_vcr_config() -> dict[str, object]:
    """What your own vcr_config fixture returns: cassettes without secrets that can still be judged."""
    from blastiq_conformance.plugin.cassette_filter import vcr_config

    return vcr_config()


def _judge(item: pytest.Item, *, traffic: bool) -> None:
    """Judge what the fakes of a test have recorded; `traffic`: something must have been."""
    __tracebackhide__ = True
    from blastiq_conformance.plugin.door import demand_traffic
    from blastiq_conformance.plugin.marker import edition, expected, profile

    doors = item.stash.get(_doors, [])
    if traffic:
        demand_traffic(doors)
    for door in doors:
        door.check(expect=expected(item), profile=profile(item), edition=edition(item))


@cache
def _default_config(config: pytest.Config) -> "ServerConfig":
    from fake_idp.server_config import ServerConfig

    like = _likeness(config)
    return ServerConfig() if like is None else like.of(ServerConfig())


def _open_door(request: pytest.FixtureRequest, config: "ServerConfig", user: "ServiceUser") -> "Door":
    from blastiq_conformance.plugin.door import Door
    from blastiq_conformance.plugin.marker import again, marked

    scenario = marked(request.node, "scenario")
    door = Door(config, user, scenario=scenario if isinstance(scenario, str) else "", again=again(request.node))
    request.node.stash.setdefault(_doors, []).append(door)
    return door


@cache
def _likeness(config: pytest.Config) -> "Likeness | None":
    if not (config.getoption("--blastiq-like") or config.getini("blastiq_like")):
        return None
    from blastiq_conformance.plugin.marker import likeness

    return likeness(config)
