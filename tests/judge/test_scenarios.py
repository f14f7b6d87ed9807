"""The table of scenarios: its slugs and rules are interface, its variants can be played."""

import re
import unicodedata
from itertools import chain

import pytest

from blastiq_conformance.scenarios import CANARY, CANARY_LENGTH, Need, Scenario, Variant, scenarios
from blastiq_conformance.scenarios.credentials import COMBINED, ONE_BY_ONE
from blastiq_conformance.scenarios.table import WIRE
from fake_idp.core import FakeIdp
from fake_idp.server_config import RefreshPolicy, ServerConfig

ROWS = list(scenarios().values())
VARIANTS = [(row, variant) for row in ROWS for variant in (*row.variants, *row.follow_up)]
# Judged of the password grant alone: where a person signs in, BIQ901 forbids it.
ALONE = "201 202 203 205 206 209 210 211 212 223"
PEOPLE = " ".join(sorted(rule[3:] for rule in WIRE if rule[3:] not in ALONE.split()))
SHOWN = " ".join(sorted(rule.removeprefix("BIQ") for rule in WIRE))
MATRIX = ["a b", "a+b", "a&b", "a=b", "a%41b", "a%2Bb", "a#b?c/d", "\"'\\<>;", "£€", "é", "e\u0301"]
MATRIX += ["😀", "\t", "{}", "$HOME", "`", ":", "@", ","]


def credential(template: str | None) -> str:
    return (template or CANARY).replace(CANARY, "K" * CANARY_LENGTH)


@pytest.mark.parametrize(
    ("slug", "number", "calls", "judges"),
    [
        ("sign-in", "S01", 1, f"{SHOWN} 101 207 208 214 305 309 808"),
        ("control", "S47", 4, f"{SHOWN} 101 207 208 214 305 309 808"),
        ("authority-slash", "S03", 1, "101 808"),
        ("endpoint-moved", "S04", 1, "103"),
        ("discovery-broken", "S08", 1, "106 706 806"),
        ("wrong-password", "S10", 1, "408 706 801 806"),
        ("unknown-client", "S11", 1, "408 801 806"),
        ("special-characters", "S12", 1, "301 302 303 304 214"),
        ("token-dies", "S13", 2, "501 706"),
        ("refresh-rotated", "S15", 4, "501 505"),
        ("refresh-kept", "S16", 3, "501 506"),
        ("refresh-same", "", 3, "501"),
        ("no-token", "S23", 1, "409 410 806"),
        ("no-refresh-token", "S40", 2, "415 501"),
        ("endpoint-query", "S05", 1, "204"),
        ("issuer-mismatch", "S06", 1, "104"),
        ("discovery-extra", "S09", 1, "109"),
        ("refresh-refused", "S18", 2, "501 508"),
        ("extra-members", "S19", 1, "401 416"),
        ("token-type", "S20", 1, "402 403"),
        ("expires-odd", "S21", 3, "404 405 605"),
        ("token-odd", "S22", 3, "406 407 605"),
        ("error-pages", "S24", 1, "409 706 806"),
        ("unavailable", "S25", 1, "802 803"),
        ("throttled", "S26", 2, "803 827"),
        ("json-variety", "S27", 1, "411"),
        ("truncated", "S27", 1, "412 806"),
        ("connection-lost", "S27", 1, "805 806"),
        ("hangs", "S27", 1, "804 806"),
        ("clock-skew", "S31", 3, "605 609"),
        ("two-users", "S32", 2, "306"),
        ("parallel", "S33", 2, "510"),
        ("api-forbidden", "S34", 2, "608"),
        ("api-extra", "S35", 2, "828"),
        ("api-refuses", "S39", 2, "607"),
        ("id-token", "S48", 1, "414"),
        ("api-fails", "S49", 1, "802 806"),
        ("many-calls", "S41", 10, "107 605 808 824 825"),
        ("api-limits", "S42", 25, "808 821 822 823 824 826"),
        ("no-credentials", "S43", 1, "308 806"),
        ("password-changed", "S44", 1, "307"),
        ("verbose", "S45", 1, "702 808"),
        ("outage-ends", "S46", 3, "807"),
        ("tls-good", "S29", 1, "001"),
        ("tls-untrusted", "S29", 1, "002 006"),
        ("tls-self-signed", "S29", 1, "002 006"),
        ("tls-wrong-name", "S29", 1, "003 006"),
        ("tls-expired", "S29", 1, "004 006"),
        ("tls-future", "S29", 1, "004 006"),
        ("tls-old", "S29", 1, "005"),
        ("endpoint-http", "S07", 1, "105"),
    ],
)
def test_a_row_is_as_required(slug: str, number: str, calls: int, judges: str) -> None:
    """Slug, number, calls and what a row is for do not change once released."""
    row = scenarios()[slug]
    assert (row.number, row.api_calls) == (number, calls)
    assert row.rules == {f"BIQ{rule}" for rule in judges.split()}


