"""The certificates of one run: an authority that its child trusts, and server certificates, right or wrong."""

import ssl
import threading
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from blastiq_conformance.proxy import stores
from blastiq_conformance.scenarios import TlsFault

LOOPBACK = ("localhost", "127.0.0.1")
_WRONG_NAME = "not-blastiq.example"
_DAY = timedelta(days=1)
# The most other hosts that get a certificate; a program that calls more of them is not an integration.
_MOST_NAMES = 256


class Certificates:
    """Makes them in a private folder, on use; the keys, of elliptic curves, are deleted with the folder."""

    def __init__(self, folder: Path, names: Iterable[str] = ()) -> None:
        """Make the authority; the good certificate is for `names`, besides loopback."""
        self._folder, self._names = folder, tuple(dict.fromkeys((*names, *LOOPBACK)))
        self._authority = trustme.CA(organization_name="BlastIQ Conformance Kit, this run alone")
        self._lock = threading.Lock()
        self._minted: dict[str, ssl.SSLContext] = {}
        self._leaves: dict[TlsFault, trustme.LeafCert] = {}
        self.ca_file = folder / "ca.pem"
        self._authority.cert_pem.write_to_path(str(self.ca_file))
        self.trust_store = folder / "trust.p12"
        self.trust_store.write_bytes(stores.java_trust_store(self._authority.cert_pem.bytes()))

    def context(self, fault: TlsFault = TlsFault.NONE) -> ssl.SSLContext:
        """Make a context for one port, so that a session of one port is not resumed at another."""
        context = _new_context()
        match fault:
            case TlsFault.SELF_SIGNED:
                stores.self_signed(self._names, self._folder, context)
            case TlsFault.OLD:
                _offer_old_versions(context)
                self._leaf(fault).configure_cert(context)
            case _:
                self._leaf(fault).configure_cert(context)
        if fault is TlsFault.NONE:
            context.sni_callback = self._mint
        return context

    def chooser(self, fault: Callable[[], TlsFault]) -> Callable[[], ssl.SSLContext]:
        """Give a function for the context of a port's next connection, by what is wrong then."""
        made: dict[TlsFault, ssl.SSLContext] = {}

        def choose() -> ssl.SSLContext:
            present = fault()
            if present not in made:
                made[present] = self.context(present)
            return made[present]

        choose()
        return choose

    def _leaf(self, fault: TlsFault) -> trustme.LeafCert:
        # One for all ports of a run: a client may keep a session, which is the context's, but no certificate.
        with self._lock:
            if fault not in self._leaves:
                self._leaves[fault] = self._issue(fault)
            return self._leaves[fault]

    def _issue(self, fault: TlsFault) -> trustme.LeafCert:
        now = datetime.now(UTC)
        match fault:
            case TlsFault.UNTRUSTED:
                return trustme.CA(organization_name="Nobody").issue_cert(*self._names)
            case TlsFault.WRONG_NAME:
                return self._authority.issue_cert(_WRONG_NAME)
            case TlsFault.EXPIRED:
                return self._authority.issue_cert(*self._names, not_before=now - 30 * _DAY, not_after=now - _DAY)
            case TlsFault.FUTURE:
                return self._authority.issue_cert(*self._names, not_before=now + _DAY, not_after=now + 30 * _DAY)
            case _:
                return self._authority.issue_cert(*self._names)

    def _mint(self, end: ssl.SSLSocket | ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        """Show a valid certificate for any name, so that requests to other hosts are seen, and then refused."""
        if name is None or name in self._names:
            return
        # A name that no certificate can hold, or one too many, gets the usual one, which the client will refuse.
        with self._lock, suppress(ValueError):
            if name not in self._minted and len(self._minted) < _MOST_NAMES:
                context = _new_context()
                self._authority.issue_cert(name).configure_cert(context)
                self._minted[name] = context
            end.context = self._minted.get(name, end.context)


def _new_context() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


def _offer_old_versions(context: ssl.SSLContext) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the test is about deprecated versions
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    # Their signatures are below today's security level.
    context.set_ciphers("ALL:@SECLEVEL=0")
