"""One sender's connection: frames in, arrivals to the ledger, answers out in their order.

No task and no timer of its own: packets and commits call it, and the server's patrol asks
`overdue` from time to time.
"""

from __future__ import annotations

import asyncio
import logging
from typing import cast

from typing_extensions import override

from wardkeep.adapters.mllp_desk import Desk
from wardkeep.adapters.mllp_room import ANSWERS, ENDED, RATION
from wardkeep.adapters.peer_names import names_of
from wardkeep.ledger.arrival import Appended, Arrival, Kind, Verdict
from wardkeep.wire.hl7v2.acknowledgement import Header, answer, header_of
from wardkeep.wire.mllp import Deframer, Frame, Overlong, Piece, Stray, frame

STALL_SECONDS = 60.0
"""An unfinished frame that does not grow for so long has lost its sender."""
FRAME_SECONDS = 300.0
FRAME_BYTES_A_SECOND = 8_000
"""A frame may take five minutes, and longer while it comes at the pace of a 64 kbit/s line."""
UNREAD_SECONDS = 120.0
"""A sender that leaves its answers unread for so long is not there any more."""
UNREAD_BYTES = 256 * 1024
_KIND = 9
"""MSH-9, the type of the message."""
ANSWER_BYTES = 1_000
"""What one message of a batch takes until the batch is answered: 100,000 took some 100 MB."""

_LOG = logging.getLogger(__name__)


class MllpConnection(asyncio.Protocol):
    """Serves one connection on a feed's desk."""

    def __init__(self, desk: Desk, loop: asyncio.AbstractEventLoop) -> None:
        self._desk, self._loop = desk, loop
        self._deframer = Deframer(desk.feed.max_message_bytes)
        self._transport: asyncio.Transport | None = None
        self._held = 0
        self._answers: list[bytes] = []
        self._begun = self._grew = self._unread_since = 0.0
        self.peer = self.proof = ""
        self.abandoned = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not derive from asyncio.Transport, but are such.
        self._transport = stream = cast("asyncio.Transport", transport)
        address = transport.get_extra_info("peername")
        self.peer = address[0] if address else ""
        if not self._desk.admits(self.peer):
            self._refuse("its address is not on the feed's allow-list")
            return
        names = names_of(transport)
        self.proof = names[0] if names else ""
        if why := self._desk.why_not(names):
            self._refuse(why)
            return
        stream.set_write_buffer_limits(high=UNREAD_BYTES)
        self._desk.connections += 1
        self._desk.room.connections += 1
        self._desk.last_peer = self.peer
        self._desk.speaking.add(self)
        if self._desk.waits:
            self.hold(RATION)

    @override
    def data_received(self, data: bytes) -> None:
        if self._deframer.is_whole(data):
            body = data[1:-2]
            self._offer(header_of(body), body, self._desk.clock())
            return
        pieces = self._deframer.feed(data)
        if pieces:
            self._take(pieces)
        if self._deframer.unfinished or self._begun:
            self._note_unfinished(anew=bool(pieces))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self in self._desk.speaking:
            self._desk.speaking.remove(self)
            self._desk.connections -= 1
            self._desk.room.connections -= 1
            self.finish()

    @override
    def pause_writing(self) -> None:
        self._unread_since = self._loop.time()
        self._desk.unread.add(self)
        self.hold(ANSWERS)

    @override
    def resume_writing(self) -> None:
        self._desk.unread.discard(self)
        self.release(ANSWERS)

    def hold(self, reason: int) -> None:
        """Stop reading for `reason` (mllp_room)."""
        if not self._held and self._open():
            self._transport_now().pause_reading()
        self._held |= reason

    def release(self, reason: int) -> None:
        """Read again unless another reason holds; patience with the frame begins anew."""
        if not self._held:
            return
        self._held &= ~reason
        if not self._held and self._open():
            self._begun = self._grew = self._loop.time() if self._begun else 0.0
            self._transport_now().resume_reading()

    def overdue(self, now: float) -> str:
        """Return why this connection must be closed at loop time `now`, or nothing."""
        if self._held & ANSWERS:
            return "it reads no answers" if now - self._unread_since > UNREAD_SECONDS else ""
        if self._held or not self._begun:
            return ""
        size = self._deframer.unfinished
        if now - self._grew > STALL_SECONDS:
            return f"a message stopped after {size} bytes"
        slow = now - self._begun > FRAME_SECONDS + size / FRAME_BYTES_A_SECOND
        return f"a message came too slowly, {size} bytes so far" if slow else ""

    def finish(self) -> None:
        """Read no more; take what is left of the stream as stray, and give back its room."""
        self.hold(ENDED)
        self._take(self._deframer.end())
        self._begun = 0.0
        self._desk.room.ended(self)
        self._desk.unread.discard(self)

    def refuse(self, why: str) -> None:
        """Close at once for breaking a rule, counted and logged; nothing more is answered."""
        self._refuse(why)

    def abort(self) -> None:
        """Close at once, without another byte."""
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """Close after what was written has gone out."""
        if self._transport is not None:
            self._transport.close()

    def note(self, answers: bytes) -> None:
        """Keep answers, framed, until the group they belong to is settled."""
        if not self._answers:
            self._desk.answering.append(self)
        self._answers.append(answers)

    def write_answers(self) -> None:
        """Write what was noted, in order."""
        answers, self._answers = self._answers, []
        if self._open():
            self._transport_now().write(b"".join(answers))

    def _take(self, pieces: list[Piece]) -> None:
        now = self._desk.clock()
        for piece in pieces:
            if isinstance(piece, Frame):
                self._offer(header_of(piece.body), piece.body, now)
            elif isinstance(piece, Stray):
                self._offer(None, piece.content, now)
            else:
                self._too_long(piece)

    def _too_long(self, piece: Overlong) -> None:
        self._refuse(f"a message is longer than the feed's limit of {piece.limit} bytes")

    def _offer(self, header: Header | None, body: bytes, now: int) -> None:
        if self._desk.waits:
            # It was on its way already: without an answer its sender keeps it.
            self._desk.turned_away += 1
            self.abort()
            return
        if header is None:
            arrival = Arrival(self._desk.name, now, Kind.STRAY, b"", b"", b"", body)
        else:
            arrival = Arrival(self._desk.name, now, Kind.HL7, *header.names(), body)
        queued = _Queued(arrival, header, self, self._desk)
        self._desk.room.queued(self, queued.size)
        self._desk.offer(queued)

    def _note_unfinished(self, *, anew: bool) -> None:
        size, now = self._deframer.unfinished, self._loop.time()
        if not size:
            self._begun = 0.0
            self._desk.room.ended(self)
            return
        if anew or not self._begun:
            self._begun = now
        self._grew = now
        self._desk.room.grew(self, size, anew=anew)

    def _refuse(self, why: str) -> None:
        self._desk.refused += 1
        _LOG.warning("feed %s: connection of %s closed: %s", self._desk.name, self.peer, why)
        self.abort()

    def _open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def _transport_now(self) -> asyncio.Transport:
        assert self._transport is not None  # noqa: S101  (see _open)
        return self._transport


