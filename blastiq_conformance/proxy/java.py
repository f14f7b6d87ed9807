"""Options for a JVM, which JAVA_TOOL_OPTIONS passes to it whoever starts it."""

from collections.abc import Mapping

VARIABLE = "JAVA_TOOL_OPTIONS"


def properties(given: Mapping[str, str]) -> str:
    """Give the options that set these system properties; values with blanks are quoted, for the JVM splits at them."""
    words = (f"-D{name}={value}" for name, value in given.items())
    return " ".join(f'"{word}"' if " " in word else word for word in words)


def together(*options: str | None) -> str:
    """Join options into one line; of two equal ones the last counts."""
    return " ".join(option for option in options if option)
