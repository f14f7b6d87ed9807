"""HTTP libraries, known by their User-Agent, that send a form on to where a redirect points unless told not to."""

from fake_idp.wire import Request

_KEEPING = frozenset({307, 308})  # RFC 9110 15.4.8: method and body stay as they were
# How the User-Agent begins, the library's name, and the statuses that it follows with the body by default; each was run
# against a redirect, except OkHttp (from 4.6 on) and Guzzle, whose documentation says so.
_HABITS = (
    ("python-requests/", "requests", _KEEPING),
    ("python-urllib3/", "urllib3", _KEEPING | {301, 302}),
    ("Python/", "aiohttp", _KEEPING),
    ("axios/", "axios", _KEEPING),
    ("got ", "got", _KEEPING | {301, 302}),
    ("node ", "fetch", _KEEPING),
    ("undici ", "fetch", _KEEPING),
    ("Go-http-client/", "Go's net/http", _KEEPING),
    ("Java/", "HttpURLConnection", frozenset({307})),
    ("okhttp/", "OkHttp", _KEEPING),
    ("GuzzleHttp/", "Guzzle", _KEEPING),
    ("Wget/", "wget", _KEEPING),
)


def habit(request: Request, status: int) -> str | None:
    """Name the library that by itself follows a redirect of this status with the form; None where none is known."""
    agent = f"{request.headers.get('user-agent') or ''} "
    return next((name for begin, name, statuses in _HABITS if agent.startswith(begin) and status in statuses), None)
