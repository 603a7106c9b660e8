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
    """Return what seals a ward's charts; on a box that follows, what leaves them unsealed.

    The keys of the wards' envelopes lie at the first: keys made here would open nothing.
    """
    if is_copy(folder):
        return lambda data, _: data
    return ChartSealing(PackKeys(folder.pack_keys, ring), ring).seal
