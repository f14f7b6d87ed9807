"""What an exit code means, in one sentence for the reader of a report."""

from blastiq_conformance.report.sign_ins import SignIns
from blastiq_conformance.report.verdict import Verdict

_MEANINGS = {
    0: "no finding of severity error, and every binding rule of these scenarios was judged",
    1: "at least one finding of severity error",
    3: "the integration did not run, or never called",
    4: "no violation, but binding rules stayed untested or undecided",
    5: "a fault of the kit",
}
_RECORDED = {
    0: "a token request was judged, and no finding is of severity error",
    4: "there was no token request to judge",
}
_ALLOWED = "no finding of severity error; what stayed untested or undecided was allowed to (--allow-untested)"
_INTERRUPTED = "interrupted: this is the verdict on what was seen until then"
_BROKEN = "a waiver is stale or expired"
_WAIVED = "; what failed is waived"
# For curl lines, .http files and collections: how a server would answer them is unknown.
_UNANSWERED = "; no answers recorded"


def explain(
    verdict: Verdict,
    *,
    recorded: SignIns | None,
    forgiven: bool = False,
    interrupted: bool = False,
    broken: bool = False,
    errors: int = 0,
) -> str:
    """Say why a verdict has its exit code; `broken`: a waiver is stale or expired, beside so many errors.

    `recorded` are the sign-ins of a recording, None for a run.
    """
    code = verdict.exit_code
    if interrupted and code == 4:
        return _INTERRUPTED
    if interrupted:
        return f"{_INTERRUPTED}; {explain(verdict, recorded=recorded, broken=broken, errors=errors)}"
    if code == 1 and broken:
        return f"{_MEANINGS[1]}, and {_BROKEN}" if errors else _BROKEN
    refused = ""
    if recorded is not None and recorded.all_refused:
        refused = f"no sign-in of this recording succeeded: {', '.join(recorded.refusals)}"
    if forgiven:
        plain = _ALLOWED + (f"; {refused}" if refused else "")
    elif code == 4 and refused:
        plain = refused
    else:
        plain = _MEANINGS[code] if recorded is None else _RECORDED.get(code, _MEANINGS[code])
        plain += _UNANSWERED if code == 0 and recorded is not None and recorded.unanswered else ""
    return plain + (_WAIVED if verdict is Verdict.CONFORMS_WITH_WAIVERS else "")
