"""Flaws in reading, keeping and renewing tokens (M36 to M52, M67, M70)."""

import base64
import binascii
import json
import math
import time
from contextlib import suppress
from typing import Any, NamedTuple

from tests.clients.flawed.mutants.core import Answer, BlastiqError, Client, Form


class M36(Client):
    """A new token for each call."""

    def call(self) -> None:
        self.sign_in()
        super().call()


class M37(Client):
    """A token that died is never renewed."""

    def renew(self) -> None:
        raise BlastiqError("the API refuses the token")


class M38(Client):
    """A lifetime that is a string crashes it."""

    def keep(self, answer: Answer) -> None:
        super().keep(answer)
        self.expires = time.time() + self.tokens.get("expires_in", 3600)


class M39(Client):
    """A token without a lifetime counts as expired."""

    def call(self) -> None:
        if "expires_in" not in self.tokens:
            self.sign_in()
        super().call()


class M40(Client):
    """A lifetime of 0 counts as for ever: such a token is never renewed."""

    def renew(self) -> None:
        if self.tokens.get("expires_in") != 0:
            super().renew()


class M41(Client):
    """The token is decoded with plain base64; where that fails it signs in again."""

    def call(self) -> None:
        try:
            base64.b64decode(self.tokens["access_token"].split(".")[1], validate=True)
        except (binascii.Error, IndexError):
            self.sign_in()
        super().call()


class M42(Client):
    """A token that is not a JWT is refused."""

    def check_tokens(self, tokens: dict[str, Any]) -> None:
        super().check_tokens(tokens)
        if tokens["access_token"].count(".") != 2:
            raise BlastiqError("the token is not a JWT")


class TokenAnswer(NamedTuple):
    """The members that M43 knows; any other is one argument too many."""

    access_token: str
    token_type: str
    expires_in: int | None = None
    refresh_token: str | None = None
    scope: str | None = None


class M43(Client):
    """An unknown member crashes it."""

    def check_tokens(self, tokens: dict[str, Any]) -> None:
        super().check_tokens(tokens)
        TokenAnswer(**tokens)


class M44(Client):
    """Only the exact word Bearer is understood."""

    def check_tokens(self, tokens: dict[str, Any]) -> None:
        super().check_tokens(tokens)
        if tokens["token_type"] != "Bearer":
            raise BlastiqError("not a Bearer token")


class M45(Client):
    """An error that is not JSON crashes it."""

    def read(self, answer: Answer) -> dict[str, Any]:
        tokens = json.loads(answer.body)
        if "error" in (tokens or {}):
            raise BlastiqError(f"sign-in refused: {tokens['error']}")
        return super().read(answer)


class M46(Client):
    """A success without a token is taken for a token."""

    def check_tokens(self, tokens: dict[str, Any]) -> None:
        if tokens.get("access_token"):
            super().check_tokens(tokens)
        else:
            tokens["access_token"] = None


class M47(Client):
    """A refresh token must be in the answer."""

    def check_tokens(self, tokens: dict[str, Any]) -> None:
        super().check_tokens(tokens)
        if not tokens.get("refresh_token"):
            raise BlastiqError("no refresh token")


class M48(Client):
    """The refresh leaves the client id out."""

    def refresh_form(self) -> Form:
        return super().refresh_form()[:-1]


class M49(Client):
    """The first refresh token is used for ever."""

    def keep(self, answer: Answer) -> None:
        first = self.tokens.get("refresh_token")
        super().keep(answer)
        if first:
            self.tokens["refresh_token"] = first


class M50(Client):
    """The old refresh token is lost where none comes back, and None is sent in its place."""

    def renew(self) -> None:
        if "refresh_token" not in self.tokens:
            return self.sign_in()
        answer = self.ask(self.refresh_form())
        if answer.status == 400:
            return self.sign_in()
        self.tokens = {"refresh_token": None}
        return self.keep(answer)


class M51(Client):
    """Each caller renews for itself."""

    def work(self) -> None:
        from concurrent.futures import ThreadPoolExecutor
        from threading import Barrier

        self.together = Barrier(self.concurrency)
        for round_ in range(self.calls):
            time.sleep(1 if round_ else 0)
            with ThreadPoolExecutor(self.concurrency) as pool:
                for done in [pool.submit(self.call) for _ in range(self.concurrency)]:
                    done.result()

    def renew(self) -> None:
        # On a busy machine the first would have a new token before the last asks with the old one.
        from threading import BrokenBarrierError

        with suppress(BrokenBarrierError):
            self.together.wait(1)
        super().renew()


class M52(Client):
    """A refused refresh is tried again and again."""

    def renew(self) -> None:
        for _ in range(6 if "refresh_token" in self.tokens else 0):
            answer = self.ask(self.refresh_form())
            if answer.status != 400:
                return self.keep(answer)
        return self.sign_in()


class M67(Client):
    """Validity is read from nbf and exp by the machine's own clock, without a margin."""

    def call(self) -> None:
        try:
            payload = self.tokens["access_token"].split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        except (ValueError, IndexError):
            claims = {}
        if not claims.get("nbf", 0) <= time.time() < claims.get("exp", math.inf):
            self.sign_in()
        super().call()


class M70(Client):
    """The refresh carries the password, too."""

    def refresh_form(self) -> Form:
        return [*super().refresh_form(), ("password", self.password)]
