"""`blastiq check` where no recorded sign-in succeeded, and where none was answered (D52)."""

import json
import zipfile
from pathlib import Path
from typing import cast

import pytest

from blastiq_conformance.report.shape import ReportShape
from blastiq_conformance.report.shards import merge_shards
from fake_idp.wire import FORM, Json
from tests.judge.cli.shell import called
from tests.judge.cli.test_merge import TODAY
from tests.judge.har import PRODUCTION, call, discovery, entry, refusal, sign_in, write_har

TOKEN_URL = f"{PRODUCTION}/connect/token"
REFUSED = "no sign-in of this recording succeeded: "
FIELDS = "grant_type=password&username=u&password=p9X2mK4vQ7wZ&client_id=external.customer"


def checked(path: Path, *words: str) -> tuple[int, str, str]:
    done = called("check", "--format", "json", *words, str(path))
    model = json.loads(done.stdout)
    return done.returncode, model["verdict"], model["meaning"]


@pytest.mark.parametrize(
    ("entries", "refusals"),
    [
        ((refusal("invalid_grant"),), "400 invalid_grant"),
        (
            (refusal("invalid_grant"), refusal("invalid_client")),
            "400 invalid_grant, 400 invalid_client",
        ),
        ((entry(TOKEN_URL, "POST", FIELDS, status=503),), "503"),
        ((entry(TOKEN_URL, "POST", FIELDS, answer={"error": "invalid_grant"}),), "200 invalid_grant"),
        ((refusal("invalid_grant"), entry(TOKEN_URL, "POST", FIELDS, status=0)), "400 invalid_grant"),
    ],
    ids=["one", "several", "outage", "error with 200", "one without an answer"],
)
def test_a_recording_in_which_no_sign_in_succeeded_is_not_called_conforming(
    entries: tuple[Json, ...], refusals: str, tmp_path: Path
) -> None:
    """Its requests look right, and yet nobody saw that such a client gets in; the words say why."""
    path = write_har(tmp_path / "x", discovery(), *entries)
    assert checked(path) == (4, "incomplete", f"{REFUSED}{refusals}")


def test_it_can_be_allowed_as_every_untested_rule(tmp_path: Path) -> None:
    """And is said all the same; what is wrong with the request stays wrong."""
    path = write_har(tmp_path / "x", refusal("invalid_grant"))
    code, verdict, meaning = checked(path, "--allow-untested")
    assert (code, verdict) == (0, "conforms")
    assert meaning.endswith(f"(--allow-untested); {REFUSED}400 invalid_grant")
    path = write_har(tmp_path / "y", refusal("invalid_grant", "&audience=x"))
    assert checked(path, "--allow-untested")[:2] == (1, "violates")


def test_the_scope_that_is_refused_is_an_error(tmp_path: Path) -> None:
    """The very parameter that the kit is for (D51)."""
    done = called("check", str(write_har(tmp_path / "x", refusal(more="&scope=openid+cosmos"))))
    assert done.returncode == 1
    assert "FAIL        scope absent or cosmos" in done.stdout


@pytest.mark.parametrize(
    "more",
    [
        (sign_in(),),
        (entry(TOKEN_URL, "POST", "grant_type=refresh_token&refresh_token=r&client_id=external.customer"),),
    ],
    ids=["a sign-in", "a body that a filter took"],
)
def test_one_token_is_enough(more: tuple[Json, ...], tmp_path: Path) -> None:
    """A client may well be refused once, and a filter may have taken the token out of an answer that had one."""
    path = write_har(tmp_path / "x", refusal("invalid_grant"), *more)
    assert checked(path)[:2] == (0, "conforms")


@pytest.mark.parametrize(
    "text",
    [
        f"curl -d '{FIELDS}' {TOKEN_URL}\n",
        f"POST {TOKEN_URL}\nContent-Type: {FORM}\n\n{FIELDS}\n",
        json.dumps(
            {
                "info": {"name": "c"},
                "item": [
                    {
                        "request": {
                            "method": "POST",
                            "url": TOKEN_URL,
                            "body": {
                                "mode": "urlencoded",
                                "urlencoded": [
                                    {"key": name, "value": value}
                                    for name, value in (pair.split("=") for pair in FIELDS.split("&"))
                                ],
                            },
                        }
                    }
                ],
            }
        ),
    ],
    ids=["curl", "http", "collection"],
)
def test_a_source_without_answers_is_judged_and_says_so(text: str, tmp_path: Path) -> None:
    """It holds what would be sent, and nobody knows what would come back."""
    (tmp_path / "x").write_text(text)
    expected = "a token request was judged, and no finding is of severity error; no answers recorded"
    assert checked(tmp_path / "x") == (0, "conforms", expected)


def test_of_several_recordings_those_without_a_token_are_named(tmp_path: Path) -> None:
    """The client can sign in, others show; that it was refused here is told."""
    write_har(tmp_path / "a", discovery(), sign_in(), call("https://api.blastiq.com/v3"))
    refused = write_har(tmp_path / "b", refusal("invalid_grant"))
    done = called("check", "--format", "json", str(tmp_path / "a"), str(refused))
    model = json.loads(done.stdout)
    assert (done.returncode, model["notes"]) == (0, [f"no sign-in of {refused} succeeded: 400 invalid_grant"])
    counts = {"seen": 2, "answered": 2, "refused": 1, "refusals": ["400 invalid_grant"]}
    assert model["token_requests"] == counts


@pytest.mark.slow
def test_what_a_scenario_refuses_it_refuses_on_purpose(tmp_path: Path) -> None:
    """The journal of a right client that stopped at a wrong password is as good as it was in the run."""
    called("run", "--demo", "--scenario", "wrong-password", "--bundle", str(tmp_path / "z"))
    with zipfile.ZipFile(tmp_path / "z") as archive:
        (tmp_path / "j").write_bytes(archive.read("evidence/1/0001.jsonl"))
    assert checked(tmp_path / "j")[:2] == (0, "conforms")


def test_parts_of_a_check_put_together_count_all_answers(tmp_path: Path) -> None:
    """One of them with a token settles it, none of them does not."""
    models: list[ReportShape] = []
    for name, one in (("a", refusal("invalid_grant")), ("b", refusal("x")), ("c", sign_in())):
        done = called("check", "--format", "json", str(write_har(tmp_path / name, one)))
        models.append(cast("ReportShape", {**json.loads(done.stdout), "target": "t"}))
    merged = merge_shards(models[:2], TODAY)
    assert (merged["verdict"], merged["meaning"]) == ("incomplete", f"{REFUSED}400 invalid_grant, 400 x")
    assert merge_shards(models, TODAY)["verdict"] == "conforms"


def test_no_secret_leaves_by_an_error(tmp_path: Path) -> None:
    """A server may say anything."""
    echo = entry(TOKEN_URL, "POST", FIELDS, answer={"error": "bad password p9X2mK4vQ7wZ"}, status=400)
    text = called("check", "--format", "json", str(write_har(tmp_path / "x", echo))).stdout
    assert "400 bad password <password:1>" in text
    assert "p9X2mK4vQ7wZ" not in text
