"""What a JVM is told: its options, which come by JAVA_TOOL_OPTIONS whoever starts it."""

from collections.abc import Mapping

VARIABLE = "JAVA_TOOL_OPTIONS"


def properties(given: Mapping[str, str]) -> str:
    """Give the options that set these system properties; quoted where a value holds blanks: the JVM splits at them."""
    words = (f"-D{name}={value}" for name, value in given.items())
    return " ".join(f'"{word}"' if " " in word else word for word in words)


def together(*options: str | None) -> str:
    """Put options into one line; of two equal ones the last holds."""
    return " ".join(option for option in options if option)
