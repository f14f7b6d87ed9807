"""A right client on requests, and what real Python programs do wrong in it: `stranger.py [FLAW]`."""

import dataclasses
import email.utils
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote_plus, urlencode

import requests

Object = dict[str, Any]
env = os.environ


class StrangerError(Exception):
    """What ends the program, in words that hold no secret."""


class RefusedError(StrangerError):
    """The identity server said no."""


def alarm(*_: object) -> NoReturn:
    raise TimeoutError("no answer within 10 s")


class Client:
    """The program without a flaw."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.authority = env["BLASTIQ_AUTHORITY"].removesuffix("/")
        self.endpoint = ""
        self.tokens: Object = {}
        self.discovery_options: Object = {}

    def send(self, method: str, url: str, **options: Any) -> requests.Response:
        # The timeout of requests is one of each read; an answer that drips needs a limit of the whole.
        signal.setitimer(signal.ITIMER_REAL, 10)
        try:
            return self.session.request(method, url, timeout=10, allow_redirects=False, **options)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def ask(self, method: str, url: str, **options: Any) -> requests.Response:
        for usual in (1, 2, None):
            answer, told = None, 0.0
            try:
                answer = self.send(method, url, **options)
            except (requests.RequestException, OSError) as problem:
                if usual is None:
                    raise StrangerError(f"no answer: {type(problem).__name__}") from None
            else:
                told = retry_after(answer.headers.get("Retry-After", ""))
                if usual is None or told > 30 or (answer.status_code != 429 and answer.status_code < 500):
                    return answer
            time.sleep(max(usual, told))
        raise AssertionError

    def read(self, answer: requests.Response, what: str) -> Object:
        if answer.status_code != 200:
            kind = RefusedError if answer.status_code == 400 else StrangerError
            raise kind(f"{what} was answered {answer.status_code}")
        try:
            document = answer.json()
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise StrangerError(f"{what} was answered with something else than a JSON object")
        return document

    def discover(self) -> Object:
        answer = self.ask("GET", f"{self.authority}/.well-known/openid-configuration", **self.discovery_options)
        document = self.read(answer, "discovery")
        if str(document.get("issuer")).removesuffix("/") != self.authority:
            raise StrangerError("the issuer is not the authority")
        self.endpoint = document.get("token_endpoint") or ""
        if not self.endpoint.startswith("https:" if self.authority.startswith("https:") else "http"):
            raise StrangerError("discovery names no token endpoint")
        return document

    def body(self, form: dict[str, str]) -> str:
        return urlencode(form)

    def request_tokens(self, **grant: str) -> Object:
        form = self.body({**grant, "client_id": env["BLASTIQ_CLIENT_ID"]})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.read_tokens(self.ask("POST", self.endpoint, data=form, headers=kind))

    def read_tokens(self, answer: requests.Response) -> Object:
        tokens = self.read(answer, "the token request")
        if not tokens.get("access_token") or str(tokens.get("token_type")).lower() != "bearer":
            raise StrangerError("no bearer token")
        return tokens

    def sign_in(self) -> None:
        self.tokens = self.request_tokens(
            grant_type="password", username=env["BLASTIQ_USERNAME"], password=env["BLASTIQ_PASSWORD"]
        )

    def renew(self) -> None:
        refresh = self.tokens.get("refresh_token")
        if not refresh:
            return self.sign_in()
        try:
            self.tokens |= self.request_tokens(grant_type="refresh_token", refresh_token=refresh)
        except RefusedError:
            self.sign_in()
        return None

    def call(self) -> requests.Response:
        bearer = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        return self.ask("GET", env["BLASTIQ_API_URL"], headers=bearer)

    def work(self) -> None:
        answer = self.call()
        if answer.status_code == 401:
            self.renew()
            answer = self.call()
        if answer.status_code != 200:
            raise StrangerError(f"the API answered {answer.status_code}")

    def run(self) -> None:
        if not env["BLASTIQ_USERNAME"] or not env["BLASTIQ_PASSWORD"]:
            raise StrangerError("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
        self.discover()
        self.sign_in()
        for call in range(int(env["BLASTIQ_API_CALLS"])):
            time.sleep(1 if call else 0)
            self.work()


def retry_after(header: str) -> float:
    if header.isdecimal():
        return float(header)
    parsed = email.utils.parsedate_tz(header)
    return max(0.0, email.utils.mktime_tz(parsed) - time.time()) if parsed else 0.0


class RetriesRefused(Client):
    """tenacity's bare @retry with stop_after_attempt(5): it retries whatever was raised, a refusal too."""

    def sign_in(self) -> None:
        for pause in (0.5, 1, 2, 4):
            try:
                return super().sign_in()
            except RefusedError:
                time.sleep(pause)
        return super().sign_in()


