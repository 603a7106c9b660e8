"""Everything that a second box does to follow the first: three copiers and what they tell."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wardkeep.adapters.clock import now
from wardkeep.adapters.copied_ledger import CopiedLedger
from wardkeep.adapters.copying_line import CopyingLine
from wardkeep.adapters.errors import FirstRefusedError, FirstSilentError
from wardkeep.adapters.files import write_private
from wardkeep.adapters.handed_over import handed_by, handed_over
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.public_pack_keys import keep as keep_public
from wardkeep.app.copier import Copier, Line
from wardkeep.app.first import (
    LEDGERS,
    Copied,
    First,
    Following,
    follower_identity,
    read_following,
    write_following,
)
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.group import is_of_another_site
from wardkeep.app.map_copying import MapCopier
from wardkeep.app.own_ledgers import OwnLedgers
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import MINUTE, SECOND
from wardkeep.ledger import checkpoint
from wardkeep.ledger.checkpoint import Checkpoint, Head
from wardkeep.ledger.handover import successors_of
from wardkeep.wire.copying import Greet, Greeting, Held

_ENDING_SECONDS = 3.0
_WITNESS_EVERY = SECOND
_GREET_EVERY = MINUTE
SILENT_AFTER = 5 * SECOND
"""The first answers at least once a second; after this it counts as gone."""


class Copying:
    """The copying of one folder; `tell` writes how it stands where the screens read it."""

    def __init__(
        self, folder: HospitalFolder, site: Site, ring: KeyRing, first: First, own: OwnLedgers
    ) -> None:
        self._folder, self._site, self._ring, self._own = folder, site, ring, own
        self._first = first
        self._context = follower_identity(folder, ring).client_context()
        self._signing = ring.signing_key()
        known = read_following(folder)
        self._ledgers = dict(known.ledgers) if known else {}
        self._answered = known.answered if known else 0
        self._silent_since = known.silent_since if known else 0
        self._trouble = self._pack_keys = ""
        self._begun = now()
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._lines: dict[str, CopyingLine] = {}
        self._copies: dict[str, CopiedLedger] = {}
        self._witnessed: tuple[Head, ...] = ()
        self._witnessed_at = 0
        self._greeted_at = now()
        self._written: Following | None = None
        self._copiers = [self._copier(ledger) for ledger in LEDGERS]
        self._map = MapCopier(
            folder,
            ring,
            partial(self._connect, "map"),
            self._stopping,
            known.map if known else None,
        )

    def start(self) -> None:
        """Begin to copy."""
        for copier in self._copiers:
            copier.start()
        if not is_of_another_site(self._folder):
            self._map.start()

    def close(self) -> None:
        """End the copying; every copy is closed when this returns."""
        self._stopping.set()
        with self._guard:
            lines = list(self._lines.values())
        for line in lines:
            line.cut()
        for copier in (*self._copiers, self._map):
            if copier.ident is not None:
                copier.join(_ENDING_SECONDS)
        self.tell(now())

    def standing(self, at: int) -> Following:
        """Return how the copying stands."""
        with self._guard:
            ledgers = {name: self._ledgers.get(name, Copied()) for name in LEDGERS}
            silent = self._silent_since
            if not silent and at - max(self._answered, self._begun) > SILENT_AFTER:
                silent = self._answered or self._first.since
            return Following(
                first=self._first,
                at=at,
                as_of=min(copied.as_of for copied in ledgers.values()),
                answered=self._answered,
                silent_since=silent,
                ledgers=ledgers,
                waiting_looks=self._own.waiting,
                trouble=self._trouble,
                pack_keys=self._pack_keys,
                map=self._map.stood,
            )

    def tell(self, at: int) -> None:
        """Write how it stands; a full disk keeps the copying from nothing else."""
        standing = self.standing(at)
        try:
            write_following(self._folder, standing)
        except OSError as fault:
            with self._guard:
                self._trouble = str(fault)

    def answers(self) -> bool:
        """Ask the first now; tell whether it lives."""
        try:
            self._connect("").close()
        except FirstRefusedError:
            return True
        except FirstSilentError:
            return False
        return True

    # What the copiers tell (copier.Progress).

    def answered(self, ledger: str, copied: Copied, at: int) -> None:
        """Take note that the first answered."""
        with self._guard:
            self._ledgers[ledger] = copied
            self._answered, self._silent_since, self._trouble = at, 0, ""

    def silent(self, ledger: str, why: str, at: int) -> None:
        """Take note that the first did not answer, or refused."""
        with self._guard:
            self._lines.pop(ledger, None)
            if not self._stopping.is_set():
                self._silent_since = self._silent_since or self._answered or at
                self._trouble = why

    def trouble(self, ledger: str, copied: Copied) -> None:
        """Take note that a ledger is not copied any more."""
        with self._guard:
            self._ledgers[ledger] = copied

    def _copier(self, ledger: str) -> Copier:
        after = {
            "clinical": self._witness,
            "operations": self._greet_again,
            "access": self._tell_looks,
        }
        copier = Copier(
            ledger,
            partial(self._open, ledger),
            partial(self._connect, ledger),
            self,
            self._stopping,
            after.get(ledger, _nothing),
        )
        copier.evidence = self._folder.following / "evidence"
        copier.wrap = self._ring.wrap
        return copier

    def _open(self, ledger: str) -> CopiedLedger:
        made = CopiedLedger(
            self._folder.path / ledger,
            ledger,
            self._ring,
            self._site.cipher,
            partial(self._signers, ledger),
        )
        with self._guard:
            self._copies[ledger] = made
        return made

    def _signers(self, ledger: str, payloads: Sequence[bytes]) -> Sequence[Ed25519PublicKey]:
        """Return the keys that are believed; those that the first handed over to are pinned."""
        if payloads or ledger != "operations":
            handed = [*handed_over(self._folder.operations, self._ring)]
            if ledger == "operations":
                handed += [each for p in payloads if (each := handed_by(p)) is not None]
            for key in successors_of(self._ring.verifying_keys(), handed):
                self._ring.trust(self._first.name, key)
        return self._ring.verifying_keys()

    def _connect(self, ledger: str) -> CopyingLine:
        first = self._first
        pin = bytes.fromhex(first.pin)
        line = CopyingLine((first.host, first.port), self._context, pin)
        with contextlib.ExitStack() as opened:
            opened.callback(line.close)
            greeting = line.ask(Greet())
            if not isinstance(greeting, Greeting) or greeting.code != first.code:
                raise FirstRefusedError(f"another site answers at {first.host}:{first.port}")
            opened.pop_all()
        with self._guard:
            if ledger:
                self._lines[ledger] = line
        self._take(greeting)
        return line

    def _greet_again(self, line: Line) -> None:
        """Ask the first what it is while the line stands: wards get keys at any time."""
        at = now()
        if at - self._greeted_at < _GREET_EVERY:
            return
        self._greeted_at = at
        greeting = line.ask(Greet())
        if isinstance(greeting, Greeting):
            self._take(greeting)

    def _take(self, greeting: Greeting) -> None:
        self._map.offered(greeting.map)
        self._take_settings(greeting.settings)
        with self._guard:
            told = greeting.pack_keys
            self._pack_keys = keep_public(self._folder.pack_keys, told, self._signing)

    def _take_settings(self, settings: str) -> None:
        """Keep what the first's settings say of charts; read at the next start."""
        path = self._folder.first_settings
        content = settings.encode()
        with self._guard:
            if not path.exists() or path.read_bytes() != content:
                write_private(path, content)

    def _witness(self, line: Line) -> None:
        """Tell the first, signed, how far its ledgers are held here: at most once a second."""
        at = now()
        with self._guard:
            copies = tuple(self._copies.values())
        heads = tuple(copy.last for copy in copies)
        seals = tuple(copy.newest_seal for copy in copies if copy.newest_seal is not None)
        due = at - self._witnessed_at >= _WITNESS_EVERY
        if heads == self._witnessed or not due or len(heads) < len(LEDGERS):
            return
        body = checkpoint.encode(Checkpoint(heads[0], at, heads[1:]))
        line.ask(Held(body, checkpoint.sign(self._signing, body), seals))
        self._witnessed, self._witnessed_at = heads, at

    def _tell_looks(self, line: Line) -> None:
        looks = self._own.untold()
        if looks is not None:
            line.ask(looks)
            self._own.told(looks.upto)


def _nothing(_line: Line) -> None:
    return
