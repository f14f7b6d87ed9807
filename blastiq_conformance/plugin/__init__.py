"""The pytest plugin: fixtures, and scenarios as items."""
