"""Seeded deviations: each is named in the traits that it has, and nothing else is said to differ."""

import json
from itertools import chain
from pathlib import Path

import pytest

from blastiq_conformance.fidelity.comparison import compare_all
from blastiq_conformance.sources import read
from fake_idp.server_config import Flavour
from tests.judge.fidelity.seeding import (
    Change,
    Seed,
    claims,
    drop,
    few,
    header,
    location,
    member,
    put,
    status,
    token,
    without,
)

IS4, OLDER, DUENDE = "identityserver4-4.1.2", "identityserver4-2.3.0", "duende-identityserver-7.4.8"
FLAVOURS = {IS4: Flavour.IS4, OLDER: Flavour.IS4_V2, DUENDE: Flavour.DUENDE}
API = "aspnetcore-jwtbearer-10.0"
# A few questions that hold by themselves.
FEW = {
    IS4: {
        *("discovery", "discovery HEAD", "jwks origin", "token GET", "token preflight", "password in upper case"),
        *("rt sign-in", "rt2 refresh", "refresh again with the old", "refresh missing", "token OPTIONS"),
        *("userinfo bad token", "token DELETE", "device", "revoke without client", "revoke bad hint"),
        *("introspect GET", "checksession", "scope 'Cosmos' (6)", "client_id blank", "userinfo without token"),
    },
    OLDER: {"discovery", "jwks origin", "rt sign-in", "password blank", "userinfo bad token"},
    DUENDE: {"discovery", "rt sign-in", "rt2 refresh", "client_id blank", "with resource='not a uri' (9)"},
    f"{IS4}-browser": {"authorize good", "authorize nobody signed in, prompt none", "code good", "userinfo"},
    f"{DUENDE}-browser": {"authorize good", "authorize nobody signed in, prompt none", "code good"},
    API: {"none", "good", "token x", "claims changed", "expired"},
}


def seeds(file: str, *rows: tuple[str, str, Change, str]) -> dict[str, Seed]:
    """Name rows of question, deviation, change, and traits parted by semicolons."""
    return {
        f"{file}, {question}: {name}": Seed(
            file=file, question=question, change=change, traits=tuple(traits.split("; "))
        )
        for question, name, change, traits in rows
    }


