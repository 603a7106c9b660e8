"""python-hl7's MLLP server, each message in SQLite (WAL, FULL) before its answer.

PYTHONPATH=... python benchmarks/peers/python_hl7_server.py FOLDER
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from pathlib import Path
from typing import Any

import hl7.mllp
import uvloop


async def serve(folder: Path) -> None:
    store = sqlite3.connect(folder / "messages.db", isolation_level=None)
    store.execute("pragma journal_mode = wal")
    store.execute("pragma synchronous = full")
    store.execute("create table message (id integer primary key, control text, body blob)")

    async def talk(reader: Any, writer: Any) -> None:
        try:
            while not writer.is_closing():
                message = await reader.readmessage()
                store.execute(
                    "insert into message (control, body) values (?, ?)",
                    (str(message.segment("MSH")[10]), str(message).encode("latin-1")),
                )
                writer.writemessage(message.create_ack())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await hl7.mllp.start_hl7_server(talk, "127.0.0.1", 0, encoding="latin-1")
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True)
    uvloop.run(serve(Path(sys.argv[1])))
