"""What right clients ship is not accused: their sources, and what is compiled from them (a heuristic stays only so)."""

import py_compile
import re
from pathlib import Path

import pytest

from blastiq_conformance.scan import scan
from blastiq_conformance.scan.known import Known
from blastiq_conformance.scan.literals import CLIENT_ID
from tests.clients.launch import command, program
from tests.clients.programs import GOOD, Client

pytestmark = pytest.mark.slow

FIXED = CLIENT_ID.decode()
# How a program takes the client id from its environment, language by language; a vendor may well write it down.
_TAKEN = re.compile(
    r"os\.environ\[.BLASTIQ_CLIENT_ID.\]|(?:System|os|env)\.[gG]et(?:env)?\(.BLASTIQ_CLIENT_ID.\)"
    r"|\$ENV\{BLASTIQ_CLIENT_ID\}|\bgetenv\(.BLASTIQ_CLIENT_ID.\)|ENV\.fetch\(.BLASTIQ_CLIENT_ID.\)"
    r'|\bEnv\("BLASTIQ_CLIENT_ID"\)|encoded\("CLIENT_ID"\)'
    r"|(?<=client_id: )BLASTIQ_CLIENT_ID|(?<=clientId: )BLASTIQ_CLIENT_ID"
    r"|(?<=client_id=)\$BLASTIQ_CLIENT_ID"
)
COMPILED = [client for client in GOOD if Path(client.file).suffix in {".java", ".go", ".c", ".py"}]


@pytest.fixture(scope="session")
def workshop(pytestconfig: pytest.Config) -> Path:
    """The folder of `test_clients`, for what compilers make."""
    assert pytestconfig.cache is not None
    return pytestconfig.cache.mkdir("clients")


def name_of(client: Client) -> str:
    return client.file


def written_down(client: Client, folder: Path) -> Path:
    """The client with the client id in its source, as the article gives it."""
    source = program(client.file)
    text = source.read_text(encoding="utf-8")
    quote = {".sh": "", ".php": "'", ".rb": "'", ".mjs": "'", ".pl": "'"}.get(source.suffix, '"')
    changed = _TAKEN.sub(f"{quote}{FIXED}{quote}", text)
    copy = folder / source.name
    copy.write_text(changed, encoding="utf-8")
    return copy


def artefact(path: Path, needs: str, workshop: Path) -> Path:
    """What is compiled from a source."""
    if path.suffix == ".py":
        compiled = path.with_suffix(".pyc")
        py_compile.compile(str(path), cfile=str(compiled), doraise=True)
        return compiled
    words = command(str(path), needs.split(), workshop)
    return Path(words[words.index("-cp") + 1] if "-cp" in words else words[0])


@pytest.mark.parametrize("client", GOOD, ids=name_of)
def test_the_source_of_a_right_client_is_clean(client: Client, tmp_path: Path) -> None:
    """As it is, and with the client id written down in it, beside which passwords are sought."""
    copy = written_down(client, tmp_path)
    # Some take the sign-in from a module that they share.
    elsewhere = client.attended or "CLIENT_ID" not in (program(client.file)).read_text(encoding="utf-8")
    assert elsewhere or FIXED in copy.read_text(encoding="utf-8")
    for path in (program(client.file), copy):
        assert scan(path, Known()).found == ()


@pytest.mark.parametrize("client", COMPILED, ids=name_of)
def test_what_is_compiled_from_it_is_clean(client: Client, tmp_path: Path, workshop: Path) -> None:
    """Class files, programs of Go and C, byte code: texts stand there without the quotes that part them in a source."""
    result = scan(artefact(written_down(client, tmp_path), client.needs, workshop), Known())
    assert (result.found, result.unread) == ((), ())
    assert result.files > 0


def test_a_password_that_is_written_down_is_found_there_too(tmp_path: Path) -> None:
    """The same source with a password in it: what is left of the heuristic is worth having."""
    (client,) = (client for client in GOOD if client.file == "good/php_curl.php")
    copy = written_down(client, tmp_path)
    text = copy.read_text(encoding="utf-8")
    copy.write_text(text.replace("getenv('BLASTIQ_PASSWORD')", "'Tr0ub4dor&3'"), encoding="utf-8")
    assert {found.kind for found in scan(copy, Known()).found} == {"password"}
