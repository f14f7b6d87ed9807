"""`--like`: a fake set up like a recorded authority, from the recording or from what was written of it."""

from pathlib import Path

import pytest

from tests.fake_idp.recorded import FOLDER
from tests.judge.cli.shell import called

DUENDE = str(FOLDER / "duende-identityserver-7.4.8.har")


def test_what_is_written_is_taken_over(tmp_path: Path) -> None:
    """`fidelity --write` and `run --like` together: the verdict of a right client is what it was, and says so."""
    file = tmp_path / "like.toml"
    done = called("fidelity", "--write", str(file), DUENDE)
    assert (done.returncode, 'flavour = "duende"' in file.read_text(encoding="utf-8")) == (0, True)
    assert "holds what can be taken over" in done.stderr
    done = called("run", "--demo", "--quick", "--like", str(file))
    assert done.returncode == 0, done.stdout
    assert "".join(f"The fake was set up like {file}: flavour duende.".split()) in "".join(done.stdout.split())


@pytest.mark.parametrize("command", [("run", "--demo"), ("serve",)])
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("like.toml", "flavor = 1", "there is no such key"),
        ("a.har", "no recording", "a.har"),
        ("absent.toml", None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_2(
    command: tuple[str, ...], name: str, text: str | None, said: str, tmp_path: Path
) -> None:
    """Before anything is started."""
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = called(*command, "--like", str(tmp_path / name))
    assert done.returncode == 2
    assert said in done.stderr
