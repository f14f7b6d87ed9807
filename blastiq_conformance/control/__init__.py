"""How a live fake is controlled while it runs, over HTTP or from Python: scenarios, faults, expired tokens."""
