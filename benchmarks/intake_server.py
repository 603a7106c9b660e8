"""Wardkeep's listener with its encrypted, chained ledger, alone in a process, for intake.py.

    python benchmarks/intake_server.py FOLDER

Prints the port, then serves until its standard input closes.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.mllp_server import MllpServer
from wardkeep.hospital.site import Feed


async def serve(folder: Path) -> None:
    for name in ("keys", "clinical"):
        (folder / name).mkdir(parents=True)
    ring, _ = make_key_ring(folder / "keys")
    store = ClinicalStore(folder / "clinical", ring)
    server = MllpServer([Feed(name="bench", port=0)], store, now)
    await server.start()
    print(server.figures()[0].port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await server.close()
    store.close(now())


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1])))
