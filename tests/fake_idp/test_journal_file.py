"""A journal on disk that grows."""

import errno
import os
import stat
from pathlib import Path

import pytest

from fake_idp.classify import Kind
from fake_idp.journal import Exchange, Journal
from fake_idp.journal.journal_file import JournalFile
from fake_idp.journal.jsonl import Opening, Torn, from_jsonl, read_lines, to_line
from fake_idp.secrets.search import Secret
from fake_idp.wire import Request


def exchange(number: int, body: bytes = b"") -> Exchange:
    return Exchange(number=number, kind=Kind.OTHER, request=Request(method="GET", target="/", body=body))


def test_each_entry_is_there_as_soon_as_it_ended(tmp_path: Path) -> None:
    """What was recorded before and what comes later can be read while the file is open; after the end nothing comes."""
    path, journal = tmp_path / "j.jsonl", Journal()
    journal.issue(Secret("username", "u"))
    journal.append(exchange(1))
    with JournalFile(path, journal, facts={"scenario": "s"}):
        journal.issue(Secret("password", "p"))
        journal.append(exchange(2))
        now = from_jsonl(path.read_text(encoding="ascii"))
    journal.append(exchange(3))
    assert now.entries == (exchange(1), exchange(2))
    assert now.issued == (Secret("username", "u"), Secret("password", "p"))
    assert len(from_jsonl(path.read_text(encoding="ascii"))) == 2


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    """The file is 0600, one that others could read before as well."""
    path = tmp_path / "j.jsonl"
    path.touch(0o644)
    JournalFile(path, Journal()).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_start_appends_a_section(tmp_path: Path) -> None:
    """What an earlier run recorded stays."""
    path = tmp_path / "j.jsonl"
    for _ in range(2):
        with JournalFile(path, journal := Journal()):
            journal.append(exchange(1))
    assert list(read_lines(path.read_text(encoding="ascii").split("\n"))) == [Opening(), exchange(1)] * 2


def test_what_the_kit_did_not_issue_is_redacted(tmp_path: Path) -> None:
    """The function that is given writes every line."""
    path, journal = tmp_path / "j.jsonl", Journal()
    with JournalFile(path, journal, write=lambda record: to_line(record).replace("hunter2", "hidden")):
        journal.append(exchange(1, b"password=hunter2"))
    assert from_jsonl(path.read_text(encoding="ascii")).exchanges[0].request.body == b"password=hidden"


def test_a_full_disk_costs_what_it_has_no_room_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever records goes on, the failure is told once, and what is on disk can be read; later nothing is written."""
    path, journal, told = tmp_path / "j.jsonl", Journal(), list[OSError]()
    real = os.write

    def write(descriptor: int, data: bytes) -> int:
        # Half a line, then no more.
        if len(data) > 10:
            return real(descriptor, data[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with JournalFile(path, journal, on_failure=told.append) as file:
        journal.append(exchange(1))
        monkeypatch.setattr(os, "write", write)
        journal.append(exchange(2))
        monkeypatch.undo()
        journal.append(exchange(3))
    assert (told, file.failure) == ([file.failure], told[0])
    assert len(journal) == 3
    assert list(read_lines(path.read_text(encoding="ascii").split("\n"))) == [Opening(), exchange(1)]


def test_a_section_is_not_lost_with_a_line_that_broke_off(tmp_path: Path) -> None:
    """As a program leaves one that was killed."""
    path = tmp_path / "j.jsonl"
    path.write_text('{"journal":"blastiq-journal/1"}\n{"exch')
    with JournalFile(path, journal := Journal()):
        journal.append(exchange(1))
    records = list(read_lines(path.read_text(encoding="ascii").split("\n")))
    assert records == [Opening(), Torn(number=2), Opening(), exchange(1)]


def test_a_device_keeps_its_permissions() -> None:
    """What is not a regular file, as /dev/null, can be written to and is not changed."""
    before = Path("/dev/null").stat().st_mode
    JournalFile(Path("/dev/null"), Journal()).close()
    assert Path("/dev/null").stat().st_mode == before
