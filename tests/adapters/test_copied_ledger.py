from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.adapters.ledgers import MIDNIGHT, SATURDAY, Ledgers, message

from wardkeep.adapters.chained_file import seal_of
from wardkeep.adapters.copied_ledger import CopiedLedger
from wardkeep.adapters.copy_source import CopySource
from wardkeep.adapters.errors import CopyContradictedError, UnknownSignerError
from wardkeep.adapters.key_ring import KeyRing, load_key_ring, make_key_ring
from wardkeep.adapters.ledger_reader import LedgerReader
from wardkeep.ledger.chain import link
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import LookEntry, OperationsEvent
from wardkeep.ledger.loss import UNSEEN
from wardkeep.wire.copying import Chunk, Row


@pytest.fixture
def first(tmp_path: Path) -> Ledgers:
    return Ledgers(tmp_path / "first")


@pytest.fixture
def ring(tmp_path: Path, first: Ledgers) -> KeyRing:
    return second_box(tmp_path / "second", first)


def second_box(folder: Path, first: Ledgers) -> KeyRing:
    for name in ("keys", "clinical", "operations", "access"):
        (folder / name).mkdir(parents=True)
    ring, _ = make_key_ring(folder / "keys")
    ring.trust("first", first.ring.verifying_key().public_bytes_raw())
    return ring


def opened(folder: Path, ring: KeyRing, ledger: str = "clinical") -> CopiedLedger:
    return CopiedLedger(folder / ledger, ledger, ring, "aegis", lambda _: ring.verifying_keys())


def asked(source: CopySource, copy: CopiedLedger, most: int = 8_192) -> Chunk | None:
    part = source.after(copy.last.sequence, copy.sealed, most)
    if part is None:
        return None
    return Chunk(
        start=part.start,
        rows=part.rows,
        seals=part.seals,
        newest=source.newest(),
        agrees=source.agrees(copy.last.sequence, copy.last.head),
        waited=0,
        broken=part.broken,
    )


def copied(first: Ledgers, folder: Path, ring: KeyRing, ledger: str = "clinical") -> int:
    source, copy = CopySource(first.folder / ledger, first.ring), opened(folder, ring, ledger)
    while chunk := asked(source, copy):
        copy.take(chunk)
    source.close()
    copy.close()
    return copy.last.sequence


def payloads(folder: Path, ring: KeyRing, ledger: str = "clinical") -> list[tuple[int, object]]:
    reader = LedgerReader(folder / ledger, ring)
    found = [(s, p) for s, p in reader.after(0, 1_000_000)]
    reader.close()
    return found


def test_every_entry_checkpoint_and_file_comes_over_as_it_is(
    first: Ledgers, ring: KeyRing, tmp_path: Path
) -> None:
    for at, numbers in ((SATURDAY, range(30)), (MIDNIGHT, range(30, 50))):
        for number in numbers:
            first.clinical.append([message(number, at + number)])
            first.operations.append([OperationsEvent("it", "Said", 1, at, "it", b"{}")])
            first.access.append([LookEntry(at, "nurse", "4711", "ward", "")])
        first.witness.witness(at)
    first.close(MIDNIGHT)
    for ledger in ("clinical", "operations", "access"):
        copied(first, tmp_path / "second", ring, ledger)
        there = payloads(first.folder, first.ring, ledger)
        assert payloads(tmp_path / "second", ring, ledger) == there
        names = {path.name for path in (first.folder / ledger).glob("*.db")}
        assert {path.name for path in (tmp_path / "second" / ledger).glob("*.db")} == names


@settings(max_examples=8)
@given(st.lists(st.integers(1, 7), min_size=1, max_size=8), st.integers(1, 9))
def test_whenever_the_second_box_is_killed_it_goes_on_without_loss_or_double(
    tmp_path_factory: pytest.TempPathFactory, batches: list[int], most: int
) -> None:
    folder = tmp_path_factory.mktemp("boxes")
    first = Ledgers(folder / "first")
    ring = second_box(folder / "second", first)
    numbers = itertools.count()
    source = CopySource(first.folder / "clinical", first.ring)
    for size in batches:
        first.clinical.append([message(next(numbers)) for _ in range(size)])
        # Opened anew each time and never closed: what was taken is on the disk.
        copy = opened(folder / "second", ring)
        if chunk := asked(source, copy, most):
            copy.take(chunk)
    source.close()
    first.close()
    copied(first, folder / "second", ring)
    there = payloads(first.folder, first.ring)
    assert payloads(folder / "second", ring) == there
    assert len(there) == sum(batches)


