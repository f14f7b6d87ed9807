"""The places of what people write that no traffic has: variables, scripts, comments, settings, texts."""

import json
from pathlib import Path

import pytest

from blastiq_conformance.redaction.document import redacted
from blastiq_conformance.redaction.document.filled import may_stay
from blastiq_conformance.redaction.prose import literals
from blastiq_conformance.redaction.redacted import NOTE, NOTED
from blastiq_conformance.redaction.stand_in import StandIns
from blastiq_conformance.sources import SourceError
from fake_idp.secrets.secret_names import kind_of
from tests.judge.redaction.numbered import short, usual
from tests.judge.redaction.test_document import _verdicts

TOKEN_URL = "https://www.blastiq.com/identity/connect/token"
PASSWORD, USER, SECRET = "k7Fq2vN9xW4mZ8tR1pLs", "svc.north@mine.example", "Zr5tYu8iOp3aSdF6gHjK"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI3NyJ9.Bq9ZkP3xVt6yLm"


def sign_in(**fields: str) -> dict[str, object]:
    form = {"grant_type": "password", "client_id": "external.customer"} | fields
    body = {"mode": "urlencoded", "urlencoded": [{"key": key, "value": value} for key, value in form.items()]}
    return {"name": "Sign in", "request": {"method": "POST", "url": {"raw": TOKEN_URL}, "body": body}}


def write(folder: Path, content: object, name: str = "in") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def collection(*items: object, **more: object) -> dict[str, object]:
    return {"info": {"name": "c", "schema": "v2.1.0"}, "item": list(items), **more}


def test_variables_keep_their_places(tmp_path: Path) -> None:
    """The value is a stand-in where it is defined; a name that nothing defines stays, and is not a secret."""
    variables = [{"key": "pw", "value": PASSWORD}, {"key": "base", "value": TOKEN_URL}, {"key": "n", "value": "12"}]
    model = collection(sign_in(password="{{pw}}", username="{{user}}"), variable=variables)
    new = json.loads(redacted(write(tmp_path, model)))
    assert [each["value"] for each in new["variable"]] == [usual(1), TOKEN_URL, "12"]
    assert new["item"] == model["item"]


def test_a_secret_of_several_variables_is_written_whole(tmp_path: Path) -> None:
    """Its pieces go from the variables; the file is judged as before."""
    variables = [{"key": "first", "value": "k7Fq2vN9"}, {"key": "second", "value": "xW4mZ8tR1pLs"}]
    path = write(tmp_path, collection(sign_in(password="{{first}}{{second}}", username=USER), variable=variables))
    text = redacted(path)
    assert "k7Fq2vN9" not in text
    assert "xW4mZ8tR1pLs" not in text
    assert f'"{usual(1)}"' in text
    assert _verdicts(write(tmp_path, text, "new")) == _verdicts(path)


def test_an_environment_is_written_into_the_collection(tmp_path: Path) -> None:
    """The new file is judged without it as the old one was with it."""
    path = write(tmp_path, collection(sign_in(password="{{pw}}", username="{{user}}", scope="{{s}}")))
    text = redacted(path, {"pw": PASSWORD, "user": USER, "s": "cosmos"})
    assert all(f'"value": "{value}"' in text for value in (usual(1), usual(2, ".@"), "cosmos"))


def test_scripts_descriptions_and_saved_answers_are_looked_through(tmp_path: Path) -> None:
    """What a literal names, what a text shows, what an answer issued; unknown names stay."""
    script = [
        f"pm.environment.set('client_secret', '{SECRET}')",
        "const answer = pm.response.json()",
        f"pm.sendRequest({{body: {{urlencoded: [{{key: 'password', value: '{PASSWORD}'}}]}}}})",
        f"// as {USER}",
    ]
    answer = {"name": "ok", "originalRequest": sign_in(username=USER)["request"], "code": 200, "header": []}
    answer |= {"body": json.dumps({"access_token": JWT}), "cookie": [{"name": "s", "value": "c0okie-of-a-session"}]}
    item = sign_in(username=USER, password="x") | {"response": [answer]}
    item |= {"event": [{"listen": "test", "script": {"exec": script}}]}
    text = redacted(write(tmp_path, collection(item, description=f"Ask for {SECRET}, token {JWT}")))
    assert not any(value in text for value in (SECRET, PASSWORD, USER, JWT, "c0okie-of-a-session"))
    assert "const answer = pm.response.json()" in text
    assert f"pm.environment.set('client_secret', '{usual(5)}')" in text


def test_settings_of_all_authorizations_are_secrets(tmp_path: Path) -> None:
    """OAuth 2.0, API keys, Basic; in a list or as an object."""
    listed: list[dict[str, object]] = [{"key": "clientSecret", "value": SECRET}, {"key": "accessToken", "value": JWT}]
    listed += [
        {"key": "tokenRequestParams", "value": [{"key": "password", "value": PASSWORD, "send_as": "request_body"}]}
    ]
    key = [{"key": "key", "value": "X-Key"}, {"key": "value", "value": "A9s8D7f6G5h4J3k2"}]
    basic = {"username": USER, "password": "pA5s-of-the-proxy"}
    auths = [
        {"type": "oauth2", "oauth2": listed},
        {"type": "apikey", "apikey": key},
        {"type": "basic", "basic": basic},
        {"type": "basic", "basic": [{"key": "username", "value": USER}, {"key": "password", "value": "{{p}}"}]},
    ]
    folders = [{"item": [{"request": {"url": "https://mine.example/v1"}}], "auth": auth} for auth in auths]
    path = write(tmp_path, collection(*folders, variable=[{"key": "p", "value": "pA5s-of-the-proxy"}]))
    text = redacted(path)
    for value in (SECRET, JWT, PASSWORD, "A9s8D7f6G5h4J3k2", USER, "pA5s-of-the-proxy"):
        assert value not in text
    assert "X-Key" in text


