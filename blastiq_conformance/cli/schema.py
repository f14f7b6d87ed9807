"""`blastiq schema`: the JSON Schema of what the kit writes for machines, and of blastiq.toml."""

import click

from blastiq_conformance.cli.output import show
from blastiq_conformance.schemas import names, schema_text


@click.command()
@click.argument("name", type=click.Choice(names()))
def schema(name: str) -> None:
    """Print a JSON Schema of what is written or read.

    That is a report, a bundle's manifest, blastiq.toml (config), a likeness, a fault, or what a command lists as JSON.
    """
    show(schema_text(name))
