import shutil
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from tests.adapters.ledgers import SATURDAY, Ledgers, message

from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.encrypted_database import open_for_writing
from wardkeep.adapters.ledger_check import LedgerCheck
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.kernel.times import DAY
from wardkeep.ledger.encoding import LookEntry
from wardkeep.ledger.verification import Fault, FaultKind

NAMES = ("clinical", "operations", "access")


@pytest.fixture
def ledgers(tmp_path: Path) -> Ledgers:
    ledgers = Ledgers(tmp_path)
    for day in range(3):
        at = SATURDAY + day * DAY
        for part in range(4):
            rows = [message(day * 400 + part * 100 + n, at + part) for n in range(100)]
            ledgers.clinical.append(rows)
            ledgers.access.append([LookEntry(at, "nurse", "7", "ward", "")])
            ledgers.witness.witness(at + part)
    ledgers.close(SATURDAY + 2 * DAY)
    return ledgers


def opened(ledgers: Ledgers) -> LedgerCheck:
    folders = {ledger: ledgers.folder / ledger for ledger in NAMES}
    return LedgerCheck(folders, ledgers.ring, ledgers.folder)


def faults(ledgers: Ledgers) -> list[Fault]:
    check = opened(ledgers)
    walks = [check.walk(ledger, lambda _l, _n: None) for ledger in NAMES]
    check.close()
    return [fault for walk in walks for fault in walk.finish()]


def tamper(ledgers: Ledgers, day: int, change: str, values: tuple[object, ...] = ()) -> None:
    path = files_of(ledgers.folder / "clinical")[day]
    connection = open_for_writing(path, ledgers.ring.open_key(key_path(path)))
    connection.execute(change, values)  # type: ignore[arg-type]
    connection.close()


def test_a_sound_folder_has_no_fault(ledgers: Ledgers) -> None:
    assert faults(ledgers) == []


@pytest.mark.parametrize("day", [0, 1, 2])
def test_an_altered_message_is_named(ledgers: Ledgers, day: int) -> None:
    place = day * 400 + 50
    tamper(ledgers, day, "update entry set payload = x'00' where sequence = ?", (place,))
    [fault] = faults(ledgers)
    assert (fault.ledger, fault.entry, fault.kind) == ("clinical", place, FaultKind.ALTERED)


def test_a_removed_message_is_named(ledgers: Ledgers) -> None:
    tamper(ledgers, 1, "delete from entry where sequence = 555")
    [fault] = faults(ledgers)
    assert (fault.entry, fault.kind) == (555, FaultKind.MISSING)


def test_exchanged_messages_are_named(ledgers: Ledgers) -> None:
    tamper(ledgers, 0, "create temp table t as select * from entry where sequence in (5, 6)")
    path = files_of(ledgers.folder / "clinical")[0]
    connection = open_for_writing(path, ledgers.ring.open_key(key_path(path)))
    rows = dict(
        connection.execute("select sequence, payload from entry where sequence in (5, 6)")
    )
    connection.execute("update entry set payload = ? where sequence = 5", (rows[6],))
    connection.execute("update entry set payload = ? where sequence = 6", (rows[5],))
    connection.close()
    assert [(f.entry, f.kind) for f in faults(ledgers)] == [
        (5, FaultKind.REORDERED),
        (6, FaultKind.REORDERED),
    ]


def test_a_removed_tail_is_missed_by_the_other_ledgers(ledgers: Ledgers) -> None:
    tamper(ledgers, 2, "delete from entry where sequence > 1150")
    tamper(ledgers, 2, "delete from checkpoint where sequence > 1150")
    [fault] = faults(ledgers)
    assert (fault.ledger, fault.entry, fault.kind) == (
        "clinical",
        1151,
        FaultKind.TAIL_REMOVED,
    )


def test_a_deleted_day_is_named(ledgers: Ledgers) -> None:
    files_of(ledgers.folder / "clinical")[1].unlink()
    [fault] = faults(ledgers)
    assert (fault.entry, fault.kind) == (401, FaultKind.MISSING)
    assert "800" in fault.what


