"""Redaction that keeps evidence judgeable: equal values get equal stand-ins, and what is not secret stays as it was.

Whatever leaves is rewritten place by place, in the encoding of the place; what is known to be secret is then looked
for everywhere else, in every encoding of N7. What the kit issued itself is random, dead after the run, and stays.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from blastiq_conformance.evidence.facts import Child, Facts
from blastiq_conformance.evidence.lineage import alteration
from blastiq_conformance.evidence.token_request import Place, TokenRequest
from blastiq_conformance.redaction.elsewhere import Elsewhere
from blastiq_conformance.redaction.places import Places
from blastiq_conformance.redaction.prose import shaped
from blastiq_conformance.secrets import message
from blastiq_conformance.secrets.command_line import shown
from blastiq_conformance.secrets.place import Show
from blastiq_conformance.sources.facts import to_child, to_facts, to_members
from fake_idp.content_coding import rewritten
from fake_idp.journal import Connection, Exchange
from fake_idp.journal.jsonl import Opening, Record
from fake_idp.secrets.charset_variants import as_bytes, as_text
from fake_idp.secrets.patterns import SHORTEST_PREFIX
from fake_idp.secrets.search import Secret
from fake_idp.secrets.secret_names import KINDS
from fake_idp.secrets.stand_in import STAND_IN

_TOKENS = ("access_token", "refresh_token", "id_token")


class Redaction(Places):
    """Redacts the exchanges of one document; `learn` from all of them first, where they are at hand."""

    def __init__(self, *, keep_foreign: bool = False) -> None:
        """Start knowing nothing; `keep_foreign` leaves traffic to other hosts, without its secrets."""
        super().__init__()
        self.elsewhere = Elsewhere(keep=keep_foreign)
        self._refresh_tokens: set[str] = set()

    def learn_facts(self, facts: Facts) -> None:
        """Learn what was given to the integration: what the kit issued stays, and so does what became of it."""
        self.publish(facts.client_id)
        self.elsewhere.learn(facts)
        issued = {secret.value for secret in facts.issued}
        self.keep(issued)
        self.credentials = facts.credentials
        self.given |= {secret.value for secret in facts.credentials}
        for given in facts.credentials:
            if given.value not in issued:
                self.know(given.kind, given.value)

    def learn(self, exchanges: Iterable[Exchange], walk: Callable[[Show], object] = lambda _: None) -> None:
        """Learn the secrets that traffic shows: tokens that were issued first, so that they are known when sent.

        `walk` goes through the places of a document as it does to redact them.
        """
        found = tuple(exchanges)
        self.elsewhere.learn_exchanges(found)
        for exchange in found:
            self._learn_tokens(exchange)
        self.learn_places((*(partial(message.exchange, exchange) for exchange in found), walk))

    def learn_overheard(self, secrets: Iterable[Secret]) -> None:
        """Learn what was secret in an exchange that is not at hand; what is short would be met by chance."""
        for secret in secrets:
            if len(secret.value) >= SHORTEST_PREFIX:
                self.know(secret.kind, secret.value)

    def _learn_tokens(self, exchange: Exchange) -> None:
        """Learn the tokens of an answer, and what no place of the request shows by its name."""
        request = TokenRequest(exchange, Facts())
        issued = {kind: token for kind in _TOKENS if isinstance(token := request.answer.get(kind), str)}
        for kind, token in issued.items():
            self.know(kind, token)
        self._refresh_tokens |= {token for kind, token in issued.items() if kind == "refresh_token"}
        if request.is_refresh and alteration(sent := request.value("refresh_token") or "", self._refresh_tokens):
            self.know("refresh_token", sent, self.amid(sent, self.piece))
        for challenge in (pair.value for pair in exchange.request.query if pair.name == "code_challenge"):
            self.challenge(challenge)
        names = {field.value for field in request.all("username")}
        for field in request.all("client_id"):
            if field.value not in names:
                self.publish(field.value)
        # A list of pairs, and JSON within a form, have no place that shows by its name.
        for field in request.fields:
            name = KINDS.get(field.name.lower())
            if name is not None and field.place is Place.JSON and field.value:
                self.know(name, field.value)

    def exchange(self, exchange: Exchange) -> Exchange:
        """Give an exchange without the secrets that the kit did not issue; little of what went to other hosts."""
        new = message.exchange(exchange, self.show)
        foreign = self.elsewhere.is_foreign(exchange)
        return self.elsewhere.reduced(exchange, new, self.held) if foreign else new

    def connection(self, connection: Connection) -> Connection:
        """Give what came on a connection without the secrets in it."""
        return replace(
            connection,
            received=self.output(connection.received),
            server_name=connection.server_name and self.without(connection.server_name),
            ending=self.without(connection.ending, short=False),
            at=self.without(connection.at),
        )

    def record(self, record: Record) -> Record:
        """Give a record of a journal without what the kit did not issue."""
        match record:
            case Exchange():
                return self.exchange(record)
            case Connection():
                return self.connection(record)
            case Opening(facts=facts, child=child):
                return Opening(
                    facts=facts and {**facts} | to_members(self.facts(to_facts(facts))),
                    child=child and to_members(self.child(to_child(child))),
                )
            case _:
                return record

    def facts(self, facts: Facts) -> Facts:
        """Give facts without what the kit did not issue."""
        others = ((self.of("username", name), self.of("password", password)) for name, password in facts.other_users)
        return replace(
            facts,
            username=facts.username and self.of("username", facts.username),
            password=facts.password and self.of("password", facts.password),
            previous_password=facts.previous_password and self.of("password", facts.previous_password),
            other_users=tuple(others),
        )

    def child(self, child: Child) -> Child:
        """Give what a process did without the secrets that are known, and those that its own words name."""
        return replace(
            child,
            argv=self.command(child.argv),
            stdout=self.output(child.stdout),
            stderr=self.output(child.stderr),
            processes=tuple(map(self.command, child.processes)),
            files=tuple(
                replace(file, path=self.without(file.path), content=self.output(file.content)) for file in child.files
            ),
        )

    def command(self, words: Sequence[str]) -> tuple[str, ...]:
        """Give the words of a command without the secrets that are known, and those that its options name."""
        # With what the kit issued in it, a word is what rules look for.
        named = shown(words, lambda kind, value: value if self.kept.find(value) else self.by_name(kind, value))
        return tuple(map(self.prose, named))

    def output(self, data: bytes) -> bytes:
        """Give what a process wrote, or what came on a connection, without secrets."""
        return rewritten(data, lambda plain, _: as_bytes(self.prose(as_text(plain))))

    def last_words(self, text: str) -> str:
        """Give what nobody judges and everybody reads: without what looks like a secret of another system either."""
        clean = shaped(self.prose(text), lambda value: self.of("value", value))
        return STAND_IN.sub(lambda match: f"<value:{next(filter(None, match.groups()), '').lstrip('0')}>", clean)