SIGN_IN, REFRESH, WRONG = "rt sign-in", "rt2 refresh", "password in upper case"
NOBODY = "authorize nobody signed in, prompt none"
SEEDED = {
    **seeds(
        IS4,
        ("discovery", "none", status(404), "status"),
        ("discovery", "media type", header("Content-Type", "application/json"), "content-type"),
        ("discovery", "kept", header("Cache-Control", "max-age=60"), "cache-control"),
        ("discovery", "vary", header("Vary", "Origin"), "vary"),
        ("discovery", "slash", member("issuer", "http://127.0.0.1:18100/identity/"), "body issuer"),
        ("discovery", "other host", member("jwks_uri", "https://keys.example/jwks"), "body jwks_uri"),
        ("discovery", "no end of session", without("end_session_endpoint"), "body members; body end_session_endpoint"),
        ("discovery", "more", member("x_more", True), "body members; body x_more"),
        ("discovery", "grants", member("grant_types_supported", ["password"]), "body grant_types_supported"),
        ("discovery", "plain alone", member("code_challenge_methods_supported", ["plain"]), "body code_challenge"),
        ("discovery", "logout", member("backchannel_logout_supported", False), "body backchannel_logout_supported"),
        ("discovery HEAD", "answered", status(200), "status"),
        ("jwks origin", "no keys", member("keys", []), "body keys"),
        ("jwks origin", "methods shared", header("Access-Control-Allow-Methods", "*"), "access-control-allow-methods"),
        ("jwks origin", "shared", header("Access-Control-Allow-Credentials", "true"), "access-control-allow-credent"),
        ("token GET", "405", status(405), "status"),
        ("token GET", "allow", header("Allow", "POST"), "allow"),
        ("token GET", "another error", member("error", "invalid_client"), "body error"),
        ("token preflight", "204", status(204), "status"),
        (WRONG, "words", member("error_description", "wrong"), "body error_description"),
        (WRONG, "no words", without("error_description"), "body members; body error_description"),
        (WRONG, "more", member("error_uri", "https://x.example/"), "body members; body error_uri"),
        (WRONG, "401", status(401), "status"),
        (WRONG, "challenge", header("WWW-Authenticate", "Basic"), "www-authenticate"),
        (WRONG, "wait", header("Retry-After", "30"), "retry-after"),
        ("client_id blank", "as Duende", member("error", "invalid_request"), "body error"),
        ("scope 'Cosmos' (6)", "another error", member("error", "invalid_request"), "body error"),
        (SIGN_IN, "kept", header("Cache-Control"), "cache-control"),
        (SIGN_IN, "no pragma", header("Pragma"), "pragma"),
        (SIGN_IN, "no charset", header("Content-Type", "application/json"), "content-type"),
        (SIGN_IN, "a text", member("expires_in", "3600"), "body expires_in"),
        (SIGN_IN, "token type", member("token_type", "bearer"), "body token_type"),
        (SIGN_IN, "opaque", member("access_token", "a" * 64), "body access_token"),
        (SIGN_IN, "scope", member("scope", "cosmos"), "body scope"),
        (SIGN_IN, "id_token", member("id_token", "x"), "body members; body id_token"),
        (SIGN_IN, "site", member("site", "north"), "body members; body site"),
        (SIGN_IN, "no refresh token", without("refresh_token"), "body members; body refresh_token"),
        (SIGN_IN, "no jti", claims(drop("jti")), "body access_token claims members; body access_token claims jti"),
        (SIGN_IN, "role", claims(put("role", "x")), "body access_token claims members; body access_token claims role"),
        (SIGN_IN, "audiences", claims(put("aud", ["cosmos", "x"])), "body access_token claims aud"),
        (SIGN_IN, "one scope", claims(put("scope", "cosmos")), "body access_token claims scope"),
        (SIGN_IN, "amr", claims(put("amr", ["mfa"])), "body access_token claims amr"),
        (SIGN_IN, "typ", token("access_token", 0, put("typ", "JWT")), "body access_token header typ"),
        (SIGN_IN, "alg", token("access_token", 0, put("alg", "ES256")), "body access_token header alg"),
        (SIGN_IN, "kid", token("access_token", 0, put("kid", "key-1")), "body access_token header kid"),
        (REFRESH, "none comes back", without("refresh_token"), "body members; body refresh_token"),
        (REFRESH, "another handle", member("refresh_token", "Zm9v" * 10 + "Zm9"), "body refresh_token"),
        ("refresh missing", "another error", member("error", "invalid_grant"), "body error"),
        ("refresh again with the old", "words", member("error_description", "used"), "body members; body error_desc"),
        ("userinfo bad token", "realm", header("WWW-Authenticate", "Bearer"), "www-authenticate"),
        ("userinfo without token", "400", status(400), "status"),
        ("token DELETE", "405", status(405), "status"),
        ("token OPTIONS", "let in", header("Access-Control-Allow-Origin", "*"), "access-control-allow-origin"),
        ("revoke without client", "words", member("error_description", "x"), "body members; body error_description"),
        ("revoke bad hint", "taken", status(200), "status"),
        ("introspect GET", "400", status(400), "status"),
        ("device", "none", status(404), "status"),
        ("checksession", "none", status(404), "status"),
    ),
    **seeds(
        OLDER,
        ("jwks origin", "JSON", header("Content-Type", "application/json; charset=UTF-8"), "content-type"),
        (SIGN_IN, "scope", member("scope", "cosmos offline_access"), "body members; body scope"),
        ("password blank", "words", member("error_description", "x"), "body members; body error_description"),
        ("userinfo bad token", "one header", header("WWW-Authenticate", "Bearer"), "www-authenticate"),
    ),
    **seeds(
        DUENDE,
        ("discovery", "PAR wanted", member("require_pushed_authorization_requests", True), "body require_pushed"),
        (REFRESH, "one time", member("refresh_token", "A" * 64 + "-1"), "body refresh_token first seen"),
        ("client_id blank", "as before", member("error", "invalid_client"), "body error"),
        ("with resource='not a uri' (9)", "no words", without("error_description"), "body members; body error_desc"),
    ),
    **seeds(
        f"{IS4}-browser",
        ("authorize good", "no scope", location(drop("scope")), "location query members; location query scope"),
        ("authorize good", "issuer", location(put("iss", "x")), "location query members; location query iss"),
        (NOBODY, "another error", location(put("error", "login_required_now")), "location query error"),
        (NOBODY, "end", location(dict, ""), "location end"),
        ("code good", "audience", token("id_token", 1, put("aud", "x")), "body id_token claims aud"),
        (
            "code good",
            "no at_hash",
            token("id_token", 1, drop("at_hash")),
            "body id_token claims members; body id_token claims at_hash",
        ),
        ("userinfo", "name", member("name", "Pat"), "body members; body name"),
    ),
    **seeds(
        f"{DUENDE}-browser",
        ("authorize good", "no issuer", location(drop("iss")), "location query members; location query iss"),
        (
            "code good",
            "no sid",
            token("id_token", 1, drop("sid")),
            "body id_token claims members; body id_token claims sid",
        ),
    ),
    **seeds(
        API,
        ("none", "realm", header("WWW-Authenticate", 'Bearer realm="api"'), "www-authenticate"),
        ("none", "let in", status(200), "status; www-authenticate"),
        ("token x", "let in", status(200), "status; www-authenticate"),
        ("claims changed", "no words", header("WWW-Authenticate", 'Bearer error="invalid_token"'), "www-authenticate"),
        ("expired", "let in", status(200), "status; www-authenticate"),
    ),
}


