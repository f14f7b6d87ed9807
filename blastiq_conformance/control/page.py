"""The live page: one document with its style and script, which calls only the fake that it came from."""

from functools import cache
from pathlib import Path

from blastiq_conformance import writers
from fake_idp.oidc.attended.pages import digest
from fake_idp.wire import Headers, Response

_FOLDER = Path(__file__).parent / "live_page"
# Findings look as they do in the HTML report.
_REPORTS = Path(writers.__file__).parent / "templates"
_GUARDS = (
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)


@cache
def page() -> Response:
    """Give the page, which may run its own script, use its own style and call its own origin only."""
    text, own, script = (_FOLDER.joinpath(f"page.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    style = _REPORTS.joinpath("page.css").read_text(encoding="utf-8") + own
    policy = (
        "default-src 'none'",
        f"style-src 'sha256-{digest(style)}'",
        f"script-src 'sha256-{digest(script)}'",
        "connect-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
    body = text.replace("/* style */", style).replace("/* script */", script)
    return answer(body, "text/html; charset=utf-8", ("Content-Security-Policy", "; ".join(policy)))


@cache
def icon() -> Response:
    """Give the icon that browsers ask for without being told to."""
    return answer(_FOLDER.joinpath("icon.svg").read_text(encoding="utf-8"), "image/svg+xml")


@cache
def health() -> Response:
    """Say that the fake answers, to whatever supervises it."""
    return answer('{"status": "ok"}\n', "application/json")


def answer(text: str, media_type: str, *headers: tuple[str, str], status: int = 200) -> Response:
    """Give an answer that no page of another origin may embed or read."""
    fields = Headers((("Content-Type", media_type), *_GUARDS, *headers))
    return Response(status=status, headers=fields, body=text.encode())
