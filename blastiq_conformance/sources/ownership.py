"""Which recorded requests are BlastIQ's, and what each is for: a sign-in is not only recognised by its host.

A token request is BlastIQ's if it carries the expected client id, or goes to a host of the product or of the given
authority, or to the token endpoint in a discovery document of theirs. Where a recording shows nothing of BlastIQ at
all, nothing tells its sign-in from others, and each counts as one.
"""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.facts import Facts
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.evidence.hosts import host_of, is_open, is_product, is_product_api
from blastiq_conformance.evidence.token_request import TokenRequest
from fake_idp.classify import WELL_KNOWN, Endpoints, Kind, classify
from fake_idp.journal import Exchange
from fake_idp.secrets.redact import Traffic
from fake_idp.wire import Request

_PRODUCTION = "https://www.blastiq.com/identity"
_Address: TypeAlias = tuple[str, str]  # host and path


class _Document(NamedTuple):
    """A discovery document that was answered, the host that was asked for it, and the address of its token endpoint."""

    host: str
    issuer: str
    token_endpoint: str
    jwks_uri: str
    address: _Address


class Ownership:
    """Tells BlastIQ's requests from others, by all that a recording shows."""

    def __init__(self, found: Sequence[Traffic], client_id: str | None, authority: str | None) -> None:
        """Look at the whole recording; client id and authority default to the product's own."""
        self._client_id = (client_id or Facts().client_id).lower()
        self._given = host_of(urlsplit(authority).netloc) if authority else ""
        documents = list(_documents(found))
        advertised = {document.address for document in documents}
        asking = [x.request for x in found if asks_for_token(x.request) or _address(x.request) in advertised]
        signed_in = {_address(request) for request in asking if self._names_client(request)}
        hosts = {host_of(x.request.host) for x in found}
        # Whether the recording shows anything of BlastIQ's.
        self._shown = bool(signed_in) or any(map(self._is_known, hosts))
        # Nobody knows where a sign-in with an open host goes: it may follow any document.
        self._anywhere = not self._shown or any(is_open(host) for host, _ in signed_in)
        ours = [document for document in documents if self._is_ours(document, signed_in)]
        self._advertised = {document.address for document in ours}
        self._endpoints = signed_in | self._advertised
        self._hosts = {host for host, _ in self._endpoints} | {document.host for document in ours}
        self.authority = (authority or _production(found) or next((x.issuer for x in ours), "")).rstrip("/")
        alone = frozenset(host for host in hosts if is_product_api(host))
        self._paths = replace(_paths(ours, self.authority), api_hosts=alone)

    def kind(self, request: Request) -> Kind:
        """Say what a request is for; `Kind.OTHER` where it is not BlastIQ's."""
        address = _address(request)
        kind = Kind.TOKEN if address in self._advertised else classify(request, self._paths)
        host, _ = address
        if kind is Kind.OTHER or not self._shown or is_open(host) or self._is_known(host):
            return kind
        # A gateway serves many: other sign-ins go to the same host, at other addresses.
        ours = address in self._endpoints if kind is Kind.TOKEN else self._anywhere or host in self._hosts
        return kind if ours else Kind.OTHER

    def _is_known(self, host: str) -> bool:
        return is_product(host) or (bool(host) and host == self._given)

    def _is_ours(self, document: _Document, signed_in: set[_Address]) -> bool:
        if self._anywhere or is_open(document.host) or document.address in signed_in:
            return True
        return self._is_known(document.host) or self._is_known(host_of(urlsplit(document.issuer).netloc))

    def _names_client(self, request: Request) -> bool:
        asked = TokenRequest(Exchange(number=0, kind=Kind.TOKEN, request=request), Facts())
        names = [field.value for field in asked.all("client_id")]
        if asked.basic is not None:
            names.append(asked.basic.decoded.user)
        # An id in another case is BIQ206's.
        return any(name.strip().lower() == self._client_id for name in names)


def asks_for_token(request: Request) -> bool:
    """Whether a request is for a token, by its content or by the address that every such server has."""
    return classify(request, Endpoints()) is Kind.TOKEN


def _paths(documents: Sequence[_Document], authority: str) -> Endpoints:
    document = next((x for x in documents if x.issuer.rstrip("/") == authority), next(iter(documents), None))
    if document is not None:
        return Endpoints.learned(issuer=authority, token_endpoint=document.token_endpoint, jwks_uri=document.jwks_uri)
    if authority:
        return Endpoints.learned(issuer=authority, token_endpoint=authority + "/connect/token")
    return Endpoints()


def _production(found: Sequence[Traffic]) -> str:
    requests = (x.request for x in found if x.request.path[:10].lower() == "/identity/")
    return _PRODUCTION if any(request.url.lower().startswith(_PRODUCTION + "/") for request in requests) else ""


def _documents(found: Sequence[Traffic]) -> Iterator[_Document]:
    for x in found:
        answer = x.response
        if answer is None or answer.status != 200 or not x.request.path.lower().endswith(WELL_KNOWN):
            continue
        issuer, endpoint, keys = (answer.members.get(name) for name in ("issuer", "token_endpoint", "jwks_uri"))
        keys = keys if isinstance(keys, str) and _is_url(keys) else ""
        if isinstance(issuer, str) and isinstance(endpoint, str) and _is_url(issuer) and _is_url(endpoint):
            url = urlsplit(endpoint)
            address = host_of(url.netloc), url.path.lower()
            yield _Document(host_of(x.request.host), issuer, endpoint, keys, address)


def _address(request: Request) -> _Address:
    return host_of(request.host), request.path.lower()


def _is_url(text: str) -> bool:
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True


# A browser's recording may show many.
_MOST = 5
_TOKEN_PATH = "/connect/token"  # noqa: S105 - an address


def unjudged_grants(evidences: Iterable[Evidence]) -> list[str]:
    """Name each host that was asked for a token and is not known as BlastIQ's, and the option to have it judged."""
    # The kit knows who answered in its own recordings.
    recorded = (evidence for evidence in evidences if not evidence.facts.issued)
    foreign = (x.request for evidence in recorded for x in evidence.judged if x.kind is Kind.OTHER)
    asked = grouped((host_of(request.host), request) for request in foreign if asks_for_token(request))
    notes = [_note(requests) for _, requests in sorted(asked.items())[:_MOST]]
    if len(asked) > _MOST:
        notes.append(f"{len(asked) - _MOST} more hosts were asked for a token, and not judged")
    return notes


def _note(requests: list[Request]) -> str:
    first = requests[0]
    times = "" if len(requests) == 1 else f" {len(requests)} times"
    base = first.path[: -len(_TOKEN_PATH)] if first.path.lower().endswith(_TOKEN_PATH) else ""
    authority = shlex.quote(first.origin + base)
    return (
        f"{first.host} was asked for a token{times}, and nothing ties that to BlastIQ: neither client id nor host nor "
        f"a discovery document. If it is a sign-in to BlastIQ, have it judged by --authority {authority}"
    )
