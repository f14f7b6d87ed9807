"""What all variants of a run share."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from blastiq_conformance.runner.spotter import Spotter
from blastiq_conformance.runner.target import Target
from fake_idp.http.server import Server

if TYPE_CHECKING:
    from blastiq_conformance.proxy.certificates import Certificates


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What all variants of a run share; `cancelled`: it ends now, `hurried`: and all children are killed.

    Where there are `certificates`, every fake speaks TLS.
    """

    server: Server
    certificates: "Certificates | None" = None
    target: Target
    inherited: Mapping[str, str] = field(repr=False)
    cancelled: threading.Event = field(default_factory=threading.Event)
    hurried: threading.Event = field(default_factory=threading.Event)
    spotter: Spotter = field(default_factory=Spotter)
