"""Service Users that stand in a file: read line by line, and no line is ever repeated."""

import io
from pathlib import Path

import pytest

from fake_idp.command_line import read_users


def test_each_line_is_a_user(tmp_path: Path) -> None:
    """With a byte order mark, ends of line of Windows, comments and empty lines; a password may hold anything."""
    file = tmp_path / "users"
    file.write_bytes(b"\xef\xbb\xbf# of the tests\r\nsvc:p w:x:site-7\r\n\r\nsecond:#\xc3\xa9&=\n")
    users = read_users(str(file))
    assert [(user.username, user.password) for user in users] == [("svc", "p w:x"), ("second", "#é&=")]
    assert users[0].site == "site-7"


def test_a_hyphen_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a secret store can be piped in."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"svc:secret\n")))
    assert [user.password for user in read_users("-")] == ["secret"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"svc:zQ7e\nzQ7e-alone\n", "users, line 2: expected NAME:PASSWORD"),
        (b"# none\n\n", "users holds no user; expected a line NAME:PASSWORD"),
        (b"svc:zQ7e\xff\n", "users is not text in UTF-8; write the users anew"),
        (b"zQ7e:x\n" * (1 << 18), "users cannot be read: it is larger than 1 MiB"),
        (None, "users cannot be read: No such file"),
    ],
)
def test_what_is_no_list_of_users_is_refused(tmp_path: Path, content: bytes | None, said: str) -> None:
    """With file and line, and without a password."""
    file = tmp_path / "users"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValueError, match="users") as refused:
        read_users(str(file))
    assert said in str(refused.value)
    assert "zQ7e" not in str(refused.value)
