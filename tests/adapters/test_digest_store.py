from collections.abc import Iterator
from pathlib import Path

import pytest

from wardkeep.adapters.digest_store import DigestStore, Told, erase_month, months_in
from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.kernel.times import DAY

NOW = 1_652_499_000_000_000
"""2022-05-14T03:30Z."""
ADMISSION = Told(7, NOW - 30 * DAY, "adt", b"MSH|admitted", ("4711",))
STRAY = Told(8, NOW - 30 * DAY, "adt", b"noise", ())


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    (tmp_path / "keys").mkdir()
    return make_key_ring(tmp_path / "keys")[0]


@pytest.fixture
def store(tmp_path: Path, ring: KeyRing) -> Iterator[DigestStore]:
    opened = DigestStore(tmp_path / "digests", ring)
    opened.add([ADMISSION, STRAY], NOW)
    yield opened
    opened.close()


def test_a_message_is_proved_by_its_bytes_and_no_other_is(store: DigestStore) -> None:
    assert store.prove(ADMISSION.body, ["4711"], ["adt"]) == (7, ADMISSION.received)
    assert store.prove(STRAY.body, [], ["adt"]) == (8, STRAY.received)
    assert store.prove(b"MSH|altered", ["4711"], ["adt"]) is None
    assert store.prove(ADMISSION.body, ["4712"], ["adt"]) is None


def test_told_again_after_a_kill_it_is_kept_once(store: DigestStore) -> None:
    store.add([ADMISSION, STRAY], NOW)
    store.add([ADMISSION], NOW + 40 * DAY)
    assert store.prove(ADMISSION.body, ["4711"], []) == (7, ADMISSION.received)


def test_with_a_patients_key_erased_nothing_of_him_is_proved_and_others_are(
    store: DigestStore,
) -> None:
    other = Told(9, NOW - 29 * DAY, "adt", b"MSH|other", ("4712",))
    store.add([other], NOW)
    assert store.erase(["4711", "4713"], NOW) == 1
    assert store.prove(ADMISSION.body, ["4711"], ["adt"]) is None
    assert store.prove(other.body, ["4712"], []) == (9, other.received)
    store.add([ADMISSION], NOW)
    assert store.prove(ADMISSION.body, ["4711"], []) is None
    later = Told(10, NOW + DAY, "adt", b"MSH|back again", ("4711",))
    store.add([later], NOW + 40 * DAY)
    assert store.prove(later.body, ["4711"], []) == (10, later.received)


def test_an_erased_key_is_neither_in_the_file_nor_in_its_log(
    store: DigestStore, tmp_path: Path
) -> None:
    store.erase(["4711"], NOW)
    log = tmp_path / "digests" / "keys.db-wal"
    assert not log.exists() or log.stat().st_size == 0
    assert store._keys.execute("pragma freelist_count").get == 0


def test_nothing_on_the_disk_names_a_patient(store: DigestStore, tmp_path: Path) -> None:
    for path in (tmp_path / "digests").iterdir():
        assert b"4711" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def test_a_month_of_digests_goes_with_its_key(store: DigestStore, tmp_path: Path) -> None:
    assert months_in(tmp_path / "digests") == ["2022-05"]
    erase_month(tmp_path / "digests", "2022-05")
    erase_month(tmp_path / "digests", "2022-05")
    assert months_in(tmp_path / "digests") == []
    assert not list((tmp_path / "digests").glob("2022-05*"))
    assert store.prove(ADMISSION.body, ["4711"], ["adt"]) is None
