"""Logs among the files that an integration wrote: found by name and content, and not mistaken for caches."""

import pytest

from blastiq_conformance.catalogue.example_messages import REFRESH_1, TOKEN_1
from blastiq_conformance.evidence import WrittenFile
from blastiq_conformance.rules.secrets.log_files import is_log

SECRET = "k7Fq2vN9xW4mZ8tR1pLs"

LOGS = [
    *[(name, SECRET) for name in ("app.log", "app.log.1", "app.log-2026-11-28", "APP.LOG", "nohup.out", "run.err")],
    *[(name, SECRET) for name in ("log", "log.txt", "app-log.txt", "appLog.txt", "debug.txt", "http_trace.txt")],
    *[(name, SECRET) for name in ("token.log", "auth.log", "logs/app.txt", "log/2026-11-28", "stderr.txt")],
    ("out.txt", f"2026-11-28 12:00:00,123 INFO signed in, token {TOKEN_1}"),
    ("out.txt", f"2026-11-28T12:00:00.123Z token={TOKEN_1}"),
    ("out.txt", f"[2026-11-28 12:00:00] access_token={TOKEN_1}"),
    ("out.txt", f"28/Nov/2026:12:00:00 +0000 signed in with {SECRET}"),
    ("out.txt", f"Nov 28 12:00:00 host app[12]: signed in with {SECRET}"),
    ("out.txt", f"12:00:00.123 [main] DEBUG c.e.App - form: password={SECRET}"),
    ("out.txt", f"1764331200.123 signed in with {SECRET}"),
    ("out.txt", f"DEBUG:root:password {SECRET}"),
    ("out.txt", f"INFO: token is {TOKEN_1}"),
    ("out.txt", f"info: got {TOKEN_1}"),
    ("out.txt", f"[warn] retrying with {SECRET}"),
    ("out.txt", f'level=info msg="signed in" token={TOKEN_1}'),
    ("out.txt", f"> POST /identity/connect/token HTTP/1.1\n> Host: x\n\npassword={SECRET}"),
    ("out.txt", f'send: b"GET /api HTTP/1.1\\r\\nAuthorization: Bearer {TOKEN_1}"'),
    ("out.txt", f"2026-11-28 12:00:00 answer:\n{{\n  'access_token': '{TOKEN_1}'\n}}"),
    ("out.txt", f'{{"level":30,"time":1764331200000,"msg":"token {TOKEN_1}"}}\n{{"level":30}}'),
    ("out.txt", f'{{"@timestamp":"2026-11-28T12:00:00Z","message":"{SECRET}"}}'),
    *[("out.txt", f"2026-11-28T12:00:00Z {'x' * 23}{behind}") for behind in ("", "=", "=yes")],
]

OTHERS = [
    *[(name, SECRET) for name in ("token.json", "cache", ".netrc", "catalog.txt", "login.txt", "blog.db", "dialog")],
    *[(name, SECRET) for name in ("logs/token.json", "log/session", "debug-token.txt", "log_cache.json")],
    ("token.json", f'{{"access_token": "{TOKEN_1}", "expires_in": 3600, "refresh_token": "{REFRESH_1}"}}'),
    ("token.json", f'{{\n  "time": "2026-11-28T12:00:00Z",\n  "access_token": "{TOKEN_1}"\n}}'),
    ("token.json", f'[1764331200, "{TOKEN_1}", "Bearer"]'),
    ("token", f"2026-11-28T12:00:00Z {TOKEN_1}"),
    ("token", f"1764331200\n{TOKEN_1}\n"),
    ("token", f"1764331200:{TOKEN_1}"),
    ("token", "2026-11-28T12:00:00Z c2VjcmV0LXNlY3JldC1zZWNyZXQ="),
    *[("token", f"2026-11-28T12:00:00Z {'x' * 24}{behind}") for behind in ("", "=", "=2")],
    ("token.csv", f"2026-11-28 12:00:00,svc.pit-42@mine.example,{TOKEN_1}"),
    ("token.properties", f"#Sat Nov 28 12:00:00 UTC 2026\naccess_token={TOKEN_1}"),
    ("jar", f"# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t1764331200\tsid\t{SECRET}"),
    ("app.env", f"DEBUG=true\nINFO = yes\nBLASTIQ_PASSWORD={SECRET}"),
    ("app.yaml", f"debug: false\nWARN: on\npassword: {SECRET}"),
    ("app.ini", f"[debug]\n[info]\npassword = {SECRET}"),
    ("app.toml", f"debug = true\n[trace]\npassword = '{SECRET}'"),
    ("curlrc", f'data = "password={SECRET}"\nheader = "Authorization: Bearer {TOKEN_1}"'),
    ("Local Storage/leveldb/000003.log", f"\x8a\x01\0\x01META:http://127.0.0.1\0token\x01{TOKEN_1}"),
    ("debug.db", f"SQLite format 3\0 2026-11-28 12:00:00 INFO signed in {TOKEN_1}"),
    ("out.txt", f"[not JSON\n{SECRET}"),
    ("out.txt", f"{{not JSON\n{SECRET}"),
    ("out.txt", "{" + '"a":{' * 100_000 + SECRET),
]


def file(name: str, text: str) -> WrittenFile:
    return WrittenFile(path=f"~/{name}", content=text.encode(), mode=0o600)


@pytest.mark.parametrize(("name", "text"), LOGS)
def test_a_log_is_known(name: str, text: str) -> None:
    """By its name, or by a line as loggers write it."""
    assert is_log(file(name, text))


@pytest.mark.parametrize(("name", "text"), OTHERS)
def test_a_cache_and_a_configuration_are_no_logs(name: str, text: str) -> None:
    """What holds a secret by design is not blamed for holding it: a false alarm is an error here."""
    assert not is_log(file(name, text))
