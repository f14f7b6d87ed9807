"""What all tests share: pytest's own fixture for testing plugins, and property tests that say the same everywhere."""

import signal
from collections.abc import Generator

import pytest
from hypothesis import settings

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
