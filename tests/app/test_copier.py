from __future__ import annotations

import threading

from wardkeep.app.copier import Copier, Line
from wardkeep.app.first import Copied


class Told:
    """Hears how the copying stands, and ends it at the second try."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self.troubles: list[str] = []

    def answered(self, ledger: str, copied: Copied, at: int) -> None:
        raise AssertionError((ledger, copied, at))

    def silent(self, ledger: str, why: str, at: int) -> None:
        raise AssertionError((ledger, why, at))

    def trouble(self, ledger: str, copied: Copied) -> None:
        self.troubles.append(f"{ledger}: {copied.trouble}")
        self._stopping.set()


def test_a_full_disk_while_the_settings_of_the_first_come_is_told_and_ends_no_copying() -> None:
    stopping = threading.Event()
    told = Told(stopping)

    def connect() -> Line:
        raise OSError(28, "No space left on device")

    def opened() -> None:
        return None

    copier = Copier("clinical", opened, connect, told, stopping, lambda _line: None)  # type: ignore[arg-type]  # no copy is reached
    copier.run()
    assert told.troubles == ["clinical: copy-stopped: [Errno 28] No space left on device"]
