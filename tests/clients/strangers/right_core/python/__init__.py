"""The right but odd clients in Python: `python -m tests.clients.strangers.right_core.python NAME`."""
