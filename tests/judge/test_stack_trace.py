"""Stack traces of the usual languages are told from error messages."""

import pytest

from blastiq_conformance.evidence.stack_trace import find_stack_trace


@pytest.mark.parametrize(
    ("stderr", "line"),
    [
        ("oops\nTraceback (most recent call last):\n  File x", "Traceback (most recent call last):"),
        ("Error: no\n    at main (/app/index.js:12:9)\n", "at main (/app/index.js:12:9)"),
        ('Exception in thread "main" java.lang.X\n\tat a.B.c(B.java:3)', 'Exception in thread "main" java.lang.X'),
        ("Unhandled exception. System.Exception: no", "Unhandled exception. System.Exception: no"),
        ("   at Program.Main() in C:\\app\\Program.cs:line 7", "at Program.Main() in C:\\app\\Program.cs:line 7"),
        ("panic: no\n\ngoroutine 1 [running]:", "panic: no"),
        ("thread 'main' panicked at src/main.rs:2:5:", "thread 'main' panicked at src/main.rs:2:5:"),
        ("PHP Fatal error:  Uncaught Exception: no in x.php:3", "PHP Fatal error:  Uncaught Exception: no in x.php:3"),
        ("app.rb:3:in 'Object#main': no (RuntimeError)", "app.rb:3:in 'Object#main': no (RuntimeError)"),
    ],
    ids=["python", "node", "jvm", "dotnet", "dotnet frame", "go", "rust", "php", "ruby"],
)
def test_traces_are_found(stderr: str, line: str) -> None:
    """The first telling line is given, without its indent."""
    assert find_stack_trace(stderr.encode()) == line


@pytest.mark.parametrize(
    "stderr",
    ["", "error: the server answered 502", "failed at 12:30", "curl: (22) The requested URL returned error: 502"],
)
def test_messages_are_none(stderr: str) -> None:
    """What a program says in its own words is no trace."""
    assert find_stack_trace(stderr.encode()) is None