def test_a_deleted_last_day_is_missed(ledgers: Ledgers) -> None:
    files_of(ledgers.folder / "clinical")[2].unlink()
    [fault] = faults(ledgers)
    assert (fault.entry, fault.kind) == (801, FaultKind.TAIL_REMOVED)


def test_an_older_copy_put_back_is_contradicted(ledgers: Ledgers, tmp_path: Path) -> None:
    clinical = ledgers.folder / "clinical"
    kept = tmp_path / "kept"
    shutil.copytree(clinical, kept)
    again = Ledgers(ledgers.folder, ledgers.ring)
    again.clinical.append([message(5000 + n, SATURDAY + 2 * DAY) for n in range(10)])
    again.close(SATURDAY + 2 * DAY + 9)
    shutil.rmtree(clinical)
    shutil.copytree(kept, clinical)
    [fault] = faults(ledgers)
    assert (fault.entry, fault.kind) == (1201, FaultKind.TAIL_REMOVED)


def test_an_operations_ledger_put_back_is_contradicted_by_the_clinical_one(
    ledgers: Ledgers, tmp_path: Path
) -> None:
    operations = ledgers.folder / "operations"
    kept = tmp_path / "kept"
    shutil.copytree(operations, kept)
    again = Ledgers(ledgers.folder, ledgers.ring)
    for n in range(3):
        again.clinical.append([message(6000 + n, SATURDAY + 2 * DAY + n * 2_000_000)])
        again.witness.witness(SATURDAY + 2 * DAY + n * 2_000_000)
    again.close(SATURDAY + 2 * DAY + 9_000_000)
    shutil.rmtree(operations)
    shutil.copytree(kept, operations)
    found = faults(ledgers)
    assert {f.ledger for f in found} == {"operations"}
    assert found[0].kind is FaultKind.TAIL_REMOVED


def test_a_forged_checkpoint_is_named(ledgers: Ledgers) -> None:
    tamper(ledgers, 0, "update checkpoint set signature = zeroblob(64) where sequence = 400")
    [fault] = faults(ledgers)
    assert (fault.entry, fault.kind) == (400, FaultKind.UNSIGNED)


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 0x40
    path.write_bytes(bytes(content))


def test_flipped_bits_on_the_disk_are_never_silent_and_the_rest_is_read(
    ledgers: Ledgers,
) -> None:
    path = files_of(ledgers.folder / "clinical")[1]
    connection = open_for_writing(path, ledgers.ring.open_key(key_path(path)))
    connection.pragma("wal_checkpoint(truncate)")
    connection.close()
    size = path.stat().st_size
    sound = path.read_bytes()
    named = 0
    for place in range(5_000, size, size // 12):
        flip(path, place)
        found = faults(ledgers)
        check = opened(ledgers)
        walk = check.walk("clinical", lambda _l, _n: None)
        check.close()
        named += bool(found)
        assert walk.entries >= 800
        path.write_bytes(sound)
    # Salt and reserved bytes of a page are not read: a flip there harms nothing.
    assert named >= 9


def test_a_page_rolled_back_is_seen_by_the_chain(ledgers: Ledgers) -> None:
    path = files_of(ledgers.folder / "clinical")[2]

    def settle(change: Callable[[apsw.Connection], object]) -> bytes:
        connection = open_for_writing(path, ledgers.ring.open_key(key_path(path)))
        change(connection)
        connection.pragma("wal_checkpoint(truncate)")
        connection.close()
        return path.read_bytes()

    before = settle(lambda c: c.pragma("user_version"))
    after = settle(
        lambda c: c.execute("update entry set payload = x'beef' where sequence = 1111")
    )
    changed = [
        page
        for page in range(0, min(len(before), len(after)), 4096)
        if before[page : page + 4096] != after[page : page + 4096]
    ]
    assert changed
    [fault] = faults(ledgers)
    assert (fault.entry, fault.kind) == (1111, FaultKind.ALTERED)