# What discovery says today, and not a member more.
MEMBERS = """
    issuer token_endpoint jwks_uri authorization_endpoint userinfo_endpoint end_session_endpoint check_session_iframe
    revocation_endpoint introspection_endpoint device_authorization_endpoint frontchannel_logout_supported
    frontchannel_logout_session_supported backchannel_logout_supported backchannel_logout_session_supported
    scopes_supported claims_supported grant_types_supported response_types_supported response_modes_supported
    token_endpoint_auth_methods_supported id_token_signing_alg_values_supported subject_types_supported
    code_challenge_methods_supported request_parameter_supported
"""
Metadata = dataclasses.make_dataclass("Metadata", [(name, Any, None) for name in MEMBERS.split()])


class StrictMetadata(Client):
    """A dataclass is made from the document: Metadata(**document)."""

    def discover(self) -> Object:
        document = super().discover()
        try:
            Metadata(**document)
        except TypeError:
            raise StrangerError("discovery has a member that this program does not know") from None
        return document


class PrintsAnswer(Client):
    """The print of the first day was left in."""

    def read_tokens(self, answer: requests.Response) -> Object:
        tokens = super().read_tokens(answer)
        sys.stdout.write(f"token response: {answer.text}\n")
        return tokens


class CachesOpenly(Client):
    """The token is written for other programs of this user, and everybody may read it."""

    def sign_in(self) -> None:
        super().sign_in()
        (Path.home() / ".blastiq_token").write_text(self.tokens["access_token"], encoding="utf-8")


class SignsDiscovery(Client):
    """requests' auth=(user, password) at the discovery document, which needs none."""

    def __init__(self) -> None:
        super().__init__()
        self.discovery_options["auth"] = (env["BLASTIQ_USERNAME"], env["BLASTIQ_PASSWORD"])


class TemplatesNone(Client):
    """The form is an f-string, and the scope that nobody set is None."""

    def body(self, form: dict[str, str]) -> str:
        scope = None
        return "&".join(f"{name}={quote_plus(value)}" for name, value in form.items()) + f"&scope={scope}"


class RenewsForbidden(Client):
    """A 403 is a token gone bad to it as well: a new one, three times."""

    def call(self) -> requests.Response:
        answer = super().call()
        for _ in range(3):
            if answer.status_code == 403:
                self.renew()
                answer = super().call()
        return answer


class WantsExpiresAt(Client):
    """It reads a member that one library adds by itself; here nobody does."""

    def sign_in(self) -> None:
        super().sign_in()
        self.tokens["renew_at"] = self.tokens["expires_at"] - 60


class FallsBackToHttp(Client):
    """A certificate that does not hold is no reason to stop: there is http."""

    def send(self, method: str, url: str, **options: Any) -> requests.Response:
        try:
            return super().send(method, url, **options)
        except requests.exceptions.SSLError:
            return super().send(method, url.replace("https:", "http:"), **options)


FLAWS = {flaw.__name__: flaw for flaw in Client.__subclasses__()}

if __name__ == "__main__":
    signal.signal(signal.SIGALRM, alarm)
    try:
        (FLAWS[sys.argv[1]] if sys.argv[1:] else Client)().run()
    except StrangerError as problem:
        sys.exit(f"BlastIQ: {problem}")
