"""What all tests share: pytest's own fixture for testing plugins, and no deadline in any property test."""

from hypothesis import settings

pytest_plugins = ("pytester",)

# A machine that is busy makes no property false.
settings.register_profile("kit", deadline=None)
settings.load_profile("kit")