class _Queued:
    """An arrival on its way to the ledger, with what its answer is made of."""

    __slots__ = ("_connection", "_desk", "_header", "arrival", "size")

    def __init__(
        self, arrival: Arrival, header: Header | None, connection: MllpConnection, desk: Desk
    ) -> None:
        self.arrival, self._header, self._connection = arrival, header, connection
        self._desk = desk
        # A batch is answered message by message: its answers take room before they go out.
        answered = len(header.batch) if header is not None else 0
        self.size = len(arrival.body) + answered * ANSWER_BYTES

    @property
    def abandoned(self) -> bool:
        return self._connection.abandoned

    def abandon(self) -> None:
        self._connection.abandoned = True

    def committed(self, appended: Appended) -> None:
        desk, size, header = self._desk, len(self.arrival.body), self._header
        answers = (
            []
            if header is None
            else answer(
                header,
                appended.received,
                appended.sequence,
                application_ack=desk.feed.application_ack,
            )
        )
        desk.room.settled(self.size)
        desk.bytes += size
        desk.last_arrival = self.arrival.received
        if header is None:
            desk.stray += 1
            return
        desk.messages += 1
        speaker, arrived = self._connection, self.arrival
        kind = header.fields[_KIND] if len(header.fields) > _KIND else b""
        desk.saw((speaker.peer, speaker.proof, arrived.application, arrived.facility, kind))
        if appended.verdict is Verdict.REPEATED:
            desk.repeated += 1
        if len(answers) == 1:
            self._connection.note(frame(answers[0]))
        elif answers:
            self._connection.note(b"".join(map(frame, answers)))

    def failed(self) -> None:
        self._desk.room.settled(self.size)
        self._desk.failed += 1
        self._connection.abort()