def test_an_environment_alone_loses_what_its_names_tell(tmp_path: Path) -> None:
    """And whatever is unknown; addresses, ids and small values stay, and so does what is switched off."""
    values = [
        {"key": "password", "value": PASSWORD, "enabled": False},
        {"key": "user", "value": USER},
        {"key": "authority", "value": "https://www.blastiq.com/identity", "enabled": True},
        {"key": "client_id", "value": "external.customer"},
        {"key": "foo", "value": "what-nobody-knows"},
        {"key": "hidden", "value": "v-x-y-z", "type": "secret"},
        {"key": "retries", "value": 3},
        3,
    ]
    path = write(tmp_path, {"id": "1", "name": "Mine", "values": values, "_postman_variable_scope": "environment"})
    new = json.loads(redacted(path))["values"]
    assert [each["value"] for each in new[:-1]] == [
        usual(1),
        usual(2, ".@"),
        "https://www.blastiq.com/identity",
        "external.customer",
        usual(3, "-"),
        short(4, "-"),
        3,
    ]


def test_an_environment_of_jetbrains_is_told_by_its_name(tmp_path: Path) -> None:
    """All environments in it; settings of sign-ins too."""
    auth = {"Security": {"Auth": {"a": {"Client Secret": SECRET, "Token URL": TOKEN_URL}}}}
    path = write(tmp_path, {"dev": {"password": PASSWORD, "host": "x.example"} | auth}, "http-client.private.env.json")
    new = json.loads(redacted(path))["dev"]
    assert (new["password"], new["host"]) == (usual(1), "x.example")
    assert new["Security"]["Auth"]["a"] == {"Client Secret": usual(2), "Token URL": TOKEN_URL}


@pytest.mark.parametrize("length", ["9", "88", "999"])
def test_a_length_is_as_true_as_it_was(tmp_path: Path, length: str) -> None:
    """Beside a stand-in of another length than the secret had."""
    item = sign_in(password=PASSWORD)
    item["request"] |= {"header": [{"key": "Content-Length", "value": length}]}  # type: ignore[operator]  # it is an object
    path = write(tmp_path, collection(item))
    assert _verdicts(write(tmp_path, redacted(path), "new")) == _verdicts(path)


def test_what_would_be_judged_otherwise_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever became of a value: nothing is written."""
    monkeypatch.setattr(StandIns, "_new", lambda *_, **__: "[REDACTED]")
    with pytest.raises(SourceError, match="without its secrets it would be judged otherwise by BIQ"):
        redacted(write(tmp_path, collection(sign_in(password=PASSWORD))))


def test_what_is_nested_without_end_is_refused(tmp_path: Path) -> None:
    """Never passed through, and no crash."""
    deep: object = PASSWORD
    for _ in range(900):
        deep = [deep]
    with pytest.raises(SourceError, match="nested too deeply"):
        redacted(write(tmp_path, collection(sign_in(), x=deep)))


@pytest.mark.parametrize(
    "odd",
    [
        {
            "item": [
                {"request": {"url": {"raw": TOKEN_URL, "query": [3], "host": "h", "auth": {"u": 1}}, "header": "A: b"}}
            ]
        },
        {"item": [{"request": TOKEN_URL, "response": [3, {"code": "x"}, {"body": 3, "stream": {"data": [999]}}]}]},
        {
            "item": [{"request": {"url": TOKEN_URL, "body": {"mode": "raw", "raw": 3}, "auth": {"basic": 3}}}],
            "variable": 3,
        },
        {"item": [], "event": [{"script": {"exec": 3}}], "auth": {"type": "basic", "basic": [3, {"key": 3}]}},
    ],
)
def test_odd_collections_are_no_crash(tmp_path: Path, odd: dict[str, object]) -> None:
    """Whatever a hand has put there stays, where it is not a secret."""
    model = collection() | odd
    assert json.loads(redacted(write(tmp_path, model))) == {**model, NOTE: NOTED}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("clientSecret", "client_secret"),
        ("refreshToken", "refresh_token"),
        ("MINE_PW", "password"),
        ("userName", "username"),
        ("sessionId", "api_key"),
        ("token_url", None),
        ("clientId", None),
        ("grant_type", None),
        ("host", None),
        ("ACCOUNT_PASSWORD", "password"),
        ("AWS_SECURITY_TOKEN", "access_token"),
        ("curl_password", "password"),
        ("password_count", None),
    ],
)
def test_names_tell_kinds(name: str, kind: str | None) -> None:
    """And what is only about a secret is none."""
    assert kind_of(name) == kind


def test_literals_are_found_beside_their_names() -> None:
    """In the ways of scripts and shells; a variable is not a literal."""
    text = "a.password = \"x1\"; set('user', 'y\\'2'); {key: \"token\", value: `z3`}; password = other; pwd: '{{v}}'\n"
    assert [place[:2] for place in literals(text + "export API_KEY=k4\n")] == [
        ("password", "x1"),
        ("username", "y'2"),
        ("token", "z3"),
        ("api_key", "k4"),
    ]
    assert may_stay("retries", "3")
    assert not may_stay("retries", "three-times-a-day")
