from __future__ import annotations

from pathlib import Path

import pytest

from wardkeep.adapters.errors import MapUnreadableError
from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.adapters.map_store import MapStore, is_source, source_of
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.whole import Layer


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    (tmp_path / "keys").mkdir()
    return make_key_ring(tmp_path / "keys")[0]


def layer(source: str, *ids: str) -> Layer:
    return Layer(
        source=source, part="server", rank=1, at=5, items=tuple(Server(id=each) for each in ids)
    )


def test_what_a_source_said_takes_the_place_of_what_it_said_before(
    tmp_path: Path, ring: KeyRing
) -> None:
    store = MapStore(tmp_path / "map", ring)
    assert store.layers() == ()
    store.put(layer("cmdb", "a", "b"))
    store.put(layer("scan", "c"))
    store.put(layer("cmdb", "b"))
    assert store.layer("cmdb", "server") == layer("cmdb", "b")
    assert set(store.whole().items) == {"server:b", "server:c"}


def test_who_has_the_disk_alone_cannot_read_the_map(tmp_path: Path, ring: KeyRing) -> None:
    MapStore(tmp_path / "map", ring).put(layer("cmdb", "the-domain-controller"))
    (path,) = (tmp_path / "map").iterdir()
    assert b"domain" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("at", [10, -10])
def test_a_damaged_part_is_named_and_never_passed_over(
    tmp_path: Path, ring: KeyRing, at: int
) -> None:
    store = MapStore(tmp_path / "map", ring)
    store.put(layer("cmdb", "a"))
    (path,) = (tmp_path / "map").iterdir()
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(MapUnreadableError, match=r"cmdb\.server\.age"):
        store.whole()


def test_a_source_is_named_so_that_no_path_can_be_made_of_it() -> None:
    assert source_of("Export CMDB 2026/11") == "export-cmdb-2026-11"
    assert source_of("..") == "map"
    assert is_source("export-cmdb")
    assert not any(map(is_source, ["", "../x", "a.b", "A", "x" * 61]))
