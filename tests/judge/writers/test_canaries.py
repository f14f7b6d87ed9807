"""Planted secrets: in whatever place of the evidence and in whatever encoding, no format lets one out."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.report import Judgement, assemble
from blastiq_conformance.report_shape import ReportShape
from blastiq_conformance.waivers import Waiver, Waivers
from blastiq_conformance.writers import FORMATS, github, writer
from fake_idp.redact import Secret, encodings, find
from fake_idp.wire import Headers, Response
from tests.judge.judged import AUDIENCE, judged, rules

# It begins as no word of a format does: those who share twelve characters with one have not leaked.
SECRETS = st.text(min_size=20, max_size=40).map(lambda text: f"zQ7\u00e9{text}")


def planted(form: str, told: str, issued: str) -> ReportShape:
    """Report on evidence that holds one of the kit's secrets in this form, and one of the traffic, wherever it can."""
    judgement = judged(AUDIENCE, ids=("BIQ211",))
    (exchange,), (result,) = judgement.evidence.exchanges, judgement.results
    body = json.dumps({"grant_type": "password", "password": told, "x": issued}).encode("utf-8", "backslashreplace")
    hidden = form.encode("utf-8", "backslashreplace").decode("latin-1")
    request = replace(
        exchange.request,
        target=f"/identity/connect/token?a={form}",
        headers=Headers((("Host", "www.blastiq.com"), ("X-A", hidden), ("Referer", f"https://x.example/?b={form}"))),
        body=body,
    )
    response = Response(
        status=302, headers=Headers((("Location", f"/x?c={form}"),)), body=form.encode("utf-8", "replace")
    )
    exchange = replace(exchange, request=request, response=response, source=f"{form}.har#1", at=form, edited=form)
    finding = replace(result.findings[0], message=form, expected=told, received=f"x={form}", fix=form)
    finding = replace(finding, reproduce=form, source=f"{form}.har#1", scenario=form)
    facts = replace(judgement.evidence.facts, issued=(Secret("password", issued),))
    evidence: Evidence = replace(judgement.evidence, exchanges=(exchange,), facts=facts)
    made = Judgement(scenario="s", evidence=evidence, results=(replace(result, findings=(finding,), reason=form),))
    waiver = Waiver(rule="BIQ212", reason=form, owner=told, expires=date(2030, 1, 1))
    return assemble(
        [made],
        rules=rules("BIQ211", "BIQ212"),
        target=form,
        command=("run", told),
        notes=(form, told),
        waivers=Waivers(given=(waiver,), today=date(2026, 1, 1)),
    ).to_model()


@given(SECRETS, SECRETS, st.data())
@settings(deadline=None)
def test_no_format_lets_a_secret_out(issued: str, told: str, data: st.DataObject) -> None:
    """Neither what the kit issued nor what the traffic carried."""
    form = data.draw(st.sampled_from(sorted(encodings(issued))))
    model = planted(form, told, issued)
    secrets = [Secret("password", issued), Secret("password", told)]
    for name in FORMATS:
        assert not find(writer(name)(model), secrets), name
    assert not find(github.summary(model), secrets)


@pytest.mark.parametrize("name", ["har", "html", "json"])
def test_equal_values_stay_equal(name: str) -> None:
    """Where the same password is sent twice, the same placeholder stands twice; another value has another."""
    text = AUDIENCE.rstrip() + "&x=1"
    plays = [judged(text.replace("password=", f"password={value}-"), f"s{n}") for n, value in enumerate("aab")]
    model = assemble(plays, rules=rules("BIQ211")).to_model()
    passwords = [
        exchange["request"]["body"].partition("password=")[2].partition("&")[0] for exchange in model["exchanges"]
    ]
    assert passwords[0] == passwords[1] != passwords[2]
    written = writer(name)(model).replace("&lt;", "<").replace("&gt;", ">")
    assert all(f"password={password}" in written.replace("&amp;", "&") for password in passwords[:1])
