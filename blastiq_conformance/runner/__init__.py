"""How an integration is started, fed, watched and ended with all its children; runs scenarios in parallel."""

from blastiq_conformance.runner.not_run import NotRun
from blastiq_conformance.runner.run import run
from blastiq_conformance.runner.scenario_pool import Event, Happening, OnEvent
from blastiq_conformance.runner.scenario_run import ScenarioRun
from blastiq_conformance.runner.target import Home, Target

__all__ = ["Event", "Happening", "Home", "NotRun", "OnEvent", "ScenarioRun", "Target", "run"]
