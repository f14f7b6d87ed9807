"""Planted secrets: in whatever place of the evidence and in whatever encoding, no format lets one out."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.report import Judgement, Report
from blastiq_conformance.report.shape import ReportShape
from blastiq_conformance.report.waivers import Waiver, Waivers
from blastiq_conformance.writers import FORMATS, github, writer
from fake_idp.classify import Kind
from fake_idp.secrets.encodings import encodings
from fake_idp.secrets.search import Secret, find
from fake_idp.wire import Headers, Response
from tests.judge.judged import AUDIENCE, judged, rules

pytestmark = pytest.mark.slow

# It begins as no word of a format does: those who share twelve characters with one have not leaked.
SECRETS = st.text(min_size=20, max_size=40).map(lambda text: f"zQ7\u00e9{text}")


# As RFC 6750 allows a token.
TOKENS = st.text("abcXYZ0189-._~+/", min_size=20, max_size=40).map(lambda text: f"zQ7e{text}")


def _basic(value: str) -> str:
    return base64.b64encode(f"svc.pit:{value}".encode("utf-8", "surrogatepass")).decode()


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """Where the traffic shows a secret to be one: a member of the request, a header, a member of the answer."""

    member: str = "x"
    header: Callable[[str], tuple[str, str]] = lambda _: ("X-B", "")
    answer: str = ""


CARRIERS = {
    "password": Carrier(member="password"),
    "refresh token": Carrier(member="refresh_token"),
    "client secret": Carrier(member="client_secret"),
    "bearer token": Carrier(header=lambda value: ("Authorization", f"Bearer {value}")),
    "Basic value": Carrier(header=lambda value: ("Authorization", f"Basic {_basic(value)}")),
    "session": Carrier(header=lambda value: ("Cookie", f"lang=en; session={value}")),
    "issued token": Carrier(answer="access_token"),
    "issued refresh token": Carrier(answer="refresh_token"),
}


def planted(form: str, told: str, issued: Secret, carrier: Carrier) -> ReportShape:
    """Report on evidence that holds a secret in this form, of the kit's or of the traffic, wherever it can."""
    judgement = judged(AUDIENCE, ids=("BIQ211",))
    (exchange,), (result,) = judgement.evidence.exchanges, judgement.results
    body = json.dumps({"grant_type": "password", carrier.member: told, "y": issued.value})
    hidden = form.encode("utf-8", "backslashreplace").decode("latin-1")
    request = replace(
        exchange.request,
        target=f"/identity/connect/token?a={form}",
        headers=Headers(
            (
                ("Host", "www.blastiq.com"),
                ("X-A", hidden),
                ("Referer", f"https://x.example/?b={form}"),
                carrier.header(told),
            )
        ),
        body=body.encode("utf-8", "backslashreplace"),
    )
    answer = json.dumps({carrier.answer: told, "z": form}) if carrier.answer else form
    response = Response(
        status=302, headers=Headers((("Location", f"/x?c={form}"),)), body=answer.encode("utf-8", "replace")
    )
    exchange = replace(exchange, request=request, response=response, source=f"{form}.har#1", at=form, edited=form)
    finding = replace(result.findings[0], message=Text(form), expected=Text(told), received=Text(f"x={form}"), fix=form)
    finding = replace(finding, reproduce=form, source=f"{form}.har#1", scenario=form)
    facts = replace(judgement.evidence.facts, issued=(issued,))
    elsewhere = replace(exchange.request, target="/", headers=Headers((("Host", f"{form}.evil.example"),)), body=b"")
    other = replace(exchange, number=2, kind=Kind.OTHER, request=elsewhere, response=None)
    evidence: Evidence = replace(judgement.evidence, exchanges=(exchange, other), facts=facts)
    made = Judgement(scenario="s", evidence=evidence, results=(replace(result, findings=(finding,), reason=form),))
    waiver = Waiver(rule="BIQ212", reason=form, owner=told, expires=date(2030, 1, 1))
    return Report(
        [made],
        rules=rules("BIQ211", "BIQ212"),
        target=form,
        command=("run", told),
        notes=(form, told),
        waivers=Waivers(given=(waiver,), today=date(2026, 1, 1)),
    ).to_model()


@given(st.data(), st.sampled_from(sorted(CARRIERS)), st.sampled_from(("password", "access_token", "refresh_token")))
def test_no_format_lets_a_secret_out(data: st.DataObject, carrier: str, kind: str) -> None:
    """Neither what the kit issued nor what the traffic carried, wherever it carried it."""
    issued = Secret(kind, data.draw(SECRETS if kind == "password" else TOKENS, label="issued"))
    told = data.draw(SECRETS if carrier in {"password", "Basic value"} else TOKENS, label="told")
    whose = data.draw(st.sampled_from((issued.value, told)), label="whose")
    form = data.draw(st.sampled_from(sorted({*encodings(whose), _basic(whose)})), label="form")
    model = planted(form, told, issued, CARRIERS[carrier])
    secrets = [issued, Secret("told", told)]
    for name in FORMATS:
        assert not find(writer(name)(model), secrets), name
    assert not find(github.summary(model), secrets)


@pytest.mark.parametrize("name", ["har", "html", "json"])
def test_equal_values_stay_equal(name: str) -> None:
    """Where the same password is sent twice, the same placeholder stands twice; another value has another."""
    text = AUDIENCE.rstrip() + "&x=1"
    runs = [judged(text.replace("password=", f"password={value}-"), f"s{n}") for n, value in enumerate("aab")]
    model = Report(runs, rules=rules("BIQ211")).to_model()
    passwords = [
        exchange["request"]["body"].partition("password=")[2].partition("&")[0] for exchange in model["exchanges"]
    ]
    assert passwords[0] == passwords[1] != passwords[2]
    written = writer(name)(model).replace("&lt;", "<").replace("&gt;", ">")
    assert all(f"password={password}" in written.replace("&amp;", "&") for password in passwords[:1])
