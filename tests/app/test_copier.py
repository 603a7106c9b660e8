from __future__ import annotations

import threading
from typing import cast

import pytest

from wardkeep.adapters.copied_ledger import CopiedLedger
from wardkeep.adapters.errors import UnknownSignerError
from wardkeep.app import copier as copying
from wardkeep.app.copier import Copier, Line
from wardkeep.app.first import Copied
from wardkeep.ledger.checkpoint import Head
from wardkeep.wire.copying import Answer, Ask, Chunk, Request


class Told:
    """Hears how the copying stands, and ends it at the first answer or trouble."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self.troubles: list[str] = []
        self.answers: list[str] = []

    def answered(self, ledger: str, copied: Copied, at: int) -> None:
        assert at
        self.answers.append(f"{ledger}: {copied.trouble}")
        self._stopping.set()

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
    assert not told.answers


class Copy:
    """A copy to which `unknown` chunks come before the handover to their signer."""

    last, sealed = Head("clinical", 7, bytes(32)), 7

    def __init__(self, unknown: int) -> None:
        self._unknown = unknown

    def take(self, chunk: Chunk) -> int:
        self._unknown -= 1
        if self._unknown >= 0:
            raise UnknownSignerError("checkpoint 7 is signed by no pinned key")
        return len(chunk.rows)

    def close(self) -> None:
        return


class Even:
    """A line to a first that has nothing newer."""

    def ask(self, request: Request) -> Answer:
        assert isinstance(request, Ask)
        return Chunk(start=None, rows=(), seals=(), newest=7, agrees=True, waited=0)

    def close(self) -> None:
        return


@pytest.mark.parametrize(("unknown", "told"), [(3, False), (11, True)])
def test_an_unknown_signer_is_an_alarm_only_when_no_handover_to_it_comes(
    unknown: int, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_AGAIN_SECONDS", 0.0)
    stopping = threading.Event()
    heard, copy = Told(stopping), cast(CopiedLedger, Copy(unknown))
    Copier("clinical", lambda: copy, Even, heard, stopping, lambda _line: None).run()
    what = "clinical: unknown-signer: checkpoint 7 is signed by no pinned key"
    assert heard.troubles == ([what] if told else [])
    assert heard.answers == ([] if told else ["clinical: "])
