"""The build that a report is about: digests that anybody can recompute, and that every changed byte changes."""

import os
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from blastiq_conformance.report.shape import SubjectShape
from blastiq_conformance.report.subjects import SubjectError, examine, listed, unmatched

Change = Callable[[Path], object]


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(("git", *identity, *words), cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    (folder / "app.js").write_text("one\n")
    (folder / ".gitignore").write_text("node_modules/\n")
    git(folder, "init")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")
    return folder


def tree(folder: Path) -> Path:
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "b").write_bytes(b"two")
    (folder / "deep" / "er" / "a").write_bytes(b"one")
    (folder / "link").symlink_to("b")
    return folder


def test_a_file_has_its_sha256(tmp_path: Path) -> None:
    """The digest that every other tool gives."""
    (tmp_path / "app.whl").write_bytes(b"built")
    found = examine(str(tmp_path / "app.whl"))
    assert (found["kind"], found["digest"]) == ("file", {"sha256": sha256(b"built").hexdigest()})


def test_a_folder_has_that_of_its_sorted_lines(tmp_path: Path) -> None:
    """As `sha256sum` writes them, so that a reader needs no kit to recompute it; a link is the text that it holds."""
    lines = [(b"two", " b"), (b"one", " deep/er/a"), (b"b", "@link")]
    text = "".join(f"{sha256(data).hexdigest()} {name}\n" for data, name in lines)
    found = examine(str(tree(tmp_path)))
    assert (found["kind"], found["digest"]) == ("folder", {"sha256": sha256(text.encode()).hexdigest()})


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "deep" / "er" / "a").write_bytes(b"onf"),
        lambda folder: (folder / "b").rename(folder / "c"),
        lambda folder: (folder / "deep" / "new").write_bytes(b""),
        lambda folder: [(folder / "link").unlink(), (folder / "link").write_bytes(b"b")],
    ],
    ids=["a byte", "a name", "a file more", "a link that became a file"],
)
def test_a_change_in_a_folder_changes_it(tmp_path: Path, change: Change) -> None:
    """Whatever was changed, the report is about something else."""
    before = examine(str(tree(tmp_path)))
    change(tmp_path)
    assert unmatched(examine(str(tmp_path)), [before]).startswith(str(tmp_path))


def test_what_the_command_writes_is_no_part_of_it(tmp_path: Path) -> None:
    """A bundle may be written into the folder that it is about."""
    before = examine(str(tree(tmp_path)))
    (tmp_path / "evidence.zip").write_bytes(b"zip")
    assert examine(str(tmp_path), [tmp_path / "evidence.zip"]) == before


def test_a_clean_checkout_is_its_commit(repository: Path) -> None:
    """What git ignores is not part of it, nor is the bundle."""
    (repository / "node_modules").mkdir(exist_ok=True)
    (repository / "node_modules" / "x").write_text("x")
    (repository / "evidence.zip").write_text("zip")
    found = examine(f"git:{repository}", [repository / "evidence.zip"])
    (repository / "evidence.zip").unlink()
    assert (found["digest"], found["dirty"], len(found["commit"])) == ({"gitCommit": found["commit"]}, False, 40)


@pytest.mark.parametrize("name", ["app.js", "untracked.js"])
def test_a_dirty_checkout_is_its_files(repository: Path, name: str) -> None:
    """Its commit would attest something else: the digest is that of the files, and a second change changes it again."""
    before = (repository / "app.js").read_text()
    found = []
    for text in ("changed\n", "changee\n"):
        (repository / name).write_text(text)
        found.append(examine(f"git:{repository}"))
    (repository / "untracked.js").unlink(missing_ok=True)
    (repository / "app.js").write_text(before)
    assert [(list(each["digest"]), each["dirty"]) for each in found] == [(["sha256"], True)] * 2
    assert found[0]["digest"] != found[1]["digest"]
    assert f"changed since commit {found[0]['commit']}" in listed(found)


def test_a_repository_within_one_counts_by_its_files(repository: Path) -> None:
    """Git lists it as one entry, and its bytes count all the same."""
    inner = repository / "inner"
    inner.mkdir()
    git(inner, "init")
    found = []
    for text in ("one", "two"):
        (inner / "file").write_text(text)
        found.append(examine(f"git:{repository}")["digest"])
    (inner / "file").unlink()
    subprocess.run(("rm", "-r", str(inner)), check=True)
    assert found[0] != found[1]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing.whl", "cannot be read: No such file"),
        ("empty", "holds no file"),
        ("pipe", "it is a pipe; expected a regular file"),
        ("git:empty", "is not a checkout with a commit that git can read: "),
        ("lines", "a new line in its name"),
    ],
)
def test_what_has_no_digest_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str) -> None:
    """By a sentence that says why, for a report must not name what nobody can recompute."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "empty").mkdir()
    (tmp_path / "lines").mkdir()
    (tmp_path / "lines" / "a\nb").write_text("")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SubjectError, match=said):
        examine(name)


def test_without_git_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the only program that is needed, and for checkouts alone."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SubjectError, match="needs git, which cannot be started"):
        examine("git:.")


def test_the_name_does_not_matter() -> None:
    """A reviewer has the build in another folder than its vendor."""
    one: SubjectShape = {"name": "a", "kind": "file", "digest": {"sha256": "0" * 64}, "commit": "", "dirty": False}
    other: SubjectShape = {**one, "name": "b"}
    assert unmatched(one, [other]) == ""
    assert unmatched(one, []) == f"a (sha256 {'0' * 64}) is not what the report is about: not bound to a build"