def flavour_of(file: str) -> Flavour:
    return FLAVOURS.get(file.removesuffix("-browser"), Flavour.IS4)


def differing(text: str, file: str, folder: Path) -> list[list[tuple[str, str]]]:
    (recording := folder / "a.har").write_text(text, encoding="utf-8")
    found = compare_all(read(recording), flavour_of(file)).differing
    return [[(each.source, each.trait) for each in answer] for answer in found]


@pytest.mark.parametrize("file", FEW)
def test_the_few_are_alike(file: str, tmp_path: Path) -> None:
    """As they were recorded."""
    assert differing(few(file, frozenset(FEW[file])), file, tmp_path) == []


@pytest.mark.parametrize("seed", SEEDED.values(), ids=SEEDED)
@pytest.mark.unmeasured
def test_a_seeded_deviation_is_named(seed: Seed, tmp_path: Path) -> None:
    """In the answer that has it, by all of its traits alone; of later ones whether a value has been seen before."""
    log = json.loads(few(seed.file, frozenset(FEW[seed.file])))
    for entry in log["log"]["entries"]:
        if entry["comment"] == seed.question:
            seed.change(entry)
    found, *later = differing(json.dumps(log), seed.file, tmp_path)
    traits = [trait for _, trait in found]
    assert [trait for trait in traits if not trait.startswith(seed.traits)] == []
    assert [named for named in seed.traits if not any(trait.startswith(named) for trait in traits)] == []
    assert {trait.rpartition(" ")[2] for _, trait in chain(*later)} <= {"seen"}


def test_they_are_enough() -> None:
    """Of every recording, and of every part of an answer."""
    assert len(SEEDED) >= 60
    assert {seed.file for seed in SEEDED.values()} == set(FEW)
