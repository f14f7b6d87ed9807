"""What a run says is to be typed next."""

import pytest

from blastiq_conformance.cli.next_step import next_step


@pytest.mark.parametrize(
    ("code", "partial", "step"),
    [
        (0, False, ""),
        (0, True, "Next, every scenario: blastiq run --intercept"),
        (1, True, "Next, once it is mended: blastiq run --intercept --like like.toml --last-failed"),
        (3, False, "Next, why it never called: blastiq doctor"),
        (4, True, ""),
        (130, False, "Interrupted"),
    ],
)
@pytest.mark.parametrize("configured", [True, False])
def test_it_follows_from_the_verdict(code: int, step: str, *, partial: bool, configured: bool) -> None:
    """With the options that were given; of a command, which may hold a password, no word is repeated."""
    options = ("--intercept", "--like", "like.toml")
    said = next_step(code, demo=False, partial=partial, options=options, configured=configured)
    assert said.startswith(step)
    assert bool(said) == bool(step)
    assert ("-- CMD ARG…" in said) == (bool(step) and not configured and code != 130)


def test_after_the_demo_comes_ones_own() -> None:
    """Whatever became of it."""
    assert "blastiq run --quick -- CMD" in next_step(0, demo=True, partial=False, options=(), configured=True)
