"""The command line: one module per group of commands, imported only when its command is called."""

import importlib
from typing import Any

import click

from blastiq_conformance import __version__
from blastiq_conformance.cli.ending import endings

# In the order of `blastiq --help`.
_COMMANDS = (
    *("run", "serve", "check", "redact", "fidelity", "verify", "sign", "report", "diff", "init", "example", "doctor"),
    *("rules", "explain", "scenarios", "schema", "scan", "token"),
)
# Each is in the module under cli/ of its own name, but for these.
_MODULES = {
    **dict.fromkeys(("rules", "explain", "scenarios", "schema"), "catalogue"),
    **dict.fromkeys(("verify", "sign", "diff"), "bundle"),
}


class LazyGroup(click.Group):
    """Imports a command's module on use, so that `--version` and `explain` do not pay for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the commands in the order of the table."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and give one command; None for an unknown name, which click explains."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        found = getattr(importlib.import_module(f"{__name__}.{_MODULES.get(cmd_name, cmd_name)}"), cmd_name)
        return found if isinstance(found, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for an unknown one, say which is similar."""
        if args and not args[0].startswith("-") and args[0] not in _COMMANDS:
            from blastiq_conformance.config.config_error import near

            ctx.fail(f"there is no command {args[0]!r}{near(args[0], _COMMANDS)}")
        return super().resolve_command(ctx, args)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the command line, and print --help and --version, which end like a command."""
        with endings():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; click would exit 1 on Ctrl-C or when the reader leaves, but neither is a verdict."""
        with endings():
            return super().invoke(ctx)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="blastiq")
def blastiq() -> None:
    """Prove offline that an integration signs in to BlastIQ as the article on authorisation demands.

    First verdict, with nothing of your own:   blastiq run --demo

    \b
    Exit codes: 0 conforms · 1 violates · 2 usage or unreadable input · 3 the integration did not run or call
                4 no violation, but MUST rules stayed untested · 5 a fault of the kit · 130 interrupted,
                143 ended by SIGTERM, 129 by SIGHUP, 131 by SIGQUIT
    """  # noqa: D301 - \b keeps the lines as they are
