"""Which words of a command are secrets by their names, and which stay, for it is shown to be run again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.evidence import Child, Evidence, Facts
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.redaction.whole import redact
from blastiq_conformance.report import Judgement, Report
from blastiq_conformance.secrets.command_line import secrets_in, shown
from fake_idp.secrets.search import Secret
from tests.judge.judged import rules

KEY = "Wq5Nf8Ls3Kd6"

# What comes before the secret, which is written X, and what comes behind it.
SECRET = (
    ("app", "--api-key", "X"),
    ("app", "--api-key=X"),
    ("app", "--apikey", "X", "--verbose"),
    ("app", "--password=X"),
    ("app", "--password", "X"),
    ("app", "-password", "X"),
    ("app", "--db-pass", "X"),
    ("app", "--dbPassword=X"),
    ("app", "--client-secret", "X"),
    ("app", "--clientSecret", "X"),
    ("app", "--access-token=X"),
    ("app", "--token", "X"),
    ("app", "--bearer", "X"),
    ("app", "--subscription-key", "X"),
    ("curl", "-u", "svc:X", "https://x.example/"),
    ("curl", "--user", "svc:X"),
    ("curl", "--user=svc:X"),
    ("curl", "-H", "Authorization: Bearer X"),
    ("curl", "--header", "Authorization: Basic X"),
    ("curl", "--header=X-Api-Key: X"),
    ("curl", "-H", "authorization:Bearer X"),
    ("curl", "-d", "grant_type=password&password=X&scope=cosmos"),
    ("curl", "-d", '{"password": "X", "scope": "cosmos"}'),
    ("curl", "https://svc:X@x.example/a"),
    ("curl", "https://x.example/a?api_key=X&b=1"),
    ("mysql", "-pX", "base"),
    ("/usr/bin/mysql", "-u", "root", "-p", "X"),
    ("sshpass", "-p", "X", "ssh", "x.example"),
    ("app", "-u", "svc", "-p", "X"),
    ("app", "-pX"),
    ("java", "-Dclient.password=X", "-jar", "app.jar"),
    ("java", "-Dpassword=X", "-jar", "app.jar"),
    ("msbuild", "/p:Password=X"),
    ("app.exe", "/password:X"),
    ("env", "API_KEY=X", "node", "app.js"),
    ("env", "DB_PASSWORD=X", "node", "app.js"),
    ("sh", "-c", "exec app --api-key X --port 8080"),
    ("sh", "-c", "curl -H 'Authorization: Bearer X' https://x.example/"),
    ("sh", "-c", "PASSWORD='X' app"),
)
HARMLESS = (
    ("node", "app.js", "--port", "8080", "--verbose"),
    ("python", "-u", "app.py"),
    ("docker", "run", "-u", "1000:1000", "-p", "8080:80", "image:latest"),
    ("docker", "login", "--password-stdin", "registry.example"),
    ("app", "--password-file", "/run/secrets/password"),
    ("app", "--password", "/run/secrets/password"),
    ("app", "--token-url", "https://x.example/identity/connect/token"),
    ("app", "--token-endpoint", "https://x.example/t"),
    ("app", "--token-type", "bearer"),
    ("app", "--client-id", "external.customer"),
    ("app", "--grant-type", "password", "--scope", "cosmos"),
    ("app", "grant_type=password"),
    ("app", "--username", "{username}", "--password", "{password}"),
    ("app", "--password={password}", "--secret=$SECRET", "--token", "${TOKEN}", "--api-key", "%KEY%"),
    ("app", "--password", "<password:1>"),
    ("app", "--max-tokens", "100", "--tokenizer", "bert"),
    ("app", "--session-name", "nightly", "--secret-name", "prod-db"),
    ("app", "--no-password", "app.toml"),
    ("app", "--ask-password", "--host", "x.example"),
    ("app", "--password", "--host", "x.example"),
    ("app", "--compass", "north", "--passive", "yes", "--bypass", "list"),
    ("ssh", "-p", "2222", "x.example"),
    ("mkdir", "-p", "build/area51"),
    ("go", "test", "-parallel", "4", "-pkg=module2"),
    ("mvn", "-Pprofile2", "-pl", "module2"),
    ("pytest", "-p", "no:randomly", "-q", "tests/test_password.py"),
    ("java", "-Dhttp.proxyPort=8080", "-cp", "lib/*:app.jar", "Main"),
    ("node", "--env-file=.env", "reset-password.js"),
    ("sh", "-c", "cd app && npm start -- --port 8080"),
    ("curl", "http://localhost:8080/password:reset"),
    ("curl", "-H", "Content-Type: application/json", "-H", "Accept: text/html"),
    ("app", "--user-agent", "mine/1.0", "--user", "1000"),
    ("dotnet", "run", "--project", "src/Token/Token.csproj"),
    ("--demo",),
)


def hidden(words: tuple[str, ...]) -> tuple[str, ...]:
    return shown(words, lambda kind, _: f"<{kind}:1>")


@pytest.mark.parametrize("words", SECRET, ids=" ".join)
def test_what_a_name_calls_a_secret_is_hidden_and_nothing_else(words: tuple[str, ...]) -> None:
    """Every other character stays."""
    filled = tuple(word.replace("X", KEY) if "X-Api-Key" not in word else f"{word[:-1]}{KEY}" for word in words)
    assert [value for _, value in secrets_in(filled)] == [KEY]
    assert "".join(hidden(filled)).replace(KEY, "") == "".join(hidden(filled))
    assert len(hidden(filled)) == len(words)
    marks = "".join(hidden(filled))
    start, _, end = "".join(filled).partition(KEY)
    assert marks.startswith(start)
    assert marks.endswith(end)


@pytest.mark.parametrize("words", HARMLESS, ids=" ".join)
def test_what_is_none_stays_readable(words: tuple[str, ...]) -> None:
    """Paths, ports, switches, names of variables."""
    assert hidden(words) == words


secrets = st.text("abcXYZ0189-_.~", min_size=8, max_size=20).map(lambda text: f"zQ7{text}9Kx")
options = st.sampled_from([words for words in SECRET if not any("X-Api-Key" in word for word in words)])
neighbours = st.lists(st.sampled_from(("--verbose", "--port=8080", "app.js", "run", "-q")), max_size=3)


@given(options, secrets, neighbours, neighbours)
def test_any_value_goes_and_its_neighbours_stay(
    words: tuple[str, ...], value: str, before: list[str], behind: list[str]
) -> None:
    """Wherever the option stands, and whatever was given to it; twice is as once."""
    command = (words[0], *before, *(word.replace("X", value) for word in words[1:]), *behind)
    clean = hidden(command)
    assert not any(value in word for word in clean)
    assert clean[: len(before) + 1] == command[: len(before) + 1]
    assert clean[len(clean) - len(behind) :] == command[len(command) - len(behind) :]
    assert hidden(clean) == clean


@given(st.lists(st.text(max_size=12) | st.sampled_from(("-u", "-p", "--password", "-H", "sh", "-c")), max_size=6))
def test_whatever_the_words_are_all_else_stays(words: list[str]) -> None:
    """Any text is taken, and only what is named as a secret is changed."""
    found = secrets_in(words)
    assert shown(words, lambda _, value: value) == tuple(words)
    assert len(hidden(tuple(words))) == len(words)
    assert all(value for _, value in found)


def ran(*argv: str, issued: str = "k7Fq2vN9xW4mZ8tR1pLs") -> Evidence:
    child = Child(exit_status=0, argv=argv, processes=(("sh", "-c", " ".join(argv)),))
    facts = Facts(scenario="sign-in", username="svc", password=issued, issued=(Secret("password", issued),))
    return Evidence(exchanges=(), child=child, facts=facts)


def test_a_bundle_shows_the_command_without_them() -> None:
    """Equal ones have one stand-in; what the kit issued stays, for it is dead and judged."""
    evidence = ran("app", "--api-key", KEY, "--password", "k7Fq2vN9xW4mZ8tR1pLs", "--again-token", KEY, "--port", "80")
    child = redact(evidence).child
    assert child is not None
    assert child.argv[:2] == ("app", "--api-key")
    assert child.argv[3:5] == ("--password", "k7Fq2vN9xW4mZ8tR1pLs")
    assert child.argv[6:] == (child.argv[2], "--port", "80") or child.argv[6] == child.argv[2]
    assert child.argv[2].startswith("S001")
    assert not any(KEY in word for words in child.processes for word in words)
    assert redact(redact(evidence)).child == child


def test_a_report_shows_the_command_without_them() -> None:
    """And no line that would produce a finding again: without the secret, it is another command."""
    evidence = ran("app", "--api-key", KEY, "--password", "k7Fq2vN9xW4mZ8tR1pLs")
    results = tuple(judge(evidence, rules().values()))
    judgement = Judgement(scenario="sign-in", evidence=evidence, results=results)
    model = Report([judgement], rules=rules(), command=("app", "--api-key", KEY, "--password", "{password}")).to_model()
    assert model["command"] == ["app", "--api-key", "<api_key:1>", "--password", "{password}"]
    lines = [finding["reproduce"] for result in model["results"] for finding in result["findings"]]
    assert lines
    assert not any(lines)
    assert KEY not in json.dumps(model)
