import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import pytest
from tests.adapters.ledgers import SATURDAY, Ledgers, message, places

from wardkeep.adapters import trailing_index
from wardkeep.adapters.chained_file import UNSEEN, key_path
from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.encrypted_database import open_for_reading, open_for_writing
from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.ledger_check import LedgerCheck
from wardkeep.adapters.ledger_folder import files_of, set_aside
from wardkeep.adapters.operations_store import read_operations
from wardkeep.kernel.times import DAY
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import LookEntry
from wardkeep.ledger.verification import Fault, FaultKind
from wardkeep.ledger.witness import PART, PeriodErased, to_event

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


def test_seals_taken_out_of_the_middle_of_a_file_are_named(ledgers: Ledgers) -> None:
    tamper(ledgers, 0, "delete from checkpoint where sequence in (200, 300)")
    [fault] = faults(ledgers)
    assert (fault.entry, fault.kind) == (200, FaultKind.UNSIGNED)


def test_what_is_signed_while_it_is_verified_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers = Ledgers(tmp_path)
    ledgers.clinical.append([message(1, SATURDAY)])
    ledgers.witness.witness(SATURDAY)
    reading = LedgerCheck._read_events  # between the seals and the events

    def after_more(check: LedgerCheck, *file: Any) -> None:
        for second in range(2, 5):
            ledgers.clinical.append([message(second, SATURDAY + second)])
            ledgers.witness.witness(SATURDAY + second)
        reading(check, *file)

    monkeypatch.setattr(LedgerCheck, "_read_events", after_more)
    assert faults(ledgers) == []
    ledgers.close(SATURDAY + 9)


def test_a_deleted_first_day_is_named(ledgers: Ledgers) -> None:
    files_of(ledgers.folder / "clinical")[0].unlink()
    [fault] = faults(ledgers)
    assert (fault.entry, fault.kind) == (1, FaultKind.MISSING)
    assert "400" in fault.what


def test_a_day_erased_on_purpose_is_no_fault(ledgers: Ledgers) -> None:
    first = files_of(ledgers.folder / "clinical")[0]
    connection = open_for_reading(first, ledgers.ring.open_key(key_path(first)))
    head = connection.execute("select head from entry where sequence = 400").get
    connection.close()
    assert isinstance(head, bytes)
    erased = PeriodErased(SATURDAY, Head("clinical", 400, head))
    again = Ledgers(ledgers.folder, ledgers.ring)
    again.operations.append([to_event(erased)])
    again.close()
    first.unlink()
    key_path(first).unlink()
    assert faults(ledgers) == []


def test_a_day_whose_key_is_gone_is_named_once_and_the_others_read(ledgers: Ledgers) -> None:
    key_path(files_of(ledgers.folder / "clinical")[1]).unlink()
    [fault] = faults(ledgers)
    assert (fault.entry, fault.kind) == (401, FaultKind.UNREADABLE)


def test_beside_a_running_server_nothing_is_called_missing(tmp_path: Path) -> None:
    running = Ledgers(tmp_path)

    def second(number: int) -> None:
        at = SATURDAY + number * 2_000_000
        running.clinical.append([message(number, at)])
        running.access.append([LookEntry(at, "nurse", "7", "ward", "")])
        running.witness.witness(at)

    for number in range(5):
        second(number)
    check = opened(running)
    found: list[Fault] = []
    for number, ledger in enumerate(NAMES, 5):
        found += check.walk(ledger, lambda _l, _n: None).finish()
        second(number)
    check.close()
    assert found == []


