"""Flaws of the sign-in request: its method, form, fields, encoding and headers (M01 to M24)."""

import base64
import json
from collections.abc import Mapping
from urllib.parse import quote, quote_plus, urlencode

from tests.clients.flawed.mutants.core import Answer, BlastiqError, Client, Form


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def joined(form: Form) -> bytes:
    return "&".join(f"{name}={value}" for name, value in form).encode()


def in_query(url: str, form: Form) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(form)}"


class M01(Client):
    """The client secret is sent, empty."""

    def sign_in_form(self) -> Form:
        return [*super().sign_in_form(), ("client_secret", "")]


class M02(Client):
    """Unset options are sent as words."""

    def sign_in_form(self) -> Form:
        return [*super().sign_in_form(), ("client_secret", "undefined"), ("scope", "null")]


class M03(Client):
    """A client secret is sent."""

    def sign_in_form(self) -> Form:
        return [*super().sign_in_form(), ("client_secret", "f0c1e2d3b4a5")]


class M04(Client):
    """The client id travels in a Basic header alone."""

    def sign_in_form(self) -> Form:
        return super().sign_in_form()[:-1]

    def sign_in_headers(self) -> dict[str, str]:
        return basic(self.client_id, "")


class M05(Client):
    """The client id travels in the form and in a Basic header."""

    def sign_in_headers(self) -> dict[str, str]:
        return basic(self.client_id, "")


class M06(Client):
    """The user's own name and password travel in a Basic header."""

    def sign_in_headers(self) -> dict[str, str]:
        return basic(self.username, self.password)


class M07(Client):
    """The client id is left out."""

    def sign_in_form(self) -> Form:
        return super().sign_in_form()[:-1]


class M08(Client):
    """The client id is another."""

    def sign_in_form(self) -> Form:
        return [*super().sign_in_form()[:-1], ("client_id", "External.Customer")]


class M09(Client):
    """An audience, as in Auth0's samples."""

    def sign_in_form(self) -> Form:
        return [*super().sign_in_form(), ("audience", "https://api.example")]


class M10(Client):
    """A scope of OpenID Connect's own."""

    def sign_in_form(self) -> Form:
        return [*super().sign_in_form(), ("scope", "openid profile")]


class M11(Client):
    """An empty scope."""

    def sign_in_form(self) -> Form:
        return [*super().sign_in_form(), ("scope", "")]


class M12(Client):
    """GET, all in the query."""

    def ask(self, form: Form, headers: Mapping[str, str] | None = None) -> Answer:
        return self.send("GET", in_query(self.endpoint, form), headers=headers)


class M13(Client):
    """POST, all in the query."""

    def ask(self, form: Form, headers: Mapping[str, str] | None = None) -> Answer:
        return self.send("POST", in_query(self.endpoint, form), headers=headers)


class M14(Client):
    """A JSON body."""

    def ask(self, form: Form, headers: Mapping[str, str] | None = None) -> Answer:
        return super().ask(form, {**(headers or {}), "Content-Type": "application/json"})

    def encode(self, form: Form) -> bytes:
        return json.dumps(dict(form)).encode()


class M15(Client):
    """A multipart body."""

    def ask(self, form: Form, headers: Mapping[str, str] | None = None) -> Answer:
        return super().ask(form, {**(headers or {}), "Content-Type": "multipart/form-data; boundary=blastiq"})

    def encode(self, form: Form) -> bytes:
        part = '--blastiq\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
        return ("".join(part.format(*field) for field in form) + "--blastiq--\r\n").encode()


class M16(Client):
    """A form that says it is plain text."""

    def ask(self, form: Form, headers: Mapping[str, str] | None = None) -> Answer:
        return super().ask(form, {**(headers or {}), "Content-Type": "text/plain;charset=UTF-8"})


class M17(Client):
    """Values are not escaped."""

    def encode(self, form: Form) -> bytes:
        return joined(form)


class M18(Client):
    """Values are escaped as a whole URL would be: & = + # stay."""

    def encode(self, form: Form) -> bytes:
        return joined([(name, quote(value, safe=";,/?:@&=+$-_.!~*'()#")) for name, value in form])


class M19(Client):
    """Values are escaped twice."""

    def encode(self, form: Form) -> bytes:
        return urlencode([(name, quote(value)) for name, value in form]).encode()


class M20(Client):
    """Values are escaped as Latin-1, with ? for what that cannot say."""

    def encode(self, form: Form) -> bytes:
        return joined([(name, quote_plus(value, encoding="latin-1", errors="replace")) for name, value in form])


class M21(Client):
    """A password outside ASCII cannot be sent."""

    def encode(self, form: Form) -> bytes:
        if not self.password.isascii():
            raise BlastiqError("the password has characters that cannot be sent")
        return super().encode(form)


class M22(Client):
    """The password is trimmed."""

    def sign_in_form(self) -> Form:
        self.password = self.password.strip()
        return super().sign_in_form()


class M23(Client):
    """The client id is sent twice."""

    def sign_in_form(self) -> Form:
        return [*super().sign_in_form(), ("client_id", self.client_id)]


class M24(Client):
    """A field name in another case."""

    def sign_in_form(self) -> Form:
        return [*super().sign_in_form()[:-1], ("client_Id", self.client_id)]
