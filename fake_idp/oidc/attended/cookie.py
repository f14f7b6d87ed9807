"""The cookie that keeps a person signed in: written, read, deleted."""

from fake_idp.oidc.authority import Authority
from fake_idp.wire import Request

_NAME = "idsrv"


def session_key(request: Request) -> str:
    """Give the id of the session in a request's cookies, empty if there is none."""
    for header in request.headers.get_all("cookie"):
        for crumb in header.split(";"):
            name, _, value = crumb.strip().partition("=")
            if name == _NAME:
                return value
    return ""


def keeping(key: str, request: Request, authority: Authority) -> tuple[str, str]:
    """Write the header that keeps a session in the browser until it is closed."""
    secure = "; Secure" if request.scheme == "https" else ""
    path = authority.config.base or "/"
    return "Set-Cookie", f"{_NAME}={key}; Path={path}; HttpOnly; SameSite=Lax{secure}"


def forgetting(authority: Authority) -> tuple[str, str]:
    """Write the header that deletes the cookie."""
    return "Set-Cookie", f"{_NAME}=; Path={authority.config.base or '/'}; Max-Age=0; HttpOnly; SameSite=Lax"