def test_a_flip_in_the_log_is_never_silent(ledgers: Ledgers, tmp_path: Path) -> None:
    """SQLite drops everything behind a damaged frame of the log without a word."""
    running = Ledgers(ledgers.folder, ledgers.ring)
    at = SATURDAY + 2 * DAY
    running.clinical.append([message(9_000 + n, at) for n in range(20)])
    running.witness.witness(at + 1)
    copy = tmp_path / "copy"
    shutil.copytree(ledgers.folder, copy, ignore=shutil.ignore_patterns("*-shm", "copy"))
    running.close(at + 2)
    log = max((copy / "clinical").glob("*-wal"), key=lambda path: path.stat().st_size)
    flip(log, log.stat().st_size // 2)
    ledgers.folder = copy
    [fault] = faults(ledgers)
    assert (fault.ledger, fault.kind) == ("clinical", FaultKind.TAIL_REMOVED)
    assert fault.entry > 1_200


def test_after_a_lost_log_the_gap_is_named_and_what_followed_is_sound(
    ledgers: Ledgers, tmp_path: Path
) -> None:
    tamper(ledgers, 2, "delete from entry where sequence > 1150")
    tamper(ledgers, 2, "delete from checkpoint where sequence > 1150")
    heads = given_out(places(ledgers.folder), ledgers.ring)
    store = ClinicalStore(
        ledgers.folder / "clinical", ledgers.ring, given_out=heads["clinical"]
    )
    assert store.lost == 50
    [answer] = store.append([message(9_999, SATURDAY + 2 * DAY)])
    assert answer.sequence == 1_201 + UNSEEN
    store.close(SATURDAY + 2 * DAY)
    [fault] = faults(ledgers)
    assert (fault.entry, fault.kind) == (1_151, FaultKind.MISSING)
    assert str(1_200 + UNSEEN) in fault.what


def test_a_damaged_day_is_named_and_what_follows_it_in_a_new_file_is_sound(
    ledgers: Ledgers,
) -> None:
    newest = files_of(ledgers.folder / "clinical")[-1]
    newest.write_bytes(b"damaged" * 9_999)
    again = Ledgers(ledgers.folder, ledgers.ring)
    again.clinical.append([message(n, SATURDAY + 2 * DAY) for n in range(5_000, 5_010)])
    again.close(SATURDAY + 2 * DAY)
    assert [path.stem for path in files_of(ledgers.folder / "clinical")[-2:]] == [
        "2022-05-16",
        "2022-05-16+02",
    ]
    [fault] = faults(ledgers)
    assert (fault.entry, fault.kind) == (801, FaultKind.UNREADABLE)
    assert "2022-05-16.db" in fault.what


def test_behind_a_damaged_operations_ledger_decisions_go_on(ledgers: Ledgers) -> None:
    damaged = files_of(ledgers.folder / "operations")[0]
    damaged.write_bytes(b"damaged" * 9_999)
    again = Ledgers(ledgers.folder, ledgers.ring)
    again.clinical.append([message(5_000, SATURDAY + 2 * DAY)])
    again.close(SATURDAY + 2 * DAY)
    assert set_aside(ledgers.folder / "operations") == [damaged]
    reader = read_operations(ledgers.folder / "operations", ledgers.ring)
    assert reader.newest(PART) is not None
    reader.close()
    assert [(f.ledger, f.entry, f.kind) for f in faults(ledgers)] == [
        ("operations", 1, FaultKind.UNREADABLE)
    ]


@pytest.mark.parametrize(
    "change",
    [
        "delete from seen where sequence = 7",
        "update seen set name = x'00' where sequence = 7",
        "update seen set fingerprint = 1 where sequence = 7",
    ],
)
def test_an_index_that_does_not_lead_to_an_entry_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setattr(trailing_index, "FILE_EVERY", 50)
    ledgers = Ledgers(tmp_path)
    ledgers.clinical.append([message(n) for n in range(120)])
    ledgers.close()
    assert faults(ledgers) == []
    tamper(ledgers, 0, change)
    found = faults(ledgers)
    assert {(fault.entry, fault.kind) for fault in found} == {(7, FaultKind.UNREADABLE)}


def test_a_damaged_index_is_named(ledgers: Ledgers) -> None:
    path = files_of(ledgers.folder / "clinical")[0]
    connection = open_for_writing(path, ledgers.ring.open_key(key_path(path)))
    connection.pragma("wal_checkpoint(truncate)")
    root = connection.execute("select rootpage from sqlite_schema where name = 'seen'").get
    connection.close()
    assert isinstance(root, int)
    flip(path, (root - 1) * 4_096 + 1_000)
    [fault] = faults(ledgers)
    assert (fault.entry, fault.kind) == (1, FaultKind.UNREADABLE)


def test_an_entry_hidden_from_those_who_look_for_it_is_named(ledgers: Ledgers) -> None:
    tamper(ledgers, 0, "update entry set name = null where sequence = 7")
    [fault] = faults(ledgers)
    assert (fault.entry, fault.kind) == (7, FaultKind.ALTERED)


@pytest.mark.parametrize("log", [True, False])
def test_a_copy_on_read_only_media_is_checked_whole_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, log: bool
) -> None:
    running = Ledgers(tmp_path / "site")
    running.clinical.append([message(n) for n in range(30)])
    running.witness.witness(SATURDAY)
    if not log:
        running.close()
    copy = tmp_path / "copy"
    shutil.copytree(running.folder, copy, ignore=shutil.ignore_patterns("*-shm"))
    before = sorted(copy.rglob("*"))
    # Root may write everywhere, so a mount that nobody can write is only said to be one.
    monkeypatch.setattr(
        "wardkeep.adapters.encrypted_database.can_be_written",
        lambda path: copy not in path.parents,
    )
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    check = LedgerCheck({name: copy / name for name in NAMES}, running.ring, scratch)
    walk = check.walk("clinical", lambda _l, _n: None)
    assert (walk.entries, walk.finish()) == (30, [])
    check.close()
    assert sorted(copy.rglob("*")) == before
    assert not list(scratch.rglob("*.key"))