def test_redirects_part_a_client_from_its_secrets() -> None:
    """That they go elsewhere is judged by the rules on redirects alone, and not a second time."""
    row = scenarios()["redirects"]
    assert (row.number, row.api_calls) == ("S28", 1)
    assert row.rules == {"BIQ007", "BIQ008", "BIQ806"}
    assert row.without.keys() == {"BIQ103", "BIQ610", "BIQ708"}


def test_what_a_scenario_must_not_judge_has_a_reason() -> None:
    """Every play is judged by every rule that finds its subject in it; an exception says why (D37)."""
    assert all(len(reason) > 20 for row in ROWS for reason in row.without.values())
    assert all(not row.rules & row.without.keys() for row in ROWS)


def test_the_benign_ones_are_marked() -> None:
    """Where nothing is odd a client has to succeed: BIQ808 judges there, and there alone (D38)."""
    benign = "sign-in control authority-slash many-calls api-limits verbose tls-good attended-sign-in attended-control"
    assert [row.slug for row in ROWS if row.benign] == benign.split()
    assert all(row.benign for row in ROWS if "BIQ808" in row.rules)


def test_what_is_played_over_tls_alone_is_marked() -> None:
    """A run over plain http leaves them out; redirects play well without (D47)."""
    assert [row.slug for row in ROWS if row.needs in {Need.TLS, Need.INTERCEPT}] == [
        *("tls-good", "tls-untrusted", "tls-self-signed", "tls-wrong-name", "tls-expired", "tls-future", "tls-old"),
        "endpoint-http",
    ]


def test_the_slow_ones_are_marked() -> None:
    """They run only where they are asked for."""
    assert [row.slug for row in ROWS if row.slow] == ["hangs", "api-limits"]


def test_sign_in_comes_first() -> None:
    """The order of the table is the order of reports."""
    assert next(iter(scenarios())) == "sign-in"


def test_slugs_are_unique_and_plain() -> None:
    """A slug stands in command lines and item IDs."""
    assert len(scenarios()) == len(ROWS)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in scenarios())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.slug)
def test_a_row_reads_as_a_sentence_and_names_its_variants(row: Scenario) -> None:
    """What `blastiq scenarios` prints is a sentence, and several variants can be told apart."""
    assert row.done[0].isupper()
    assert row.done.endswith(".")
    names = [variant.name for variant in (*row.variants, *row.follow_up)]
    assert len(set(names)) == len(names)
    assert len(names) == 1 or all(names)


@pytest.mark.parametrize(("row", "variant"), VARIANTS, ids=[f"{r.slug}-{v.name}" for r, v in VARIANTS])
def test_a_variant_can_be_played(row: Scenario, variant: Variant) -> None:
    """Its tenant makes a fake, and its faults fit it."""
    config = variant.prepare(ServerConfig())
    assert FakeIdp(config, faults=variant.faults, scenario=row.slug).scenario == row.slug


@pytest.mark.parametrize("variant", [*COMBINED, *ONE_BY_ONE], ids=lambda variant: variant.name)
def test_a_credential_is_one_that_the_product_takes(variant: Variant) -> None:
    """At most 100 characters, and nothing that a channel to the child may itself mangle (D17)."""
    for value in (credential(variant.username), credential(variant.password)):
        assert 1 <= len(value) <= 100
        assert not {"\0", "\n", "\r"} & set(value)


