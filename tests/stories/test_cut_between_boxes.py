"""The line between two boxes is cut again and again, and either is killed at any moment."""

from __future__ import annotations

import os
import random
import select
import signal
import socket
import threading
from collections import Counter
from pathlib import Path

import pytest
from tests.stories.site_server import SiteServer, message, wardkeep
from tests.stories.two_boxes import (
    LEDGERS,
    SecondBox,
    invitation,
    may_be_copied,
    rows,
)

from wardkeep.ledger.encoding import decode_clinical


class Line(threading.Thread):
    """A wire to `port` that can be cut: what flows on it then ends in the middle."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        self._carriers: list[threading.Thread] = []
        self._guard = threading.Lock()
        self._ended = False

    def run(self) -> None:
        while not self._ended:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._port), 20)
            except OSError:
                near.close()
                continue
            with self._guard:
                self._open += [near, far]
            carrier = threading.Thread(target=self._carry, args=(near, far), daemon=True)
            self._carriers.append(carrier)
            carrier.start()

    def cut(self) -> None:
        """Close every connection at once."""
        with self._guard:
            for end in self._open:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue
            self._open.clear()

    def end(self) -> None:
        self._ended = True
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        self.join()
        for carrier in self._carriers:
            carrier.join()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with near, far:
            while True:
                try:
                    for end in select.select([near, far], [], [], 20)[0]:
                        # Small pieces: a cut falls into the middle of a message.
                        some = end.recv(1_000)
                        if not some:
                            return
                        (far if end is near else near).sendall(some)
                except (OSError, ValueError):
                    return


@pytest.mark.parametrize(
    "rounds", [4, pytest.param(150, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_nothing_is_missing_and_nothing_is_double_whatever_was_cut_or_killed(
    tmp_path: Path, rounds: int
) -> None:
    first = SiteServer(tmp_path / "first")
    wire = Line(may_be_copied(first))
    wire.start()
    first.start()
    code = invitation(first.folder, "box-2")
    second = SecondBox(tmp_path / "second", wire.port, code, first)
    second.start()
    chance, sent = random.Random(7), 0
    for each in range(rounds):
        for number in range(sent, sent + 25):
            first.send(message(number))
            if number % 25 == chance.randrange(25):
                wire.cut()
        sent += 25
        module = ("app.following_process", "app.copies_process")[each % 2]
        os.kill((second, first)[each % 2].child(f"wardkeep.{module}"), signal.SIGKILL)
    second.await_even(sent)
    # A new signing key at the first is believed, since the old one handed over to it.
    wardkeep("keys", "rotate", first.folder, "--signing")
    first.send(message(sent))
    second.await_even(sent + 1)
    second.await_standing(
        lambda found: not any(each.trouble for each in found.ledgers.values())
    )
    assert first.stop() == 0
    assert second.stop() == 0
    wire.end()
    clinical = rows(second.folder, "clinical")
    found = Counter(decode_clinical(n, payload).control for n, (payload, _) in clinical.items())
    assert found == Counter({b"M%07d" % number: 1 for number in range(sent + 1)})
    for ledger in LEDGERS:
        assert rows(second.folder, ledger).items() <= rows(first.folder, ledger).items()
    wardkeep("verify", second.folder)
