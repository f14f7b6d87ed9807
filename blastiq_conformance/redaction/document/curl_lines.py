"""Files with curl command lines: each command written anew in one line, and the text around them without secrets."""

from collections.abc import Iterable, Mapping

from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.document.curl_words import Words, quoted
from blastiq_conformance.redaction.document.filled import Filled
from blastiq_conformance.sources.shell_words import Command, found
from fake_idp.journal import Exchange


def curl_lines(
    file: str, text: str, exchanges: Iterable[Exchange], redaction: Redaction, given: Mapping[str, str]
) -> str:
    """Redact the commands of a file and what stands between them; raises SourceError."""
    commands, lines = list(found(file, text)), text.splitlines()

    def write() -> str:
        words = Words(redaction, Filled({}, given, redaction))
        pieces: list[str] = []
        end = 0
        for command in commands:
            pieces += map(redaction.prose, lines[end : command.first])
            new = map(quoted, words.command(command.words))
            several = command.end - command.first > 1
            pieces.append(command.prompt + "".join(f" \\\n  {w}" if several and w[0] == "-" else f" {w}" for w in new))
            end = command.end
        return "\n".join((*pieces, *map(redaction.prose, lines[end:]))) + "\n"

    redaction.learn(exchanges, write, _between(lines, commands))
    return write()


def _between(lines: list[str], commands: Iterable[Command]) -> str:
    taken = {number for command in commands for number in range(command.first, command.end)}
    return "\n".join(line for number, line in enumerate(lines) if number not in taken)
