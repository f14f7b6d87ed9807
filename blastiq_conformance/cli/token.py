"""`blastiq token`: what a JWT says, decoded here; nothing is sent anywhere (article A37)."""

import base64
import binascii
import json
import sys
import time
from datetime import UTC, datetime

import click

_TIMES = {"exp": "expires", "nbf": "valid from", "iat": "issued", "auth_time": "signed in"}
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


@click.command()
@click.argument("jwt", nargs=-1, required=True)
def token(jwt: tuple[str, ...]) -> None:
    """Decode a JWT offline: header, claims, and its times in words. `-` reads it from standard input.

    The signature is not checked, and nothing is sent anywhere: never paste a live token into a web page.
    """
    # Copied from a header it is two words; one too many would be repeated.
    text = sys.stdin.read() if jwt == ("-",) else " ".join(jwt)
    parts = text.strip().removeprefix("Bearer ").strip().split(".")
    if len(parts) != 3:
        raise click.UsageError(
            f"this is no JWT: expected three parts joined by dots, found {len(parts)}. An opaque access token or a "
            "refresh token has nothing to decode: use it as it is."
        )
    header, claims = (_decoded(part, name) for part, name in zip(parts, ("header", "payload"), strict=False))
    click.echo("header")
    click.echo(json.dumps(header, indent=2, ensure_ascii=False))
    click.echo("claims")
    click.echo(json.dumps(claims, indent=2, ensure_ascii=False))
    for line in _times(claims, time.time()):
        click.echo(line)
    click.echo("\nDecoded on this machine, signature not checked; nothing was sent anywhere.")


def _decoded(part: str, name: str) -> dict[str, object]:
    try:
        # Base64url without padding (RFC 7515 2): plain base64 fails on - and _, which is mutant M41.
        data = json.loads(base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise click.UsageError(f"the {name} of this token cannot be decoded: {error}; was it copied whole?") from None
    if not isinstance(data, dict):
        raise click.UsageError(f"the {name} of this token is {type(data).__name__}, expected a JSON object")
    return data


def _times(claims: dict[str, object], now: float) -> list[str]:
    lines = []
    for claim, words in _TIMES.items():
        value = claims.get(claim)
        if not isinstance(value, int | float) or isinstance(value, bool):
            continue
        try:
            moment = datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        except (ValueError, OverflowError, OSError):
            lines.append(f"{words:<11} {value} is no date")
            continue
        lines.append(f"{words:<11} {moment}, {_distance(value - now)}")
    return lines


def _distance(seconds: float) -> str:
    length = next(
        (f"{count} {unit}{'s' if count != 1 else ''}" for size, unit in _UNITS if (count := int(abs(seconds) // size))),
        None,
    )
    if length is None:
        return "now"
    return f"in {length}" if seconds > 0 else f"{length} ago"
