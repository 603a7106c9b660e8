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
from wardkeep.adapters.rations import Rations, Taken
from wardkeep.hospital.site import Feed
from wardkeep.kernel.times import DAY


async def serve(folder: Path) -> None:
    for name in ("keys", "clinical"):
        (folder / name).mkdir(parents=True)
    ring, _ = make_key_ring(folder / "keys")
    store = ClinicalStore(folder / "clinical", ring)
    feeds = [Feed(name="bench", port=0)]
    # As a site serves: what each feed has sent today is counted against its quota.
    rations = Rations(feeds, store, 0, Taken(now() // DAY))
    server = MllpServer(feeds, rations, now, rations=rations)
    await server.start()
    print(server.figures()[0].port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await server.close()
    store.close(now())


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1])))
