"""What verbs and the web may ask of a second box while it follows."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping

import msgspec

from wardkeep.adapters.clock import now
from wardkeep.adapters.errors import CopiedLedgerError
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.app import processes
from wardkeep.app.alarms import AlarmBook, AlarmRequests
from wardkeep.app.control import Answer, Body
from wardkeep.app.copying import Copying
from wardkeep.app.errors import FirstAnswersError
from wardkeep.app.first import read_following
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.own_ledgers import OwnLedgers, is_own
from wardkeep.app.promotion import Decision, decide_promotion
from wardkeep.app.writer_process import operations_event
from wardkeep.ledger.encoding import LookEntry


class FollowerRequests:
    """The table of requests; `promoted` is set once a person made this box the first."""

    def __init__(
        self,
        folder: HospitalFolder,
        ring: KeyRing,
        own: OwnLedgers,
        copying: Copying,
        book: AlarmBook,
        promoted: asyncio.Event,
    ) -> None:
        self._folder, self._ring = folder, ring
        self._own, self._copying, self._book = own, copying, book
        self._promoted = promoted

    def verbs(self) -> Mapping[str, Answer]:
        """Return the requests by name; what only the first does is refused with its reason."""
        alarms = AlarmRequests(self._book, now)
        return {
            "ping": self.ping,
            "status": self.status,
            "looks.record": self.record_looks,
            "operations.append": self.append_operations,
            "entries.append": self.refuse,
            "quarantine.replay": self.refuse,
            "alarms.raise": alarms.raise_,
            "alarms.clear": alarms.clear,
            "alarms.list": alarms.list,
            "following.promote": self.promote,
        }

    async def ping(self, _: Body) -> Body:
        """Answer that the box lives, and how far its copy of the clinical ledger has come."""
        return {"sequence": self._copying.standing(now()).ledgers["clinical"].held}

    async def status(self, _: Body) -> Body:
        """Answer what the supervisor last said of all processes, and what is wrong here."""
        standing = self._copying.standing(now())
        return {
            "processes": msgspec.to_builtins(processes.read(self._folder)),
            "alarms": msgspec.to_builtins(self._book.standing()),
            "sequence": standing.ledgers["clinical"].held,
        }

    async def record_looks(self, body: Body) -> Body:
        """Append looks at patients to the box's own access ledger."""
        looks = msgspec.convert(
            [[k["at"], k["who"], k["record"], k["page"], k["why"]] for k in body["looks"]],
            list[LookEntry],
        )
        sequence = await asyncio.to_thread(self._own.look, looks)
        return {"recorded": len(looks), "sequence": sequence}

    async def append_operations(self, body: Body) -> Body:
        """Append events that the box decides for itself."""
        part, at = str(body["part"]), now()
        events = [
            operations_event(part, base64.b64decode(str(each), validate=True), at)
            for each in body.get("bodies", [body.get("body", "")])
        ]
        if not all(is_own(part, event.name) for event in events):
            raise CopiedLedgerError(f"this box follows another: {part} is decided there")
        return {"sequence": await asyncio.to_thread(self._own.decide, events)}

    async def refuse(self, _: Body) -> Body:
        """Refuse what would write the first's ledgers."""
        raise CopiedLedgerError("this box follows another: it takes nothing in itself")

    async def promote(self, body: Body) -> Body:
        """Make this box the first; raises FirstAnswersError while the first lives."""
        forced = bool(body.get("force"))
        if not forced and await asyncio.to_thread(self._copying.answers):
            raise FirstAnswersError("the first still answers")
        decision = Decision(str(body["why"]), str(body["by"]), now(), forced)
        await asyncio.to_thread(self._copying.close)
        following = read_following(self._folder)
        promotion = await asyncio.to_thread(
            decide_promotion, self._folder, self._ring, following, decision
        )
        self._promoted.set()
        return dict(msgspec.to_builtins(promotion.taken_over))
