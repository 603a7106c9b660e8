"""Copies one ledger of the first, entry by entry, and says how far it is."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec
from typing_extensions import override

from wardkeep.adapters.clock import now
from wardkeep.adapters.copied_ledger import CopiedLedger
from wardkeep.adapters.errors import (
    CopyContradictedError,
    FirstRefusedError,
    FirstSilentError,
    UnknownSignerError,
)
from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.app.first import Copied
from wardkeep.kernel.errors import WardkeepError
from wardkeep.ledger.errors import KeyMissingError, LedgerFaultError, StoreFailedError
from wardkeep.wire.copying import Answer, Ask, Chunk, Request, frame

_ROWS_AT_ONCE = 8_192
_WAIT_MS = 1_000
_AGAIN_SECONDS = 0.5
"""A first that comes back is found within this."""
_REFUSED_SECONDS = 5.0
_HANDOVER_TRIES = 10
"""So often, some 5 s, an unknown signer is no alarm: the handover comes by another ledger."""


class Line(Protocol):
    """A connection to the first."""

    def ask(self, request: Request) -> Answer:
        """Return the answer; raises FirstSilentError, FirstRefusedError."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class Progress(Protocol):
    """Who is told how the copying stands."""

    def answered(self, ledger: str, copied: Copied, at: int) -> None:
        """Hear that the first answered at `at`."""
        ...

    def silent(self, ledger: str, why: str, at: int) -> None:
        """Hear that the first did not answer, or refused."""
        ...

    def trouble(self, ledger: str, copied: Copied) -> None:
        """Hear that copying of the ledger stopped."""
        ...


class Copier(threading.Thread):
    """Copies `ledger` until `stopping` is set; `connect` opens a line, `after` uses it too.

    `open_ledger` opens the copy; it is asked again after the disk failed.
    """

    def __init__(
        self,
        ledger: str,
        open_ledger: Callable[[], CopiedLedger],
        connect: Callable[[], Line],
        progress: Progress,
        stopping: threading.Event,
        after: Callable[[Line], None],
    ) -> None:
        super().__init__(name=f"copy {ledger}", daemon=True)
        self._ledger, self._open_ledger, self._connect = ledger, open_ledger, connect
        self._progress, self._stopping, self._after = progress, stopping, after
        self._copy: CopiedLedger | None = None
        self._stood = Copied()
        self._unknown_signers = 0
        self.evidence = Path()
        """Where a chunk that contradicts the copy is kept."""
        self.wrap: Callable[[bytes], bytes] = bytes

    @override
    def run(self) -> None:
        """Copy, whatever becomes of the first, until stopped or contradicted."""
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                pause = self._copy_once()
            except CopyContradictedError as fault:
                self._stop_copying(str(fault))
                break
        if self._copy is not None:
            self._copy.close()

    def _copy_once(self) -> float:
        """Copy over one connection; return how long to wait before the next."""
        try:
            if self._copy is None:
                self._copy = self._open_ledger()
            with contextlib.closing(self._connect()) as line:
                while not self._stopping.is_set():
                    self._step(line, self._copy)
                    self._after(line)
        except FirstSilentError as fault:
            self._progress.silent(self._ledger, str(fault), now())
        except FirstRefusedError as fault:
            self._progress.silent(self._ledger, str(fault), now())
            return _REFUSED_SECONDS
        except (
            UnknownSignerError,
            StoreFailedError,
            KeyMissingError,
            LedgerFaultError,
            OSError,  # settings or a key that came could not be written
        ) as fault:
            return self._failed(fault)
        return _AGAIN_SECONDS

    def _failed(self, fault: WardkeepError | OSError) -> float:
        """Tell what stopped the copying; return how long to wait before the next try."""
        if isinstance(fault, UnknownSignerError):
            self._unknown_signers += 1
            if self._unknown_signers <= _HANDOVER_TRIES:
                return _AGAIN_SECONDS
        code = fault.code if isinstance(fault, WardkeepError) else "copy-stopped"
        self._note(trouble=f"{code}: {fault}")
        self._close()
        return _REFUSED_SECONDS

    def _step(self, line: Line, copy: CopiedLedger) -> None:
        asked = now()
        last = copy.last
        answer = line.ask(
            Ask(self._ledger, last.sequence, last.head, copy.sealed, _ROWS_AT_ONCE, _WAIT_MS)
        )
        if not isinstance(answer, Chunk):
            raise FirstRefusedError(f"an answer of another kind: {type(answer).__name__}")
        if answer.agrees is False:
            what = f"the first holds another entry {last.sequence}"
            raise CopyContradictedError(what)
        try:
            copy.take(answer)
        except CopyContradictedError:
            self._keep_evidence(answer)
            raise
        self._unknown_signers = 0
        held = copy.last.sequence
        # All that the first had when it looked is here.
        as_of = asked + answer.waited if held >= answer.newest else self._stood.as_of
        behind = answer.newest < held and not answer.rows
        self._stood = Copied(
            held=held,
            seen=max(answer.newest, self._stood.seen),
            as_of=self._stood.as_of if behind else as_of,
            trouble="first-lost-entries" if behind else "",
        )
        self._progress.answered(self._ledger, self._stood, now())

    def _stop_copying(self, why: str) -> None:
        self._note(trouble=f"copy-contradicted: {why}")

    def _note(self, trouble: str) -> None:
        self._stood = msgspec.structs.replace(self._stood, trouble=trouble)
        self._progress.trouble(self._ledger, self._stood)

    def _close(self) -> None:
        if self._copy is not None:
            with contextlib.suppress(WardkeepError):
                self._copy.close()
        self._copy = None

    def _keep_evidence(self, chunk: Chunk) -> None:
        """Keep what contradicts, encrypted like a store: both states stay."""
        with contextlib.suppress(OSError):
            make_private_folder(self.evidence)
            name = f"{self._ledger}-{chunk.rows[0][0] if chunk.rows else 0}.age"
            write_private(self.evidence / name, self.wrap(frame(chunk)))
