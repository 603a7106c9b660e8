"""Two real boxes of one site: a first that others may copy, and boxes that follow it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from tests.stories.site_server import (
    PATIENCE_SECONDS,
    SiteServer,
    await_that,
    free_port,
    wardkeep,
)

from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.encrypted_database import open_for_reading
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.app.first import Following, read_following
from wardkeep.app.folder import HospitalFolder

LEDGERS = ("clinical", "operations", "access")


def may_be_copied(server: SiteServer) -> int:
    """Open a box for followers; return the port where they come."""
    port = free_port()
    with (server.folder / "wardkeep.toml").open("a") as settings:
        settings.write(f"\n[copies]\nport = {port}\n")
    return port


def invitation(folder: Path, name: str, *words: str) -> str:
    """Return the code that the first prints."""
    told = wardkeep("followers", "invite", folder, name, *words, "--json")
    return str(json.loads(told)["code"])


class SecondBox(SiteServer):
    """A box that follows the one at `port`; its feeds are at ports of its own."""

    verb = "follow"

    def __init__(self, folder: Path, port: int, code: str, first: SiteServer) -> None:
        self.folder = folder
        self.made = first.made
        self.mllp_port, self.web_port = free_port(), free_port()
        self.process = None
        address = f"127.0.0.1:{port}"
        words = ("--web-port", str(self.web_port), "--pair-only")
        wardkeep("follow", folder, "--from", address, *words, words_in=f"{code}\n")
        with (folder / "wardkeep.toml").open("a") as settings:
            settings.write(f'\n[[feeds]]\nname = "main"\nport = {self.mllp_port}\n')

    def standing(self) -> Following:
        """Return how the copying stands, as soon as the box says so at all."""
        return self.await_standing(lambda _found: True)

    def await_standing(self, holds: Callable[[Following], object]) -> Following:
        """Return how the copying stands as soon as it is as wanted."""
        last: list[Following] = []

        def is_so() -> bool:
            found = read_following(HospitalFolder(self.folder))
            last[:] = [] if found is None else [found]
            return found is not None and bool(holds(found))

        try:
            await_that(is_so)
        except AssertionError as fault:
            raise AssertionError(last) from fault
        return last[0]

    def await_even(self, clinical: int = 0) -> Following:
        """Return as soon as everything that the first has now is here."""
        asked = time.time_ns() // 1_000
        return self.await_standing(
            lambda found: found.as_of > asked and found.ledgers["clinical"].held >= clinical
        )

    def await_silence(self) -> Following:
        """Return as soon as the box knows that the first does not answer."""
        return self.await_standing(lambda found: found.silent_since)


def shown(ward: httpx.Client, address: str, words: str) -> str:
    """Return a page as soon as its charts are so far that it shows the words."""
    pages = [""]

    def is_there() -> bool:
        pages.append(ward.get(address).text)
        return words in pages[-1]

    try:
        await_that(is_there)  # charts follow by themselves; a page tells how far
    except AssertionError as fault:
        raise AssertionError(pages[-1]) from fault
    return pages[-1]


def burn(server: SiteServer) -> None:
    """Kill every process of a box at once, as a fire or a power cut does."""
    assert server.process is not None
    # Stopped before, so that it starts none of them again.
    server.process.send_signal(signal.SIGSTOP)
    for child in server.children().values():
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    server.process.send_signal(signal.SIGKILL)
    server.process.communicate(timeout=PATIENCE_SECONDS)
    server.process = None


def rows(folder: Path, ledger: str) -> dict[int, tuple[bytes, bytes]]:
    """Return payload and head of every entry of a ledger, from its files as they lie."""
    ring, found = load_key_ring(folder / "keys"), {}
    for path in files_of(folder / ledger):
        connection = open_for_reading(path, ring.open_key(key_path(path)))
        for sequence, payload, head in connection.execute(
            "select sequence, payload, head from entry"
        ):
            found[sequence] = (payload, head)
        connection.close()
    return found
