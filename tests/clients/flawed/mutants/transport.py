"""Flaws of what lies under HTTP: plain endpoints, certificates, redirects (M29, M31 to M35)."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tests.clients.flawed.mutants.core import Answer, Client

if TYPE_CHECKING:
    from ssl import SSLContext

_AS_GET = {301, 302, 303}
_AS_IT_WAS = {307, 308}


class M29(Client):
    """A token endpoint over plain http is taken from discovery."""

    def check_endpoint(self, endpoint: str) -> None:
        pass


class M31(Client):
    """Certificates are not checked at all."""

    def trust(self) -> "SSLContext":
        from ssl import CERT_NONE

        context = super().trust()
        context.check_hostname = False
        context.verify_mode = CERT_NONE
        return context


class M32(Client):
    """The host name in the certificate is not compared."""

    def trust(self) -> "SSLContext":
        context = super().trust()
        context.check_hostname = False
        return context


class M33(Client):
    """A redirect by 307 or 308 is followed with the whole form."""

    def send(self, method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        answer = super().send(method, url, body=body, headers=headers)
        if method == "POST" and answer.status in _AS_IT_WAS:
            return super().send(method, answer.location, body=body, headers=headers)
        return answer


class M34(Client):
    """A redirect of the token request is followed by GET, and whatever comes then is a success."""

    def sign_in(self) -> None:
        answer = self.ask(self.sign_in_form())
        if answer.status in _AS_GET:
            self.send("GET", answer.location)
            sys.exit(0)
        self.keep(answer)


class M35(Client):
    """A redirect of the API is followed with the token, wherever it leads."""

    def get_api(self) -> Answer:
        answer = super().get_api()
        if answer.location:
            return self.send("GET", answer.location, headers=self.authorization())
        return answer
