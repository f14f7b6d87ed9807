"""`blastiq` and `python -m blastiq_conformance`: runs the command line and turns what escapes it into exit codes."""

import signal
import sys

from fake_idp.fault_trace import guard, shortage, trace

USAGE, KIT_FAULT = 2, 5


def main() -> None:
    """Run the command line; a usage error or a shortage exits 2, Ctrl-C 130, a fault of the kit itself 5."""
    guard()
    from blastiq_conformance.cli import blastiq
    from blastiq_conformance.cli.ending import endings

    try:
        with endings():
            blastiq(prog_name="blastiq")
    except SystemExit:
        # All is said: who presses Ctrl-C once more need not see how an interpreter ends.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise
    except Exception as fault:  # noqa: BLE001 - the last wall: no fault of ours may look like a verdict
        if lack := shortage(fault):
            print(f"blastiq: {lack} (exit 2)", file=sys.stderr)  # noqa: T201
            sys.exit(USAGE)
        print(  # noqa: T201
            f"{trace(fault)}"
            "blastiq: this is a fault of the kit, not of your integration: no verdict was reached (exit 5).\n"
            "         Please report it with the lines above; they hold no values of your run.",
            file=sys.stderr,
        )
        sys.exit(KIT_FAULT)


if __name__ == "__main__":
    main()
