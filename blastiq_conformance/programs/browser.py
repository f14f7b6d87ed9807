"""The kit's own browser: `python -m blastiq_conformance.programs.browser URL` does what a person would, unseen.

It opens the address, signs in with BLASTIQ_USERNAME and BLASTIQ_PASSWORD by the form that comes, consents, and follows
the redirect to the application. It uses the standard library alone and nothing of this package, for it is started as
a file.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from html.parser import HTMLParser
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

_TIMEOUT = 10.0
# Login, consent, form post, and some to spare; a server with more goes round in circles.
_MOST_PAGES = 6
_LARGEST_PAGE = 1 << 20
_STAY, _RELOAD = "--stay", "--reload"


class BrowserError(Exception):
    """The sign-in led nowhere; the text holds no secret."""


class Form(HTMLParser):
    """The first form of a page: where it goes, and what a person who consents would send."""

    def __init__(self, page: str) -> None:
        """Read the page."""
        super().__init__()
        self.found = False
        self.action = self.username = self.password = self.title = ""
        self.fields: dict[str, str] = {}
        self._inside = self._in_title = self._has_button = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form, its fields, and its first button, which goes on."""
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        match tag, given.get("type", "text").lower():
            case "title", _:
                self._in_title = True
            case "form", _ if not self.found:
                self.found = self._inside = True
                self.action = given.get("action", "")
            case "input", "password" if self._inside:
                self.password = name
            case "input", "text" | "email" if self._inside:
                self.username = self.username or name
            case "input", "hidden" if self._inside:
                self.fields[name] = value
            case ("button", _) | ("input", "submit") if self._inside and not self._has_button:
                self._has_button = True
                self.fields |= {name: value} if name else {}

    def handle_endtag(self, tag: str) -> None:
        """Note where the form ends."""
        self._inside = self._inside and tag != "form"
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        """Keep the title."""
        if self._in_title:
            self.title += data


class _Way(HTTPRedirectHandler):
    """Follows redirects and remembers the last one for the error that says what could not be loaded."""

    last = ""

    def redirect_request(self, *arguments: Any) -> Request | None:
        """Note its target."""
        self.last = arguments[-1]
        return super().redirect_request(*arguments)


class Browser:
    """One window, with its cookies."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Take the person's name and password from the environment."""
        self._username = environment.get("BLASTIQ_USERNAME", "")
        self._password = environment.get("BLASTIQ_PASSWORD", "")
        self._way = _Way()
        self._open = build_opener(HTTPCookieProcessor(), self._way).open

    def browse(self, url: str, *, reload: bool = False) -> str:
        """Sign in where the address leads, and give the final address; raises BrowserError.

        `reload`: load the final page once more, as it was loaded.
        """
        home, data, signed_in = _origin(url), None, False
        for _ in range(_MOST_PAGES):
            asked = url
            url, page = self.load(asked, data)
            if _origin(url) != home:
                if reload:
                    # Only what was posted to the application itself (response_mode=form_post), not to a page before it.
                    posted = data if url == asked else None
                    # If the application no longer listens, nothing can be loaded twice.
                    with suppress(BrowserError):
                        self.load(url, posted)
                return url
            form = Form(page)
            if not form.found:
                raise BrowserError(f"the identity server shows a page without a form: {form.title.strip()}")
            if form.password:
                if signed_in:
                    raise BrowserError("the identity server does not accept BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
                form.fields |= {form.username: self._username, form.password: self._password}
                signed_in = True
            url, data = urljoin(url, form.action), urlencode(form.fields).encode()
        raise BrowserError("the sign-in has too many pages")

    def load(self, url: str, data: bytes | None = None) -> tuple[str, str]:
        """Load a page, whatever its status, following redirects; give its address and text. Raises BrowserError."""
        self._way.last = url
        try:
            answer = self._open(Request(url, data), timeout=_TIMEOUT)  # noqa: S310 - only http and https get here
        except HTTPError as error:
            answer = error
        except (OSError, HTTPException, ValueError) as error:
            raise BrowserError(f"{_origin(self._way.last)} could not be loaded ({type(error).__name__})") from None
        with answer:
            scheme = urlsplit(answer.headers.get("Location", "")).scheme
            if scheme not in {"", "http", "https"}:
                raise BrowserError(
                    f"the application wants to be called by the private scheme {scheme}: and this browser knows no "
                    "program for it. Use a loopback redirect_uri here, or `blastiq serve --attended` and your browser"
                )
            return answer.url, answer.read(_LARGEST_PAGE).decode("utf-8", "replace")


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Browse in the background, as desktop browsers do; give what went wrong, empty if nothing did."""
    url = next((word for word in arguments if word.startswith(("http://", "https://"))), "")
    if not url:
        return "browser: expected an address that begins with http:// or https://"
    if _STAY not in arguments:
        # Some programs wait for the browser's end before they listen for the redirect.
        words = [sys.executable, "-I", __file__, _STAY, *arguments]
        subprocess.Popen(words, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603 - ourselves again, never by a shell
        return ""
    try:
        Browser(environment).browse(url, reload=_RELOAD in arguments)
    except BrowserError as error:
        return f"browser: {error}"
    return ""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ) or None)
