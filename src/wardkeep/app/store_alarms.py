"""What is wrong with the stores of a running server, as alarms.

The codes: `disk-full`; `clinical-not-stored`, `operations-not-stored` and `access-not-stored`
while a ledger takes nothing; `clinical-lost` and so on where entries that were given out are
not there any more; `clinical-damaged` and so on where a file was left because of damage and a
new one goes on behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from wardkeep.alarm.state import Name
from wardkeep.app.inspection import DISK_NEEDED
from wardkeep.ledger.errors import StoreFailedError

_LEDGERS = ("clinical", "operations", "access")
CODES = frozenset(
    {"disk-full", *(f"{a}-{b}" for a in _LEDGERS for b in ("not-stored", "lost", "damaged"))}
)
"""The codes that `StoreAlarms.found` decides about."""


class StoreAlarms:
    """Which ledgers took nothing the last time that something was put into them."""

    def __init__(self) -> None:
        self._failing: dict[str, str] = {}

    @contextmanager
    def watching(self, ledger: str) -> Iterator[None]:
        """Take note of whether the ledger takes what is put into it here."""
        try:
            yield
        except StoreFailedError as fault:
            self._failing[ledger] = str(fault)
            raise
        self._failing.pop(ledger, None)

    def found(
        self,
        free_bytes: int,
        lost: Mapping[str, int],
        damaged: Mapping[str, Sequence[str]],
    ) -> dict[Name, str]:
        """Return what is wrong now, with its words.

        `lost` tells by ledger how many entries are gone, `damaged` which files were left.
        """
        found: dict[Name, str] = {}
        if free_bytes < DISK_NEEDED:
            found[Name("disk-full")] = f"{free_bytes:,} bytes are free, {DISK_NEEDED:,} needed"
        for ledger, why in sorted(self._failing.items()):
            found[Name(f"{ledger}-not-stored")] = why
        for ledger, entries in sorted(lost.items()):
            found[Name(f"{ledger}-lost")] = f"{entries:,} entries of the {ledger} ledger"
        for ledger, names in sorted(damaged.items()):
            found[Name(f"{ledger}-damaged")] = ", ".join(names)
        return found
