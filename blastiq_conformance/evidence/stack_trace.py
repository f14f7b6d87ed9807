"""The stack traces that common languages print for an uncaught error."""

import re

_TRACE = re.compile(
    rb"^Traceback \(most recent call last\):"  # Python
    rb"|^[ \t]+at [^\n]*:(?:line )?\d+\)?[ \t\r]*$"  # Node, Java, .NET with file and line
    rb"|^Exception in thread \"|^Unhandled exception\."  # JVM, .NET
    rb"|^panic: |^goroutine \d+ \["  # Go
    rb"|^thread '.*' panicked at "  # Rust
    rb"|^PHP Fatal error: |^Fatal error: Uncaught |^Stack trace:[ \t\r]*$"  # PHP
    rb"|^\S+\.rb:\d+:in ",  # Ruby
    re.MULTILINE,
)


def find_stack_trace(output: bytes) -> str | None:
    """Give the line that shows an uncaught error, None where none was printed."""
    found = _TRACE.search(output)
    if found is None:
        return None
    start = output.rfind(b"\n", 0, found.end() - 1) + 1
    return output[start:].split(b"\n", 1)[0].decode("utf-8", "replace").strip()
