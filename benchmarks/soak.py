"""The fake under load and abuse: 500 connections at once, every shape of `abuse`, in rounds; it must leak nothing.

It is reached in three ways: plain, over TLS, and through the proxy.
"""

import asyncio
import json
import random
import re
import socket
import ssl
import struct
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.abuse import SHAPES, Leaving, Shape, connections
from benchmarks.abuse_tls import BY_PROXY, OVER_TLS
from benchmarks.table import Row

_ROUNDS = 10
_REQUESTS = 100_000
_AT_ONCE = 500
_PAUSE = 0.002
_PATIENCE = 120.0
_SEED = 17
_STATUS = re.compile(rb"HTTP/1\.1 ([2-5]\d\d) ")
_NO_LINGER = struct.pack("ii", 1, 0)
_TUNNEL = b"CONNECT 127.0.0.1:443 HTTP/1.1\r\nHost: 127.0.0.1:443\r\n\r\n"
_SHAPES = {"plain": SHAPES, "tls": OVER_TLS, "proxy": BY_PROXY}


@dataclass
class Round:
    """What was done to a fake in one round, and what it held afterwards."""

    requests: int = 0
    expected: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    under_way: int = 0
    resident: int = 0
    descriptors: int = 0
    threads: int = 0


@dataclass(frozen=True)
class _Way:
    """Where the fake of a round is, and how it is reached: plain, tls or proxy."""

    name: str
    port: int
    trust: ssl.SSLContext

    async def open(self, *, raw: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect, up to where HTTP begins unless `raw`."""
        if raw or self.name != "tls":
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        else:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", self.port, limit=1 << 20, ssl=self.trust, server_hostname="127.0.0.1"
            )
        if not raw and self.name == "proxy":
            writer.write(_TUNNEL)
            await reader.readuntil(b"\r\n\r\n")
            await writer.start_tls(self.trust, server_hostname="127.0.0.1")
        return reader, writer


def soak(requests: int, *, rounds: int, way: str = "plain", at_once: int = _AT_ONCE, seed: int = _SEED) -> list[Round]:
    """Send so many requests to so many fakes, one after the other, in one process."""
    chance = random.Random(seed)
    command = [sys.executable, "-m", "benchmarks.soak_target", way]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        done = []
        for _ in range(rounds):
            print("serve", file=process.stdin, flush=True)
            told = json.loads(process.stdout.readline())
            there = _Way(way, told["port"], ssl.create_default_context(cafile=told["ca_file"]))
            result = asyncio.run(_round(there, requests // rounds, at_once, chance))
            print(result.expected, file=process.stdin, flush=True)
            held = json.loads(process.stdout.readline())
            done.append(Round(result.requests, result.expected, result.wrong, **held))
        process.stdin.close()
    assert process.returncode == 0
    return done


async def _round(way: _Way, requests: int, at_once: int, chance: random.Random) -> Round:
    result = Round()
    deck = connections(_SHAPES[way.name])
    waiting: list[Shape] = []
    while result.requests < requests:
        # Whole sets, shuffled: each shape occurs in every round.
        waiting += chance.sample(deck, len(deck))
        result.requests += sum(max(1, shape.entries) for shape in deck)
    result.expected = sum(shape.entries for shape in waiting)

    async def work() -> None:
        while waiting:
            shape = waiting.pop()
            try:
                statuses = await asyncio.wait_for(_send(shape, way), _PATIENCE)
            except (OSError, TimeoutError) as error:
                result.wrong[f"{shape.name}: {type(error).__name__}"] += 1
            else:
                if shape.statuses is not None and statuses != shape.statuses:
                    result.wrong[f"{shape.name}: {statuses}"] += 1

    await asyncio.gather(*(work() for _ in range(at_once)))
    return result


async def _send(shape: Shape, way: _Way) -> tuple[int, ...]:
    reader, writer = await way.open(raw=shape.raw)
    received = b""
    try:
        for index, portion in enumerate(shape.portions):
            if index:
                await asyncio.sleep(_PAUSE)
            writer.write(portion)
            await writer.drain()
        match shape.leaving:
            case Leaving.HALF:
                writer.write_eof()
                received = await reader.read()
            case Leaving.AFTER_ANSWER:
                received = await reader.read()
            case Leaving.RESET:
                line: socket.socket = writer.get_extra_info("socket")
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            case Leaving.AT_ONCE:
                pass
    finally:
        writer.close()
    return tuple(int(status) for status in _STATUS.findall(received))


def measure() -> list[Row]:
    """Send 100,000 requests in each way."""
    return [row for way in _SHAPES for row in _measure(way)]


def _measure(way: str) -> list[Row]:
    # The first rounds fill caches, so memory is compared from the third on.
    started = time.perf_counter()
    rounds = soak(_REQUESTS, rounds=_ROUNDS, way=way)
    elapsed = time.perf_counter() - started
    requests, wrong = sum(each.requests for each in rounds), sum((each.wrong for each in rounds), Counter[str]())
    missing = sum(each.expected - each.entries for each in rounds)
    lost = sum(each.under_way for each in rounds)
    grown = (rounds[-1].resident - rounds[2].resident) / (requests * (_ROUNDS - 3) / _ROUNDS)
    descriptors = [each.descriptors for each in rounds]
    threads = {each.threads for each in rounds[1:]}
    return [
        Row(
            f"{way}: {len(_SHAPES[way])} shapes of load and abuse, {_AT_ONCE} connections at once",
            f"{requests:,} requests in {elapsed:.0f} s; wrong answers: {dict(wrong) or 'none'}",
            "100,000, no wrong answer",
            requests >= _REQUESTS and not wrong,
        ),
        Row(
            f"{way}: entries missing from the journal, or never ended",
            f"{missing}, {lost}",
            "0, 0",
            not missing and not lost,
        ),
        Row(
            f"{way}: descriptors after each round",
            str(descriptors),
            "no more than at first",
            descriptors[-1] <= descriptors[0],
        ),
        Row(f"{way}: threads after each round", str(sorted(threads)), "always as many", len(threads) == 1),
        Row(
            f"{way}: memory held, from the third round to the last",
            f"{rounds[2].resident / 1e6:.1f} to {rounds[-1].resident / 1e6:.1f} MB: {grown:.1f} bytes a request",
            "≤ 20 bytes a request",
            grown <= 20,
        ),
    ]
