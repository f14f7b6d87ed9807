"""`blastiq` and `python -m blastiq_conformance`: runs the command line and turns what escapes it into exit codes."""

import sys
import traceback

KIT_FAULT = 5
INTERRUPTED = 130


def main() -> None:
    """Run the command line; a usage error exits 2, Ctrl-C 130, a fault of the kit itself 5."""
    from blastiq_conformance.cli import blastiq

    try:
        blastiq(prog_name="blastiq")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception:  # noqa: BLE001 - the last wall: no fault of ours may look like a verdict
        traceback.print_exc()
        print(  # noqa: T201
            "blastiq: this is a fault of the kit, not of your integration: no verdict was reached (exit 5).\n"
            "         Please report it with the lines above; they hold no values of your run.",
            file=sys.stderr,
        )
        sys.exit(KIT_FAULT)


if __name__ == "__main__":
    main()
