"""What a follower may ask of this box, and what it is answered; no ledger is written here."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque

import msgspec

from wardkeep.adapters.box_identity import fingerprint
from wardkeep.adapters.clock import now, steady
from wardkeep.adapters.copy_source import CopySource
from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.heads_seen import SignedHead, encode_witness
from wardkeep.adapters.key_ring import RECOVERY_RECIPIENT, KeyRing
from wardkeep.adapters.map_parts import MapParts
from wardkeep.adapters.pack_keys import PackKeys
from wardkeep.adapters.witness_folder import FollowerWitness, keep_witness
from wardkeep.app.control import Body, call
from wardkeep.app.first import GIVEN, WITHHELD, box_identity
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.follower_book import FollowerBook
from wardkeep.app.settings import INHERITED
from wardkeep.app.settings_text import settings_toml
from wardkeep.copies.decide import invited, pair
from wardkeep.copies.errors import InvitationError
from wardkeep.copies.state import Follower
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.ledger.errors import LedgerFaultError
from wardkeep.wire.copying import (
    FORM,
    LONGEST_PIECE,
    MOST_PARTS,
    Answer,
    Ask,
    AskMap,
    AskPiece,
    Chunk,
    Done,
    Greet,
    Greeting,
    Held,
    Join,
    Joined,
    Looks,
    MapList,
    Piece,
    Refused,
    Request,
)

_LOOK_AGAIN_SECONDS = 0.05
_LONGEST_WAIT_MS = 5_000
_MOST_ROWS = 8_192
# 2^96 secrets: five tries a minute are for people who misread, and stop nobody who reads well.
_TRIES, _TRIES_SECONDS = 5, 60.0
_PATIENCE_SECONDS = 5.0


class CopiesDesk:
    """Answers followers out of one hospital folder."""

    def __init__(self, folder: HospitalFolder, site: Site, ring: KeyRing) -> None:
        self.folder, self.site, self.ring = folder, site, ring
        self.identity = box_identity(folder, ring, site.name, now())
        self.book = FollowerBook(folder, ring)
        self.pack_keys = PackKeys(folder.pack_keys, ring)
        self.map = MapParts(folder.map, folder.foresight, ring)
        self.ledgers = {
            "clinical": folder.clinical,
            "operations": folder.operations,
            "access": folder.access,
        }
        self._guard = asyncio.Lock()
        self._failed: deque[float] = deque(maxlen=_TRIES)

    def visit(self, certificate: str) -> FollowerVisit:
        """Begin the connection of whoever shows a certificate."""
        return FollowerVisit(self, certificate)

    async def follower(self, certificate: str) -> Follower | None:
        """Return the follower that shows a certificate now: one may be removed at any time."""
        async with self._guard:
            copies = await asyncio.to_thread(self.book.copies)
        return copies.by_certificate(certificate)

    async def join(self, asked: Join) -> Answer:
        """Pair a box that knows the secret of an invitation."""
        async with self._guard:
            if len(self._failed) == _TRIES and steady() - self._failed[0] < _TRIES_SECONDS:
                return Refused("invitation", "too many wrong codes: wait a minute")
            try:
                copies = await asyncio.to_thread(self.book.copies)
                name = invited(copies, asked.secret, now())
                certificate = self.identity.issue(asked.request, name, now())
            except (InvitationError, ValueError) as fault:
                self._failed.append(steady())
                return Refused("invitation", str(fault))
            shown = fingerprint(certificate).hex()
            event = pair(copies, asked.secret, shown, asked.signer.hex(), now())
            await asyncio.to_thread(self.book.append, event)
        return Joined(name, certificate)

    def greeting(self, asked: Greet, follower: Follower) -> Answer:
        """Return what a follower must know of this site."""
        if asked.form != FORM:
            return Refused("form", f"this box speaks form {FORM}: update both")
        signers = [
            (self.site.name, key.public_bytes_raw()) for key in self.ring.verifying_keys()
        ]
        return Greeting(
            form=FORM,
            name=self.site.name,
            code=self.site.code,
            settings=inherited_settings(self.site),
            recovery=(self.folder.keys / RECOVERY_RECIPIENT).read_text("ascii"),
            signers=tuple(signers),
            follower=follower.name,
            pack_keys=tuple(self.pack_keys.public().items()),
            map=GIVEN if follower.with_map else WITHHELD,
        )


class FollowerVisit:
    """One connection; the ledgers that it asks for are open while it lasts."""

    def __init__(self, desk: CopiesDesk, certificate: str) -> None:
        self._desk, self._certificate = desk, certificate
        self._sources: dict[str, CopySource] = {}
        self._part = (b"", b"")
        """The part of the map that is asked for piece by piece: SHA-256 and bytes."""

    def close(self) -> None:
        """Close the ledgers."""
        for source in self._sources.values():
            source.close()

    async def answer(self, request: Request) -> Answer:
        """Return the answer; what fails here is told in a code, never a patient's data."""
        try:
            if isinstance(request, Join):
                return await self._desk.join(request)
            follower = await self._desk.follower(self._certificate)
            if follower is None:
                return Refused("not-paired", "this box may not copy here (any more)")
            return await self._answer(request, follower)
        except LedgerFaultError as fault:
            return Refused("unreadable", str(fault))
        except WardkeepError as fault:
            return Refused("failed", f"{fault.code}: {fault}")

    async def _answer(self, request: Request, follower: Follower) -> Answer:
        match request:
            case Ask():
                return await self._chunk(request)
            case Greet():
                return await asyncio.to_thread(self._desk.greeting, request, follower)
            case Held():
                return await asyncio.to_thread(self._keep, request, follower)
            case Looks():
                return await self._record(request, follower)
            case AskMap() | AskPiece():
                return await asyncio.to_thread(self._of_map, request, follower)
            case Join():
                return Refused("failed", "this box is paired")

    async def _chunk(self, ask: Ask) -> Answer:
        source = self._source(ask.ledger)
        if source is None:
            return Refused("unreadable", f"there is no ledger {ask.ledger!r}")
        begun = steady()
        until = begun + min(ask.wait, _LONGEST_WAIT_MS) / 1_000
        most = max(1, min(ask.most, _MOST_ROWS))
        while True:
            looked = steady()
            newest = await asyncio.to_thread(source.newest)
            part = await asyncio.to_thread(source.after, ask.after, ask.sealed, most)
            if part is not None or steady() >= until:
                break
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        agrees = await asyncio.to_thread(source.agrees, ask.after, ask.head)
        return Chunk(
            start=part.start if part else None,
            rows=part.rows if part else (),
            seals=part.seals if part else (),
            newest=max(newest, part.rows[-1][0] if part and part.rows else 0),
            agrees=agrees,
            waited=int((looked - begun) * 1_000_000),
            broken=part.broken if part else False,
        )

    def _source(self, ledger: str) -> CopySource | None:
        if ledger not in self._sources and ledger in self._desk.ledgers:
            folder, ring = self._desk.ledgers[ledger], self._desk.ring
            self._sources[ledger] = CopySource(folder, ring)
        return self._sources.get(ledger)

    def _of_map(self, asked: AskMap | AskPiece, follower: Follower) -> Answer:
        if not follower.with_map:
            return Refused("map-withheld", "this box is not given the map")
        if isinstance(asked, AskPiece):
            return Piece(self._piece(asked))
        found = self._desk.map.found()
        if len(found.parts) + len(found.shut) > MOST_PARTS:
            return Refused("failed", f"the map has more than {MOST_PARTS:,} parts")
        return MapList(found.parts, found.shut)

    def _piece(self, asked: AskPiece) -> bytes:
        if self._part[0] != asked.digest:
            content = self._desk.map.content(asked.name)
            digest = hashlib.sha256(content).digest()
            self._part = (digest, content) if digest == asked.digest else (b"", b"")
        _, content = self._part
        end = asked.offset + LONGEST_PIECE
        if end >= len(content):
            self._part = (b"", b"")
        return content[asked.offset : end]

    def _keep(self, held: Held, follower: Follower) -> Answer:
        witness = FollowerWitness(
            name=follower.name,
            signer=bytes.fromhex(follower.signer),
            body=held.body,
            signature=held.signature,
        )
        if not keep_witness(self._desk.folder.copies / "witness", witness):
            return Refused("failed", "the heads are not signed by this follower")
        if held.seals:
            # What this box signed itself, kept where `serve` and `verify` look for it.
            content = encode_witness([SignedHead(*seal) for seal in held.seals])
            folder = self._desk.folder.ledgers.witness
            make_private_folder(folder)
            write_private(folder / f"{follower.name}.json", content)
        return Done()

    async def _record(self, told: Looks, follower: Follower) -> Answer:
        looks = [
            {
                "at": at,
                "who": who,
                "record": record,
                "page": page,
                "why": f"{why} ({follower.name})".strip(),
            }
            for at, who, record, page, why in told.looks
        ]
        await self._ask_writer("looks.record", {"looks": looks})
        return Done()

    async def _ask_writer(self, verb: str, body: Body) -> Body:
        socket = self._desk.folder.control_socket
        return await asyncio.to_thread(call, socket, verb, body, _PATIENCE_SECONDS)


def inherited_settings(site: Site) -> str:
    """Return the settings that charts and paper depend on, as TOML."""
    plain = Site(name=site.name)
    told = {key: getattr(site, key) for key in INHERITED}
    return settings_toml(msgspec.structs.replace(plain, **told))
