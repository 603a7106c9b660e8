"""Puts the sealed chart of each patient into what a ward's paper is made of."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.pack_keys import CRISIS, PackKeys, of_ward
from wardkeep.adapters.sealed_copy import seal_copy
from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack.contents import WardData
from wardkeep.pack.paper_codes import cut
from wardkeep.pack.paper_copy import CARRYING, PaperCopy, copy_of, fitting, settings_of


class ChartSealing:
    """Seals charts to a ward and the crisis team, signed by the site."""

    def __init__(self, keys: PackKeys, ring: KeyRing) -> None:
        self._keys, self._ring = keys, ring

    def seal(self, data: WardData, language: str) -> WardData:
        """Return a ward with the parts of its codes; as it was where its keys cannot be had.

        A ward whose key is missing must have its paper all the same.
        """
        if not data.site.paper.codes:
            return data
        try:
            to = self._keys.recipients(of_ward(data.summary.ward), CRISIS)
            key = self._ring.signing_key()
            copies = tuple(_parts(each, key, to) for each in _copies(data, language))
        except (WardkeepError, OSError) as fault:
            what = type(fault).__name__
            said = f"wardkeep: paper without sealed charts: {what}"
            print(said, file=sys.stderr, flush=True)  # noqa: T201  # the log
            return data
        return replace(data, copies=copies)


def _copies(data: WardData, language: str) -> Iterator[PaperCopy]:
    settings = settings_of(data)
    for place, chart in enumerate(data.charts):
        yield copy_of(chart, data, language, settings if place < CARRYING else None)


def _parts(
    copy: PaperCopy, key: Ed25519PrivateKey, to: list[pyrage.x25519.Recipient]
) -> tuple[bytes, ...]:
    packed = fitting(copy)
    return () if packed is None else cut(seal_copy(packed, key, to))