def test_the_combined_credentials_hold_the_whole_matrix() -> None:
    """What is played one by one after a failure was in the first few passwords already."""
    together = "".join(credential(variant.password) for variant in COMBINED)
    for characters in chain.from_iterable(MATRIX):
        assert characters in together
    singles = [credential(variant.password) for variant in ONE_BY_ONE]
    for part in MATRIX:
        assert any(part in single for single in singles), part
    assert any(single.endswith("%") for single in singles)
    assert "%41" in together
    assert "%2B" in together


def test_user_names_are_bytes_too() -> None:
    """What may not be tidied in a password may not be in a name: blanks at its ends, a decomposed letter."""
    for variants in (COMBINED, ONE_BY_ONE):
        names = [credential(variant.username) for variant in variants]
        assert any(name != name.lstrip() and name != name.rstrip() for name in names)
        assert any(name != unicodedata.normalize("NFC", name) for name in names)


def test_composed_and_decomposed_letters_are_kept_apart() -> None:
    """A source file that was normalised by an editor would test nothing: BIQ302."""
    passwords = {variant.name: credential(variant.password) for variant in ONE_BY_ONE}
    composed, decomposed = passwords["e-acute-composed"], passwords["e-acute-decomposed"]
    assert composed != decomposed
    assert composed == unicodedata.normalize("NFC", decomposed)


@pytest.mark.parametrize(
    ("slug", "calls", "judges"),
    [
        ("attended-sign-in", 1, f"{PEOPLE} 808 901 902 903 904 905 906"),
        ("attended-control", 3, f"{PEOPLE} 808 901"),
        ("attended-refresh", 3, "501 505 901"),
        ("attended-wrong-state", 1, "806 905"),
        ("attended-denied", 1, "806"),
        ("attended-code-replay", 1, "408 801 806 906"),
        ("attended-code-expired", 1, "408 801 806 906"),
        ("attended-mix-up", 1, "806 905"),
        ("attended-verifier-wrong", 1, "408 801 806 906"),
    ],
)
def test_where_a_person_signs_in_no_password_grant_is_judged(slug: str, calls: int, judges: str) -> None:
    """BIQ901 forbids it there, and BIQ906 is the twin of its rules: one cause, one rule."""
    row = scenarios()[slug]
    assert (row.number, row.api_calls, row.attended) == ("S37", calls, True)
    assert row.rules == {f"BIQ{rule}" for rule in judges.split()}
    assert row.without.keys() == {f"BIQ{rule}" for rule in ALONE.split()}


@pytest.mark.parametrize(
    ("slug", "policy"),
    [
        ("refresh-rotated", RefreshPolicy.ONE_TIME),
        ("refresh-kept", RefreshPolicy.KEEP),
        ("refresh-same", RefreshPolicy.REUSE),
        ("no-refresh-token", RefreshPolicy.NONE),
    ],
)
def test_a_dying_token_dies_before_each_further_call(slug: str, policy: RefreshPolicy) -> None:
    """The server rejects early, with the normal lifetime on the label: N12."""
    (variant,) = scenarios()[slug].variants
    config = variant.prepare(ServerConfig())
    assert (config.refresh_policy, config.api_calls_per_token, config.access_token_lifetime) == (policy, 1, 3600)


def test_the_moved_endpoint_cannot_be_guessed() -> None:
    """Its path is another one each time, below the authority."""
    (variant,) = scenarios()["endpoint-moved"].variants
    paths = {variant.prepare(ServerConfig()).token_path for _ in range(3)}
    assert len(paths) == 3
    assert not any("connect" in path for path in paths)


def test_a_good_client_knows_how_long_it_waits() -> None:
    """The time of a row is a second between calls and what the fake adds: it decides what runs beside what."""
    assert scenarios()["sign-in"].seconds == 0
    assert scenarios()["refresh-rotated"].seconds == 3
    assert scenarios()["discovery-broken"].seconds == 2.5