def chunk_of(first: Ledgers, copy: CopiedLedger) -> Chunk:
    source = CopySource(first.folder / "clinical", first.ring)
    chunk = asked(source, copy)
    source.close()
    assert chunk is not None
    return chunk


def altered(row: Row) -> Row:
    return row[0], row[1][:-1] + b"?", row[2]


FORGERIES: dict[str, Callable[[Chunk], Chunk]] = {
    "an altered entry": lambda c: msgspec.structs.replace(
        c, rows=(*c.rows[:2], altered(c.rows[2]), *c.rows[3:])
    ),
    "an entry left out": lambda c: msgspec.structs.replace(c, rows=c.rows[:2] + c.rows[3:]),
    "entries exchanged": lambda c: msgspec.structs.replace(c, rows=c.rows[::-1]),
    "an entry twice": lambda c: msgspec.structs.replace(c, rows=(c.rows[0], *c.rows)),
    "a file with a path": lambda c: msgspec.structs.replace(
        c, start=msgspec.structs.replace(c.start, stem="../keys/2026-01-01")
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_does_not_follow_from_what_is_held_is_not_stored(
    first: Ledgers, ring: KeyRing, tmp_path: Path, forgery: str
) -> None:
    first.clinical.append([message(number) for number in range(6)])
    copy = opened(tmp_path / "second", ring)
    sound = chunk_of(first, copy)
    with pytest.raises(CopyContradictedError):
        copy.take(FORGERIES[forgery](sound))
    assert copy.last.sequence == 0
    copy.take(sound)
    assert copy.last.sequence == 6


def test_a_history_chained_anew_is_contradicted_by_the_checkpoints_that_were_signed(
    first: Ledgers, ring: KeyRing, tmp_path: Path
) -> None:
    first.clinical.append([message(number) for number in range(6)])
    first.clinical.seal(SATURDAY)
    copy = opened(tmp_path / "second", ring)
    sound = chunk_of(first, copy)
    head, forged = bytes(32), []
    for sequence, payload, _ in sound.rows:
        head = link(head, sequence, payload[:-1] + b"?")
        forged.append((sequence, payload[:-1] + b"?", head))
    with pytest.raises(CopyContradictedError, match="another head"):
        copy.take(msgspec.structs.replace(sound, rows=tuple(forged)))
    assert payloads(tmp_path / "second", ring) == []


def test_a_checkpoint_of_a_stranger_is_not_believed(
    first: Ledgers, ring: KeyRing, tmp_path: Path
) -> None:
    first.clinical.append([message(number) for number in range(6)])
    copy = opened(tmp_path / "second", ring)
    sound = chunk_of(first, copy)
    stranger = seal_of(
        Ed25519PrivateKey.generate(), Head("clinical", 6, sound.rows[-1][2]), SATURDAY
    )
    with pytest.raises(UnknownSignerError):
        copy.take(msgspec.structs.replace(sound, seals=(stranger,)))
    assert copy.last.sequence == 0


def test_numbers_that_the_first_left_out_after_a_loss_are_a_gap_and_no_contradiction(
    first: Ledgers, ring: KeyRing, tmp_path: Path
) -> None:
    first.clinical.append([message(number) for number in range(3)])
    copy = opened(tmp_path / "second", ring)
    sound = chunk_of(first, copy)
    copy.take(sound)
    number = 3 + UNSEEN + 1
    payload = sound.rows[0][1]
    later = (number, payload, link(copy.last.head, number, payload))
    copy.take(msgspec.structs.replace(sound, rows=(later,), seals=()))
    assert copy.last == Head("clinical", number, later[2])


def test_the_copy_opens_with_its_own_keys_only(
    first: Ledgers, ring: KeyRing, tmp_path: Path
) -> None:
    first.clinical.append([message(1)])
    copied(first, tmp_path / "second", ring)
    theirs = (first.folder / "clinical" / "2022-05-14.key").read_bytes()
    ours = (tmp_path / "second" / "clinical" / "2022-05-14.key").read_bytes()
    assert theirs != ours
    assert load_key_ring(tmp_path / "second" / "keys").open_key(
        tmp_path / "second" / "clinical" / "2022-05-14.key"
    )


def test_a_first_says_whether_it_still_holds_what_was_copied(
    first: Ledgers, ring: KeyRing, tmp_path: Path
) -> None:
    first.clinical.append([message(number) for number in range(4)])
    copied(first, tmp_path / "second", ring)
    source = CopySource(first.folder / "clinical", first.ring)
    held = opened(tmp_path / "second", ring).last
    assert source.agrees(held.sequence, held.head) is True
    assert source.agrees(held.sequence, bytes(32)) is False
    assert source.agrees(held.sequence + 1, bytes(32)) is None, "it was put back, or lost it"
    source.close()
