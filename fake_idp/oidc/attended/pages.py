"""The pages as HTML: rendered on the server, every value escaped, without script but for the product's own."""

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fake_idp.oidc.replies import NO_STORE, OAuthError
from fake_idp.server_config import Flavour
from fake_idp.wire import Headers, Response

if TYPE_CHECKING:
    from jinja2 import Environment

_HTML = "text/html; charset=UTF-8"
# Digests of the scripts that the products' pages allow, and that ours have no use for.
_SCRIPTS = {
    Flavour.IS4: "fa5rxHhZ799izGRP38+h4ud5QXNT0SFaFlh4eqDumBI=",
    Flavour.IS4_V2: "ZT3q7lL9GXNGhPTB1Vvrvds2xw/kOV0zoeok2tiV23I=",
    Flavour.DUENDE: "jyguj/c+mxOUX7TJrFnIkEQlj4jinO1nejo8qnuF1jc=",
}
# The script that the products' policy for a posted answer allows: no other has its digest.
_SUBMIT = "window.addEventListener('load', function(){document.forms[0].submit();});"
_ESCAPED = re.compile(r"[^ !#$%()*,\-./0-9:;=?@A-Z\[\\\]^_`a-z{|}~]")
_NAMED = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;"}
_TEMPLATES = Path(__file__).parent / "templates"
# What a person reads instead of a scope's name.
_WORDS = {
    "openid": "know who you are (your user identifier)",
    "profile": "see your name and profile",
    "cosmos": "use the BlastIQ External API with your permissions",
    "offline_access": "keep this access while you are away, until you take it back",
}


def login(*, username: str, problem: str) -> Response:
    """Ask for user name and password; `problem` says what was wrong with the last ones."""
    return _page("login.html", username=username, problem=problem)


def consent(*, client_id: str, username: str, scopes: tuple[str, ...]) -> Response:
    """Ask whether a client may do what it asks for."""
    wishes = [(scope, _WORDS.get(scope, "use this permission")) for scope in scopes]
    return _page("consent.html", client_id=client_id, username=username, wishes=wishes)


def signed_out(*headers: tuple[str, str]) -> Response:
    """Say that the person is signed out."""
    return _page("signed_out.html", *headers)


def check_session(flavour: Flavour) -> Response:
    """Give the page for a client's frame (OpenID Connect Session Management 3.3); it has no script."""
    body = b"<!DOCTYPE html><title>Session</title>"
    return Response(status=200, headers=Headers(_only_script(_SCRIPTS[flavour])), body=body)


def refusal(error: OAuthError) -> Response:
    """Tell the person why a request is refused: no address is safe to which the error could be sent back."""
    return _page("refusal.html", status=400, code=error.code, description=error.description)


def hand_over(address: str, members: Mapping[str, str]) -> Response:
    """Let the browser post an answer to the client (OAuth 2.0 Form Post Response Mode): the product's page does so."""
    fields = [f"<input type='hidden' name='{name}' value='{_encoded(value)}' />\n" for name, value in members.items()]
    body = (
        "<html><head><meta http-equiv='X-UA-Compatible' content='IE=edge' /><base target='_self'/></head>"
        f"<body><form method='post' action='{_encoded(address)}'>{''.join(fields)}"
        f"<noscript><button>Click to continue</button></noscript></form><script>{_SUBMIT}</script></body></html>"
    )
    headers = Headers((*_only_script(digest(_SUBMIT)), ("Referrer-Policy", "no-referrer"), *NO_STORE))
    return Response(status=200, headers=headers, body=body.encode())


def _only_script(digest: str) -> tuple[tuple[str, str], ...]:
    policy = f"default-src 'none'; script-src 'sha256-{digest}'"
    return ("Content-Type", _HTML), *((f"{prefix}Content-Security-Policy", policy) for prefix in ("", "X-"))


def _encoded(text: str) -> str:
    """Escape as .NET's HtmlEncoder does."""
    return _ESCAPED.sub(lambda found: _NAMED.get(found.group()) or f"&#x{ord(found.group()):X};", text)


def _page(template: str, *headers: tuple[str, str], status: int = 200, **values: object) -> Response:
    body = _environment().get_template(template).render(values).encode("utf-8", "replace")
    fields = (("Content-Type", _HTML), *_guards(), *NO_STORE, *headers)
    return Response(status=status, headers=Headers(fields), body=body)


@cache
def _guards() -> tuple[tuple[str, str], ...]:
    # No form-action: browsers also apply it to the redirects after a form, which lead to the client.
    style = digest(_style())
    policy = f"default-src 'none'; style-src 'sha256-{style}'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
    return (
        ("Content-Security-Policy", policy),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
    )


def digest(text: str) -> str:
    """Give the digest by which a policy allows a style or a script (Content Security Policy 3 8.4)."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _style() -> str:
    return (_TEMPLATES / "page.css").read_text(encoding="utf-8")


@cache
def _environment() -> "Environment":
    # Imported on use: a fake without a browser sign-in does not need it, and it takes 60 ms.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["style"] = Markup(_style())  # noqa: S704 - our own file, not what a peer sent
    return environment
