"""How a pytest that a test starts is kept from loading, in each of its processes, plugins that no test is about."""

_AWAY = ("asyncio", "anyio", "randomly", "recording", "hypothesispytest", "timeout", "cov")
ALONE = " ".join(f"-p no:{name}" for name in _AWAY)
