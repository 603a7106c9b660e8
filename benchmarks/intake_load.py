"""The load generator of intake.py: lock-step connections in a process of its own.

    python benchmarks/intake_load.py PORT CONNECTIONS SECONDS

Each connection sends a message, waits for its acknowledgement, checks code and control id, and
sends the next. Prints JSON: messages a second and milliseconds to the acknowledgement.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.hl7_mix import CONTROL, MIX, message

WARM_SECONDS = 0.5
TEMPLATES = [tuple(message(kind).split(CONTROL)) for kind in MIX]


class Load:
    """What all connections share."""

    def __init__(self) -> None:
        self.waits: list[int] = []
        self.counting = self.going = True
        self.faults = 0


class Sender(asyncio.Protocol):
    """One lock-step connection."""

    def __init__(self, load: Load, name: str) -> None:
        self.load, self.name, self.number = load, name, 0
        self.answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with the first message."""
        self.transport = transport
        self.send()

    def send(self) -> None:
        """Send the next message and note when."""
        self.number += 1
        before, after = TEMPLATES[self.number % len(TEMPLATES)]
        self.control = f"{self.name}-{self.number}".encode()
        self.begin = time.perf_counter_ns()
        self.transport.write(b"\x0b" + before + self.control + after + b"\x1c\r")  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Take the acknowledgement and send the next."""
        self.answer += data
        if not self.answer.endswith(b"\x1c\r"):
            return
        load = self.load
        if load.counting:
            load.waits.append(time.perf_counter_ns() - self.begin)
        if b"MSA|AA|" + self.control not in self.answer:
            load.faults += 1
        self.answer = b""
        if load.going:
            self.send()


async def run(port: int, connections: int, seconds: float) -> dict[str, float]:
    load = Load()
    load.counting = False
    loop = asyncio.get_running_loop()
    for number in range(connections):
        await loop.create_connection(
            lambda number=number: Sender(load, f"{port}c{number}"), "127.0.0.1", port
        )
    await asyncio.sleep(WARM_SECONDS)
    load.counting, begin = True, loop.time()
    await asyncio.sleep(seconds)
    load.counting, spent = False, loop.time() - begin
    load.going = False
    waits = sorted(load.waits)
    return {
        "rate": len(waits) / spent,
        "p50": waits[len(waits) // 2] / 1e6,
        "p99": waits[int(len(waits) * 0.99)] / 1e6,
        "faults": load.faults,
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))))
