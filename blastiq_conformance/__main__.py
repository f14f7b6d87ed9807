"""`blastiq` and `python -m blastiq_conformance`: runs the command line and turns what escapes it into exit codes."""

import signal
import sys

from fake_idp.system.fault_trace import guard, trace
from fake_idp.system.outlet import open_outlets
from fake_idp.system.stop_signals import stop_signals

KIT_FAULT = 5


def main() -> None:
    """Run the command line: 2 for wrong usage or a shortage, 128 and more for a signal, 5 for a fault of ours."""
    guard()
    open_outlets()
    from blastiq_conformance.cli import blastiq
    from blastiq_conformance.cli.ending import endings, settled, stop_as_by_interrupt

    try:
        with endings():
            stop_as_by_interrupt()
            # A process of our own: of a command that is called within another, nobody says so.
            blastiq(prog_name="blastiq", obj=True)
        code = 0
    except SystemExit as ending:
        # All is said: who presses Ctrl-C once more need not see how an interpreter ends.
        for number in stop_signals():
            signal.signal(number, signal.SIG_IGN)
        code = ending.code if isinstance(ending.code, int) else 0
    except Exception as fault:  # noqa: BLE001 - the last wall: no fault of ours may look like a verdict
        print(  # noqa: T201 - the printer itself may have failed
            f"{trace(fault)}"
            "blastiq: this is a fault of the kit, not of your integration: no verdict was reached (exit 5).\n"
            "         Please report it with the lines above; they hold no values of your run.",
            file=sys.stderr,
        )
        code = KIT_FAULT
    sys.exit(settled(code))


if __name__ == "__main__":
    main()
