"""Carries a store's write-ahead log into its file while its writer goes on.

SQLite does this within the commit that fills the log: that one waits for 16 MiB and two syncs.
Here a thread carries nearly all of it over a connection of its own, and the commit after that
only what came meanwhile; then the log begins anew (sqlite.org/wal.html, "Checkpointing").
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable

import apsw

from wardkeep.adapters.encrypted_database import CHECKPOINT_PAGES
from wardkeep.ledger.errors import StoreFailedError

# A thread that does not keep up, on a disk that is busy with it: then the commit carries.
_FAR_BEHIND = 4

_LOG = logging.getLogger(__name__)


class BackgroundCheckpoint:
    """Watches the commits of `writer`; `open_again` opens a second connection to its store.

    A checkpoint that fails loses nothing: the log stays, and it is tried again at a later
    commit.
    """

    def __init__(
        self, writer: apsw.Connection, open_again: Callable[[], apsw.Connection]
    ) -> None:
        self._open_again = open_again
        self._connection: apsw.Connection | None = None
        self._thread: threading.Thread | None = None
        self._carried = False
        writer.set_wal_hook(self._committed)

    def close(self) -> None:
        """End the thread in the middle of its work, if it has any, and its connection."""
        if self._thread is not None:
            if self._connection is not None:
                self._connection.interrupt()
            self._thread.join()
        if self._connection is not None:
            self._connection.close()

    def _committed(self, writer: apsw.Connection, _name: str, pages: int) -> int:
        """Take note of a commit, durable by now, in the thread of the writer."""
        carrying = self._thread is not None and self._thread.is_alive()
        if self._carried or (carrying and pages >= _FAR_BEHIND * CHECKPOINT_PAGES):
            self._carried = False
            _carry(writer)
        elif pages >= CHECKPOINT_PAGES and not carrying:
            self._begin(writer)
        return apsw.SQLITE_OK

    def _begin(self, writer: apsw.Connection) -> None:
        thread = threading.Thread(target=self._run, name="checkpoint", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # no thread is to be had
            _carry(writer)
        else:
            self._thread = thread

    def _run(self) -> None:
        try:
            if self._connection is None:
                self._connection = self._open_again()
        except StoreFailedError as fault:
            _LOG.error("the log cannot be carried beside the writer: %s", fault)
        else:
            _carry(self._connection)
        self._carried = True


def _carry(connection: apsw.Connection) -> None:
    # An error would look like one of the commit. What was not carried stays in the log.
    with contextlib.suppress(apsw.Error):
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
