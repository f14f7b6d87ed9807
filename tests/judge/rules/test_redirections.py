"""Redirects beside each other, and who follows them by itself."""

import pytest

from blastiq_conformance.catalogue.example_messages import story
from tests.judge.rules.test_transport import MEDIA, WWW, redirected, replayed, sign_in
from tests.judge.rules.verdicts import result, verdict


def test_a_redirect_to_no_address_hides_no_other() -> None:
    """Nobody can follow the first; the second was followed with the credentials."""
    nowhere = f"{sign_in(WWW, '307 Temporary Redirect')}Location: https://[\n\n"
    followed = redirected("https://b.example/x", replayed("https://b.example/x"))
    assert verdict("BIQ007", story(nowhere, followed)) == "warning"


@pytest.mark.parametrize(
    ("agent", "library", "kept"),
    [
        ("python-requests/2.34.2", "requests", {307, 308}),
        ("python-urllib3/2.8.0", "urllib3", {301, 302, 307, 308}),
        ("Python/3.11 aiohttp/3.14.5", "aiohttp", {307, 308}),
        ("axios/1.13.2", "axios", {307, 308}),
        ("got (https://github.com/sindresorhus/got)", "got", {301, 302, 307, 308}),
        ("node", "fetch", {307, 308}),
        ("nodestuff/1.0", "", set()),
        ("undici", "fetch", {307, 308}),
        ("Go-http-client/1.1", "Go's net/http", {307, 308}),
        ("Java/17.0.21", "HttpURLConnection", {307}),
        ("okhttp/4.12.0", "OkHttp", {307, 308}),
        ("GuzzleHttp/7", "Guzzle", {307, 308}),
        ("Wget/1.25.0", "wget", {307, 308}),
        ("curl/8.14.1", "", set()),
        ("Vendor/1.0", "", set()),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_who_does_what_its_library_does_by_itself_is_told_so(
    agent: str, library: str, kept: set[int], status: int
) -> None:
    """BIQ007 names the library where its User-Agent tells it, and where it follows this status with the body."""
    example = redirected("https://b.example/x", replayed("https://b.example/x"), status=f"{status} Moved")
    (finding,) = result("BIQ007", example.replace(MEDIA, f"User-Agent: {agent}\n{MEDIA}", 1)).findings
    words = f", as {library} does unless it is told not to" if status in kept else ""
    assert finding.message == f"a redirect ({status}) of the token endpoint was followed with the password{words}"
