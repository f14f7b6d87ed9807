"""`blastiq token`: decoding a JWT on this machine, without sending it anywhere (article A37)."""

import base64
import binascii
import json
import sys
import time
from datetime import UTC, datetime

import click

from blastiq_conformance.cli.output import show, tell
from blastiq_conformance.writers.json import dump
from fake_idp.system.json_number import finite, refuse

_TIMES = {"exp": "expires", "nbf": "valid from", "iat": "issued", "auth_time": "signed in"}
_LONGEST = 1_000_000
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


@click.command()
@click.argument("jwt", nargs=-1, required=True)
def token(jwt: tuple[str, ...]) -> None:
    """Decode a JWT offline: header, claims, and its times in words. `-` reads it from standard input.

    The signature is not checked, and nothing is sent anywhere: never paste a live token into a web page.
    """
    # Copied from a header it is two words; click would quote a word too many.
    text = sys.stdin.buffer.read(_LONGEST + 1).decode("utf-8", "replace") if jwt == ("-",) else " ".join(jwt)
    if len(text) > _LONGEST:
        raise click.UsageError("this is longer than any token: more than a million characters")
    parts = text.strip().removeprefix("Bearer ").strip().split(".")
    if len(parts) != 3:
        raise click.UsageError(
            f"this is not a JWT: expected three parts joined by dots, found {len(parts)}. An opaque access token or a "
            "refresh token has nothing to decode: use it as it is."
        )
    header, claims = (_decoded(part, name) for part, name in zip(parts, ("header", "payload"), strict=False))
    for title, members in (("header", header), ("claims", claims)):
        tell(title)
        show(dump(members))
    for line in _times(claims, time.time()):
        tell(line)
    tell()
    tell("Decoded on this machine, signature not checked; nothing was sent anywhere.")


def _decoded(part: str, name: str) -> dict[str, object]:
    try:
        # Base64url without padding (RFC 7515 2): plain base64 fails on - and _, which is mutant M41.
        octets = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        data = json.loads(octets, parse_float=finite, parse_constant=refuse)
    except RecursionError:
        raise click.UsageError(f"the {name} of this token is nested too deeply") from None
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
            lines.append(f"{words:<11} {value} is not a date")
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
