"""The load generator of fhir_intake.py: lock-step HTTP connections in a process of its own.

    python benchmarks/fhir_load.py PORT TOKEN BODIES CONNECTIONS SECONDS

BODIES is a JSON file, a list of [path, body template]: "@N@" in a body becomes a number that no
other request has, so that nothing is a repeat. Each connection sends a request, waits for its
answer, checks that it is 2xx, and sends the next. Prints JSON: requests a second and
milliseconds to the answer.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

import uvloop

WARM_SECONDS = 0.5


class Load:
    """What all connections share."""

    def __init__(self, token: str, bodies: list[list[str]]) -> None:
        head = f"host: bench\r\nauthorization: Bearer {token}\r\n"
        self.head = f"{head}content-type: application/fhir+json\r\n".encode()
        self.bodies = [(path, body.encode().split(b"@N@")) for path, body in bodies]
        self.waits: list[int] = []
        self.counting, self.going = False, True
        self.faults: list[str] = []
        self.number = 0
        self.run = str(time.time_ns())  # what an earlier run sent would be a repeat

    def request(self) -> tuple[bytes, bytes]:
        """Return head and body of the next request."""
        self.number += 1
        path, parts = self.bodies[self.number % len(self.bodies)]
        body = f"{self.run}-{self.number}".encode().join(parts)
        head = b"POST %s HTTP/1.1\r\n%scontent-length: %d\r\n\r\n"
        return head % (path.encode(), self.head, len(body)), body


class Sender(asyncio.Protocol):
    """One lock-step connection."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with the first request."""
        self.transport = transport
        self.send()

    def send(self) -> None:
        """Send the next request and note when."""
        request = self.load.request()
        self.begin = time.perf_counter_ns()
        self.transport.writelines(request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Take the answer and send the next."""
        self.answer += data
        head, found, body = self.answer.partition(b"\r\n\r\n")
        if not found or not whole(head.lower(), body):
            return
        load = self.load
        if load.counting:
            load.waits.append(time.perf_counter_ns() - self.begin)
        if not head.startswith(b"HTTP/1.1 20"):
            load.faults.append(self.answer[:300].decode("latin-1"))
        self.answer = b""
        if load.going:
            self.send()


def whole(head: bytes, body: bytes) -> bool:
    """Say whether the body is all there."""
    if b"transfer-encoding: chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    return len(body) >= int(length or 0)


async def run(load: Load, port: int, connections: int, seconds: float) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: Sender(load), "127.0.0.1", port)
    await asyncio.sleep(WARM_SECONDS)
    load.counting, begin = True, loop.time()
    await asyncio.sleep(seconds)
    load.counting, spent = False, loop.time() - begin
    load.going = False
    waits = sorted(load.waits) or [0]
    return {
        "rate": len(load.waits) / spent,
        "all": load.number,
        "p50": waits[len(waits) // 2] / 1e6,
        "p99": waits[int(len(waits) * 0.99)] / 1e6,
        "faults": len(load.faults),
        "first_fault": load.faults[0] if load.faults else "",
    }


if __name__ == "__main__":
    bodies = json.loads(Path(sys.argv[3]).read_text())
    load = Load(sys.argv[2], bodies)
    running = run(load, int(sys.argv[1]), int(sys.argv[4]), float(sys.argv[5]))
    print(json.dumps(uvloop.run(running)))
