"""With whose keys a server seals charts onto its paper."""

from __future__ import annotations

from collections.abc import Callable

from wardkeep.adapters.chart_sealing import ChartSealing
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.pack_keys import PackKeys
from wardkeep.app.first import is_copy
from wardkeep.app.folder import HospitalFolder
from wardkeep.pack.contents import WardData

Seal = Callable[[WardData, str], WardData]


def sealing(folder: HospitalFolder, ring: KeyRing) -> Seal:
    """Return what seals a ward's charts; while a box follows, it leaves them unsealed.

    Until it is the first its paper is a copy, and it may not know every ward's key yet.
    """
    seal = ChartSealing(PackKeys(folder.pack_keys, ring), ring).seal

    def sealed(data: WardData, language: str) -> WardData:
        return data if is_copy(folder) else seal(data, language)

    return sealed
