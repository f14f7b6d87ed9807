"""A fake OIDC identity server that answers as BlastIQ's would and keeps a journal; it never judges."""

import warnings
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fake_idp.core import Arrival, FakeIdp
    from fake_idp.faults import Fault
    from fake_idp.http.server import Listener, Server
    from fake_idp.journal import Connection, Exchange, Journal
    from fake_idp.oidc.keys import Keys
    from fake_idp.server_config import Clock, Flavour, Mode, RefreshPolicy, ServerConfig, ServiceUser
    from fake_idp.wire import Delivery, Ending, Headers, Request, Response

# Loaded on first use (PEP 562): a pytest plugin is paid for by every test run.
_PLACES = {
    "fake_idp.core": ("Arrival", "FakeIdp"),
    "fake_idp.faults": ("Fault",),
    "fake_idp.journal": ("Connection", "Exchange", "Journal"),
    "fake_idp.oidc.keys": ("Keys",),
    "fake_idp.http.server": ("Listener", "Server"),
    "fake_idp.server_config": ("Clock", "Flavour", "Mode", "RefreshPolicy", "ServiceUser", "ServerConfig"),
    "fake_idp.wire": ("Delivery", "Ending", "Headers", "Request", "Response"),
}
_PLACE = {name: module for module, names in _PLACES.items() for name in names}

__all__ = ["Arrival", "Clock", "Connection", "Delivery", "Ending", "Exchange", "FakeIdp", "Fault", "Flavour", "Headers"]
__all__ += ["Journal", "Keys", "Listener", "Mode", "RefreshPolicy", "Request", "Response", "Server", "ServerConfig"]
__all__ += ["ServiceUser"]


def __getattr__(name: str) -> object:
    if name == "Tenant":
        warnings.warn("fake_idp.Tenant is now fake_idp.ServerConfig", DeprecationWarning, stacklevel=2)
        name = "ServerConfig"
    if name not in _PLACE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACE[name]), name)


def __dir__() -> list[str]:
    return __all__
