"""The chart store opens after every crash: it is only ever a copy of what the ledger says."""

from pathlib import Path

import pytest

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.chart_database import open_to_fold, open_to_read
from wardkeep.adapters.key_ring import KeyRing, make_key_ring


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    keys = tmp_path / "keys"
    keys.mkdir()
    return make_key_ring(keys)[0]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "chart").mkdir()
    return tmp_path / "chart" / "chart.db"


def _cursor(path: Path, ring: KeyRing, fold: str = "rules") -> object:
    store = open_to_fold(path, ring, "aegis", fold)
    found = store.execute("select value from meta where name = 'cursor'").get
    store.close()
    return found


def _advance(path: Path, ring: KeyRing) -> None:
    store = open_to_fold(path, ring, "aegis", "rules")
    store.execute("update meta set value = 7 where name = 'cursor'")
    store.close()


def test_a_store_killed_before_its_tables_were_made_is_made_anew(
    path: Path, ring: KeyRing
) -> None:
    encrypted_database.create(path, ring.make_key(key_path(path)), "aegis").close()
    assert _cursor(path, ring) == 0


def test_a_store_killed_before_its_first_page_was_written_is_made_anew(
    path: Path, ring: KeyRing
) -> None:
    ring.make_key(key_path(path))
    path.touch()
    assert _cursor(path, ring) == 0


def test_a_store_whose_key_file_is_lost_is_made_anew(path: Path, ring: KeyRing) -> None:
    _advance(path, ring)
    key_path(path).unlink()
    assert _cursor(path, ring) == 0


def test_a_store_whose_head_is_damaged_is_made_anew(path: Path, ring: KeyRing) -> None:
    _advance(path, ring)
    path.write_bytes(b"\xff" * 8_192)
    assert _cursor(path, ring) == 0


def test_a_sound_store_goes_on_where_it_was(path: Path, ring: KeyRing) -> None:
    _advance(path, ring)
    assert _cursor(path, ring) == 7


def test_changed_rules_fold_everything_again(path: Path, ring: KeyRing) -> None:
    _advance(path, ring)
    assert _cursor(path, ring, "other rules") == 0
    with open_to_read(path, ring) as reader:
        assert reader.execute("select value from meta where name = 'fold'").get == "other rules"
    reader.close()
