"""What is wrong with the stores of a running server, as codes that the overview words.

The codes: `disk-full`; `clinical-not-stored`, `operations-not-stored` and `access-not-stored`
while a ledger takes nothing; `clinical-lost` and so on where entries that were given out are
not there any more; `clinical-damaged` and so on where a file was left because of damage and a
new one goes on behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from wardkeep.app.inspection import DISK_NEEDED
from wardkeep.ledger.errors import StoreFailedError


class StoreAlarms:
    """Which ledgers took nothing the last time that something was put into them."""

    def __init__(self) -> None:
        self._failing: set[str] = set()

    @contextmanager
    def watching(self, ledger: str) -> Iterator[None]:
        """Take note of whether the ledger takes what is put into it here."""
        try:
            yield
        except StoreFailedError:
            self._failing.add(ledger)
            raise
        self._failing.discard(ledger)

    def codes(
        self, free_bytes: int, lost: Iterable[str], damaged: Iterable[str] = ()
    ) -> list[str]:
        """Return what is wrong now.

        `lost` names the ledgers that lost entries, `damaged` those that left a damaged file.
        """
        full = ["disk-full"] if free_bytes < DISK_NEEDED else []
        failing = [f"{ledger}-not-stored" for ledger in sorted(self._failing)]
        gone = [f"{ledger}-lost" for ledger in sorted(lost)]
        return full + failing + gone + [f"{ledger}-damaged" for ledger in sorted(damaged)]
