"""`blastiq sign`: signing a bundle with a key that the user names."""

import sys
from pathlib import Path

import click

from blastiq_conformance.cli.options import FILE, PATH
from blastiq_conformance.cli.output import refuse, say, tell
from fake_idp.system.whole_file import write_whole


@click.command()
@click.option(
    "--key", required=True, type=FILE, metavar="PEM", help="An Ed25519 private key: openssl genpkey -algorithm ed25519."
)
@click.argument("bundle", type=PATH)
def sign(key: Path, bundle: Path) -> None:
    """Sign a bundle that verifies: an Ed25519 signature in a DSSE envelope is added beside those of others.

    `blastiq verify --key PUBLIC.pem` checks it. Exit 1 if the bundle does not verify, 2 if bundle or key cannot be
    read.
    """
    from blastiq_conformance.bundle import BundleError
    from blastiq_conformance.bundle.container import pack, read
    from blastiq_conformance.bundle.signature import KeyFileError, private_key, signed
    from blastiq_conformance.bundle.verification import verify

    try:
        signer, result = private_key(key), verify(bundle)
        if result.differences or result.other:
            why = (*result.differences, result.other)[0]
            say(f"blastiq sign: {bundle} does not verify here, and is not signed: {why}")
            sys.exit(1)
        write_whole(bundle, pack(signed(read(bundle)[0], signer)))
    except BundleError as error:
        refuse(f"{bundle} is not a bundle that can be signed: {error}")
    except (KeyFileError, OSError) as error:
        refuse(str(error))
    tell(f"{bundle} is signed.")
