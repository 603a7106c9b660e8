"""Copies the first's map and forecasts to a second box, over a line of its own.

A line of its own, and small pieces: a map of megabytes keeps no message of a feed waiting.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

import msgspec
from typing_extensions import override

from wardkeep.adapters.clock import now
from wardkeep.adapters.errors import FirstRefusedError, FirstSilentError
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.map_parts import MapParts
from wardkeep.adapters.operations_store import read_operations
from wardkeep.app.copier import Line
from wardkeep.app.first import GIVEN, MapCopied
from wardkeep.app.folder import HospitalFolder
from wardkeep.foresight.events import NAMES, PART, ForesightEvent, decode
from wardkeep.foresight.map_copy import Words, in_words, last_words, plan, refused
from wardkeep.kernel.errors import WardkeepError
from wardkeep.kernel.times import MINUTE
from wardkeep.wire.copying import AskMap, AskPiece, MapList, MapPart, Piece

_EVERY_SECONDS = 1.0
_AGAIN_SECONDS = 5.0
_WITHHELD = "map-withheld:"
_PATIENCE = MINUTE
"""An import puts its parts and then says so in the ledger: until then they differ, unsaid."""


class MapCopier(threading.Thread):
    """Keeps the map here as the first has it until `stopping` is set.

    `connect` opens a line; `known` is how the map stood when this box was stopped.
    """

    def __init__(
        self,
        folder: HospitalFolder,
        ring: KeyRing,
        connect: Callable[[], Line],
        stopping: threading.Event,
        known: MapCopied | None,
    ) -> None:
        super().__init__(name="copy map", daemon=True)
        self._folder, self._ring = folder, ring
        self._connect, self._stopping = connect, stopping
        self._parts = MapParts(folder.map, folder.foresight, ring)
        self._words: Words = {}
        self._cursor = 0
        self._refused: dict[str, tuple[bytes, int, str]] = {}
        """By name: which bytes were not taken, how far the ledger was then, and why."""
        self._differing_since = 0
        self._guard = threading.Lock()
        self.stood = known or MapCopied()
        """How the map is held here, for whoever asks from another thread."""

    @override
    def run(self) -> None:
        """Copy, whatever becomes of the first, until stopped."""
        pause = 0.0
        while not self._stopping.wait(pause):
            pause = _EVERY_SECONDS
            if self.stood.offer != GIVEN:
                continue
            try:
                with contextlib.closing(self._connect()) as line:
                    while not self._stopping.wait(_EVERY_SECONDS):
                        self.step(line)
            except FirstSilentError:
                pause = _AGAIN_SECONDS  # the ledgers' lines tell it
            except FirstRefusedError as fault:
                pause = _AGAIN_SECONDS
                # What is withheld is no trouble, and what was not taken of it none any more.
                self._note(trouble="" if str(fault).startswith(_WITHHELD) else str(fault))
            except (WardkeepError, OSError) as fault:
                self._note(trouble=str(fault))
                pause = _AGAIN_SECONDS

    def offered(self, offer: str) -> None:
        """Hear what the first says of its map; any thread."""
        if offer == self.stood.offer:
            return
        self._note(offer=offer)
        if offer != GIVEN:
            # What was not taken is owed no more: nothing else would end the alarm.
            self._note(trouble="")

    def step(self, line: Line) -> None:
        """Take what the first has and this box has not, all of it before any is put.

        Raises FirstSilentError, FirstRefusedError, OSError, LedgerFaultError.
        """
        asked = now()
        listed = line.ask(AskMap())
        if not isinstance(listed, MapList):
            raise FirstRefusedError(f"an answer of another kind: {type(listed).__name__}")
        held = self._parts.found()
        digests = held.digests
        if {part.name: part.digest for part in listed.parts} == digests and not listed.shut:
            self._stands(asked, len(digests), {})
            return
        self._hear()
        planned = plan(digests, listed, self._words)
        left = dict(planned.left)
        taken = {part: self._fetched(line, part, left) for part in planned.wanted}
        if self._stopping.is_set():
            return
        for part, content in taken.items():
            if content:
                self._parts.put(part.name, content)
        for name in planned.gone:
            self._parts.remove(name)
        self._stands(asked, len(self._parts.found().parts), left)

    def _fetched(self, line: Line, part: MapPart, left: dict[str, str]) -> bytes:
        """Return the bytes of a part, none with the reason in `left` where it is not taken."""
        known = self._refused.get(part.name)
        if known and known[:2] == (part.digest, self._cursor):
            left[part.name] = known[2]
            return b""
        content = b"".join(self._pieces(line, part))
        before = self._parts.content(part.name)
        why = refused(part, content, self._words, before, now())
        if not why:
            self._refused.pop(part.name, None)
            return content
        left[part.name] = why
        if len(content) == part.size:  # one that was cut off on the way is asked for again
            self._refused[part.name] = (part.digest, self._cursor, why)
        return b""

    def _pieces(self, line: Line, part: MapPart) -> Iterator[bytes]:
        offset = 0
        while offset < part.size and not self._stopping.is_set():
            answer = line.ask(AskPiece(part.name, part.digest, offset))
            if not isinstance(answer, Piece) or not answer.content:
                return  # another was imported meanwhile: it is on the next list
            offset += len(answer.content)
            yield answer.content

    def _hear(self) -> None:
        """Read what the copied ledger says of imports since it was read last."""
        ledger = read_operations(self._folder.operations, self._ring)
        try:
            while found := ledger.after(self._cursor, PART):
                events: list[ForesightEvent] = [
                    decode(entry.body)
                    for _, entry in found
                    if f"{entry.name}.v{entry.version}" in NAMES
                ]
                self._words = last_words(events, self._words)
                self._cursor = found[-1][0]
        finally:
            ledger.close()

    def _stands(self, asked: int, parts: int, left: dict[str, str]) -> None:
        if not left:
            self._differing_since = 0
            self._note(as_of=asked, parts=parts, trouble="")
            return
        self._differing_since = self._differing_since or asked
        late = asked - self._differing_since > _PATIENCE
        self._note(parts=parts, trouble=in_words(left) if late else self.stood.trouble)

    def _note(self, **what: str | int) -> None:
        with self._guard:
            self.stood = msgspec.structs.replace(self.stood, **what)
