"""What all tests share: pytest's own fixture for testing plugins, and property tests that say the same everywhere."""

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Generator, Iterator
from contextlib import nullcontext, suppress
from importlib import import_module
from itertools import filterfalse, groupby
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import WorkStealingScheduling

from tests.measuring import MEASURED, measured, unmeasured

pytest_plugins = ("pytester",)

# What a shell starts in the background ignores Ctrl-C, and under nohup a hangup: so would all that is ended here.
for _name, _usual in (("SIGINT", signal.default_int_handler), ("SIGQUIT", signal.SIG_DFL), ("SIGHUP", signal.SIG_DFL)):
    _number = getattr(signal, _name, None)  # not every system has all of them
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _usual)

# A busy machine makes no property false, and a change is judged by the examples that judged the one before it. To look
# for new ones: `pytest --hypothesis-profile search`.
settings.register_profile("kit", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("kit")


# Where memory can be written like a disk, the tests write there: each file that they rewrite on a disk is waited for.
_MEMORY = Path("/dev/shm")  # noqa: S108 - those of a user are his own, as in /tmp
_ROOM = 2 * 1024**3
# Containers give little of it, and start nothing that lies there.
if (
    os.access(_MEMORY, os.W_OK)
    and shutil.disk_usage(_MEMORY).free > _ROOM
    and not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
):
    os.environ.setdefault("TMPDIR", str(_MEMORY))
    tempfile.tempdir = None  # it is looked up again


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Let the collector of garbage leave alone what is collected: ten thousand tests, and the modules under them."""
    worker = getattr(session.config, "workerinput", {"workerid": "gw0", "workercount": 0})
    number = int(worker["workerid"].removeprefix("gw"))
    gc.disable()
    try:
        # The lines that an import enters are the same in all workers: the first one measures them.
        with unmeasured() if number else nullcontext():
            if worker["workercount"] > 1:
                _import_tests(session.config, number / worker["workercount"])
            return (yield)
    finally:
        gc.freeze()
        gc.enable()


def _import_tests(config: pytest.Config, start: float) -> None:
    """Import what will be collected, from another file on in each worker, which finds compiled what others began with.

    In the same order, each of them would compile all, for pytest's own compiler takes longer than the import.
    """
    root = config.rootpath.resolve()
    folders = [path.resolve() for arg in config.args if (path := Path(arg)).is_dir()]
    files = sorted({path.relative_to(root) for folder in folders for path in folder.rglob("test_*.py")})
    first = int(len(files) * start)
    for file in files[first:] + files[:first]:
        with suppress(Exception, pytest.skip.Exception):  # what is wrong with it is said when it is collected
            import_module(".".join(file.with_suffix("").parts))


@pytest.hookimpl(optionalhook=True)  # with `-p no:xdist` there is none
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> WorkStealingScheduling:
    """Let a worker that is done take tests from the others: some take a thousand times as long as most."""
    return WorkStealingScheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A property is tried on a hundred examples, and is not part of the first loop."""
    for item in items:
        if is_property(item):
            item.add_marker("slow")
        if isinstance(item, pytest.Function) and item.get_closest_marker("vcr") is None:
            item.fixturenames[:] = [name for name in item.fixturenames if name not in _FOR_CASSETTES]
    items[:] = spread(items)


# What pytest-recording makes for every test of all, and only those with its mark use: a third of what most tests take.
_FOR_CASSETTES = {"vcr", "block_network", "vcr_markers", "vcr_cassette_dir", "record_mode", "disable_recording"}


def spread(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Let a client follow each file or two: clients mostly wait, and a row of them would leave every processor idle.

    The last ones are the first, for among the mutants are the two that wait longest.
    """
    waiting = [item for item in reversed(items) if plays_client(item)]
    files = [list(file) for _, file in groupby(filterfalse(plays_client, items), key=lambda item: item.path)]
    for number, file in enumerate(files, start=1):
        yield from file
        yield from waiting[len(waiting) * (number - 1) // len(files) : len(waiting) * number // len(files)]
    if not files:
        yield from waiting


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop() -> Generator[None, object, object]:
    """Measure tests and fixtures alone: ten thousand times between two of them, pytest takes as long as many a test."""
    with unmeasured():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Measure fixtures."""
    with measured():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Measure no property: what a hundred examples enter, tests of one example enter, in a hundredth of the time."""
    with unmeasured() if is_property(item) or item.get_closest_marker("unmeasured") else measured():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """Measure how fixtures end."""
    with measured():
        return (yield)


def plays_client(item: pytest.Item) -> bool:
    """Whether a client of `tests/clients` is played in it, or what one did is judged again."""
    return item.path.name in {"test_clients.py", "test_mutants.py"}


def is_property(item: pytest.Item) -> bool:
    """Whether Hypothesis tries it."""
    return getattr(getattr(item, "obj", None), "is_hypothesis_test", False)


@pytest.fixture(scope="session", autouse=True)
def _children_start_quickly() -> Iterator[None]:
    """A child compiles nothing anew, and starts coverage only where `MEASURED` tells it to."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PYTHONDONTWRITEBYTECODE", *MEASURED):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def workshop(pytestconfig: pytest.Config) -> Path:
    """A folder that outlives the session: what npm installs, compilers make and clients do is made once."""
    assert pytestconfig.cache is not None
    return pytestconfig.cache.mkdir("clients")


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, object, object]:
    """Keep a failure that quotes half a surrogate pair from killing the xdist worker that reports it."""
    return _sendable((yield))


def _sendable(data: object) -> object:
    match data:
        case str():
            return data.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_sendable(name): _sendable(value) for name, value in data.items()}
        case list() | tuple():
            return type(data)(map(_sendable, data))
        case _:
            return data
