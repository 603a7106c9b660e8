from __future__ import annotations

from pathlib import Path
from typing import Literal

import pyrage
import pytest

from wardkeep.adapters.errors import MapUnreadableError
from wardkeep.adapters.forecast_store import ForecastStore
from wardkeep.adapters.key_ring import KeyRing, make_key_ring, recovery_recipient
from wardkeep.adapters.rewrapping import left_behind, rewrap

NAMES: tuple[Literal["kept", "whole"], ...] = ("kept", "whole")


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    (tmp_path / "keys").mkdir()
    return make_key_ring(tmp_path / "keys")[0]


def test_what_is_kept_reads_back_and_who_has_the_disk_alone_cannot_read_it(
    tmp_path: Path, ring: KeyRing
) -> None:
    store = ForecastStore(tmp_path / "foresight", ring)
    assert store.read() == b""
    store.write(b"5,800 patients late")
    store.write(b"5,900 patients late")
    assert store.read() == b"5,900 patients late"
    (path,) = (tmp_path / "foresight").iterdir()
    assert b"5,900" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_what_was_damaged_is_named(tmp_path: Path, ring: KeyRing) -> None:
    store = ForecastStore(tmp_path / "foresight", ring)
    store.write(b"kept")
    path = tmp_path / "foresight" / "kept.age"
    path.write_bytes(b"no longer")
    with pytest.raises(MapUnreadableError, match=r"kept\.age"):
        store.read()


def test_it_goes_with_the_servers_key_when_that_is_changed(
    tmp_path: Path, ring: KeyRing
) -> None:
    ForecastStore(tmp_path / "foresight", ring).write(b"kept")
    old = pyrage.x25519.Identity.from_str((tmp_path / "keys/server.key").read_text().strip())
    new = pyrage.x25519.Identity.generate()
    recovery = recovery_recipient(tmp_path / "keys")
    assert rewrap(tmp_path, [new, old], recovery, lambda _done, _all: None).closed == ()
    assert left_behind(tmp_path, new) == []
    kept = (tmp_path / "foresight" / "kept.age").read_bytes()
    assert pyrage.decrypt(kept, [new]) == b"kept"


def test_another_file_is_told_from_the_one_before_without_reading_it(
    tmp_path: Path, ring: KeyRing
) -> None:
    sums, whole = (ForecastStore(tmp_path / "foresight", ring, name) for name in NAMES)
    assert whole.mark() is None
    whole.write(b"one")
    first = whole.mark()
    assert whole.mark() == first
    whole.write(b"two")  # as long as before, perhaps within one tick of the clock
    assert whole.mark() != first
    assert sums.mark() is None
    assert sums.read() == b""
    assert whole.read() == b"two"
