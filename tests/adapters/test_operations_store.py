from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.ledgers import SATURDAY, Ledgers

from wardkeep.adapters.chained_file import UNSEEN
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.adapters.operations_store import EventStore, read_looks, read_operations
from wardkeep.kernel.times import DAY
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import LookEntry, OperationsEvent
from wardkeep.ledger.errors import StoreFailedError


def event(number: int, part: str = "access", at: int = SATURDAY) -> OperationsEvent:
    return OperationsEvent(part, "AccountAdded", 1, at, "it", b"%d" % number)


def look(number: int, record: str = "4711", at: int = SATURDAY) -> LookEntry:
    return LookEntry(at, "nurse", record, f"page {number}", "")


@pytest.fixture
def ledgers(tmp_path: Path) -> Ledgers:
    return Ledgers(tmp_path)


def operations(ledgers: Ledgers) -> list[OperationsEvent]:
    reader = read_operations(ledgers.folder / "operations", ledgers.ring)
    found = [each for _, each in reader.after(0)]
    reader.close()
    return found


def looks(ledgers: Ledgers) -> list[LookEntry]:
    return read_looks(ledgers.folder / "access", ledgers.ring)


Case = tuple[str, Callable[[int], Any], Callable[[Ledgers], list[Any]]]
CASES: list[Case] = [("operations", event, operations), ("access", look, looks)]


@pytest.mark.parametrize(("name", "made", "read"), CASES, ids=["operations", "access"])
class TestEveryEventStore:
    """What holds for every ledger of small entries."""

    def store(self, ledgers: Ledgers, name: str) -> EventStore[Any]:
        stores: dict[str, EventStore[Any]] = {
            "operations": ledgers.operations,
            "access": ledgers.access,
        }
        return stores[name]

    def test_entries_come_back_in_order(
        self, ledgers: Ledgers, name: str, made: Callable[[int], Any], read: Any
    ) -> None:
        store = self.store(ledgers, name)
        assert store.append([made(1), made(2)]) == 2
        assert store.append([made(3)]) == 3
        assert read(ledgers) == [made(1), made(2), made(3)]

    def test_appending_nothing_changes_nothing(
        self, ledgers: Ledgers, name: str, made: Callable[[int], Any], read: Any
    ) -> None:
        store = self.store(ledgers, name)
        store.append([made(1)])
        assert store.append([]) == 1
        assert read(ledgers) == [made(1)]

    def test_opened_again_the_sequence_goes_on(
        self, ledgers: Ledgers, name: str, made: Callable[[int], Any], read: Any
    ) -> None:
        self.store(ledgers, name).append([made(1)])
        ledgers.operations.close()
        ledgers.access.close()
        again = Ledgers(ledgers.folder, load_key_ring(ledgers.folder / "keys"))
        assert self.store(again, name).append([made(2)]) == 2
        assert read(again) == [made(1), made(2)]

    def test_a_full_disk_stores_nothing_of_the_batch(
        self, ledgers: Ledgers, name: str, made: Callable[[int], Any], read: Any
    ) -> None:
        store = self.store(ledgers, name)
        store.append([made(1)])
        connection = store._ledger._file.connection
        connection.pragma("max_page_count", connection.pragma("page_count"))
        with pytest.raises(StoreFailedError):
            store.append([made(n) for n in range(2, 2_000)])
        assert read(ledgers) == [made(1)]
        connection.pragma("max_page_count", 1_000_000)
        assert store.append([made(2)]) == 2

    def test_nothing_stands_in_clear(
        self, ledgers: Ledgers, name: str, made: Callable[[int], Any], read: Any
    ) -> None:
        self.store(ledgers, name).append([made(n) for n in range(50)])
        assert len(read(ledgers)) == 50
        for path in (ledgers.folder / name).iterdir():
            content = path.read_bytes()
            assert b"AccountAdded" not in content
            assert b"nurse" not in content


def test_a_part_reads_its_own_events_among_many_of_others(ledgers: Ledgers) -> None:
    for number in range(30):
        part = "access" if number % 10 == 0 else "ledger"
        ledgers.operations.append([event(number, part)])
    reader = read_operations(ledgers.folder / "operations", ledgers.ring)
    assert [s for s, _ in reader.after(0, "access")] == [1, 11, 21]
    assert [s for s, _ in reader.after(1, "access", 1)] == [11]
    newest = reader.newest("access")
    assert newest is not None
    assert newest.body == b"20"
    assert reader.newest("pack") is None
    assert reader.last_sequence() == 30
    reader.close()


def test_an_event_is_read_as_soon_as_it_is_written(ledgers: Ledgers) -> None:
    reader = read_operations(ledgers.folder / "operations", ledgers.ring)
    assert reader.last_sequence() == 0
    for number in range(1, 4):
        ledgers.operations.append([event(number)])
        assert [s for s, _ in reader.after(number - 1)] == [number]
    reader.close()


def test_looks_are_kept_a_file_a_month_and_found_by_patient(ledgers: Ledgers) -> None:
    ledgers.access.append([look(1), look(2, record="99")])
    ledgers.access.append([look(3, at=SATURDAY + 30 * DAY)])
    assert [p.stem for p in files_of(ledgers.folder / "access")] == ["2022-05", "2022-06"]
    found = read_looks(ledgers.folder / "access", ledgers.ring, record="4711")
    assert [each.page for each in found] == ["page 1", "page 3"]


def test_what_another_ledger_has_seen_is_never_given_out_again(tmp_path: Path) -> None:
    from wardkeep.adapters.operations_store import open_access

    ledgers = Ledgers(tmp_path)
    ledgers.access.append([look(1)])
    ledgers.access.close()
    seen = Head("access", 9, b"h" * 32)
    store = open_access(tmp_path / "access", ledgers.ring, given_out=seen)
    assert store.lost == 8
    assert store.append([look(10)]) == 10 + UNSEEN


def test_where_a_time_begins_is_found_in_a_ledger_of_any_length(ledgers: Ledgers) -> None:
    reader = read_operations(ledgers.folder / "operations", ledgers.ring)
    assert reader.before(SATURDAY) == 0
    ledgers.operations.append([event(n, at=SATURDAY + n * 10) for n in range(1, 12)])
    assert reader.before(SATURDAY) == 0
    assert [reader.before(SATURDAY + 10 * n) for n in range(1, 13)] == list(range(12))
    assert reader.before(SATURDAY + 55) == 5
    reader.close()
