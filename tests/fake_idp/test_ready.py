"""The ready file: whole, for its owner alone, with what the starting program adds."""

import json
import stat
from contextlib import ExitStack
from pathlib import Path

import pytest
from click import UsageError

from fake_idp.console import announce
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from tests.fake_idp.peer import USER


def test_it_tells_where_and_by_whom(tmp_path: Path) -> None:
    """Addresses, process, the first user, and more where there is more."""
    with Server() as server, ExitStack() as stack:
        listener = server.serve(FakeIdp())
        for more in (None, {"control_token": "t"}):
            announce(stack, tmp_path / "ready", listener, USER, more)
            told = json.loads((tmp_path / "ready").read_text())
            assert told["authority"] == listener.authority
            assert (told["username"], told["password"]) == (USER.username, USER.password)
            assert told.get("control_token") == (more or {}).get("control_token")
        assert stat.S_IMODE((tmp_path / "ready").stat().st_mode) == 0o600
    assert not (tmp_path / "ready").exists()


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    """Not even the temporary file: a folder stands where the file should be."""
    (tmp_path / "ready").mkdir()
    with Server() as server, ExitStack() as stack, pytest.raises(UsageError, match=r"ready"):
        announce(stack, tmp_path / "ready", server.serve(FakeIdp()), USER)
    assert [path.name for path in tmp_path.iterdir()] == ["ready"]
