"""A share with the packs of three wards in two generations, made without typesetting."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

from wardkeep.adapters.both_shelves import BothShelves
from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.adapters.outbox import Outbox
from wardkeep.adapters.pack_keys import PackKeys, of_ward
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.pack.events import PackBuilt

WARDS = {"4B": "en", "5A": "fr", "ICU/2": "nl"}
LIST = "list+kitchen"
"""A list of the house lies beside the wards' packs, on a shelf of its own."""
ZONE = ZoneInfo("Europe/Brussels")
PDF = b"%PDF-1.7 of "


class Delivered:
    """`old` and `new` are what lay on the share an hour ago and lies there now."""

    def __init__(self, folder: Path, now: int, old_age: int = HOUR) -> None:
        (folder / "keys").mkdir(parents=True)
        (folder / "packs").mkdir()
        self.folder, self.now = folder, now
        self.ring: KeyRing = make_key_ring(folder / "keys")[0]
        self.shelf = PackShelf(folder / "packs", self.ring)
        self.lists = PackShelf(folder / "lists", self.ring)
        self.keys = PackKeys(folder / "pack-keys", self.ring)
        both = BothShelves(self.shelf, self.lists)
        self.outbox = Outbox(folder / "deliveries" / "out", both, self.keys, self.ring, ZONE)
        self.old = self._round(1, now - old_age, "old")
        self.new = self._round(2, now - MINUTE, "new")

    def _round(self, generation: int, at: int, name: str) -> Path:
        sealed = []
        for ward, language in {**self.wards(), LIST: "en"}.items():
            built = self.put(ward, generation, at, language)
            [note] = [n for n in self.shelf_of(ward).generations(ward) if n.built == built]
            one = self.outbox.seal_ward(note, held=False)
            assert one is not None
            sealed.append(one)
        self.outbox.put(sealed, "H1", at)
        return shutil.copytree(self.outbox.folder, self.folder / name)

    def put(self, ward: str, generation: int, at: int, language: str) -> PackBuilt:
        pdf = PDF + f"{ward} {generation}".encode()
        built = PackBuilt(
            ward=ward, generation=generation, revision=generation, language=language, at=at,
            as_of=at, pages=1, patients=2, digest=hashlib.sha256(pdf).hexdigest(),
        )  # fmt: skip
        sheets = sheets_of if ward == LIST else self.sheets
        self.shelf_of(ward).put(built, pdf, sheets(ward, generation))
        return built

    def shelf_of(self, ward: str) -> PackShelf:
        """The shelf on which the packs of a ward, or the list, stand."""
        return self.lists if ward == LIST else self.shelf

    def wards(self) -> dict[str, str]:
        """The wards and their languages."""
        return WARDS

    def sheets(self, ward: str, generation: int) -> tuple[str, ...]:
        """The sheets of a ward as HTML."""
        return sheets_of(ward, generation)

    def key(self, ward: str) -> str:
        """The 24 words of a ward's envelope."""
        return self.keys.words(of_ward(ward))


def sheets_of(ward: str, generation: int) -> tuple[str, ...]:
    """A ward sheet and two patients, as HTML."""
    head = '<table class="sheet" role="presentation"><thead><tr><td>'
    return tuple(
        f"{head}{ward} of {generation}</td></tr></thead><tbody><tr><td>sheet {number} of"
        f" {ward}, generation {generation}</td></tr></tbody></table>"
        for number in range(3)
    )
