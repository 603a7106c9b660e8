from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY

from wardkeep.adapters.errors import MapUnreadableError
from wardkeep.adapters.map_store import MapStore
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.app.founding import found
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.app.site_keys import open_keys
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.whole import Layer
from wardkeep.web.folder_map import FolderMap


@pytest.fixture
def folder(tmp_path: Path) -> HospitalFolder:
    found(tmp_path / "hospital", default_settings_toml("Site", 2575, 8443), "aegis", SATURDAY)
    return open_folder(tmp_path / "hospital")


def layer(*names: str, source: str = "list", at: int = 1) -> Layer:
    items = tuple(Server(id=name) for name in names)
    return Layer(source=source, part="server", rank=1, at=at, items=items)


def test_the_map_is_kept_until_a_part_of_it_is_imported_anew(folder: HospitalFolder) -> None:
    ring = open_keys(folder)
    desk, store = FolderMap(folder, ring), MapStore(folder.map, ring)
    assert not desk.known().whole.items
    store.put(layer("a"))
    first = desk.known()
    assert list(first.whole.items) == ["server:a"]
    assert desk.known() is first
    store.put(layer("b"))  # as long as before, perhaps within one tick of the clock
    assert list(desk.known().whole.items) == ["server:b"]


def test_the_oldest_part_stands_first_and_tells_how_old_the_map_is(
    folder: HospitalFolder,
) -> None:
    store = MapStore(folder.map, open_keys(folder))
    store.put(layer("a", at=20))
    store.put(layer("b", "c", source="scan", at=10))
    known = FolderMap(folder, open_keys(folder)).known()
    assert [(each.source, each.at, each.items) for each in known.parts] == [
        ("scan", 10, 2),
        ("list", 20, 1),
    ]
    assert known.whole.as_of == 10


def test_a_part_that_goes_is_gone_from_the_map(folder: HospitalFolder) -> None:
    ring = open_keys(folder)
    desk = FolderMap(folder, ring)
    MapStore(folder.map, ring).put(layer("a"))
    assert desk.known().whole.items
    next(folder.map.glob("*.age")).unlink()
    assert not desk.known().whole.items


def test_a_damaged_part_is_told_and_not_half_of_the_map_shown(folder: HospitalFolder) -> None:
    ring = open_keys(folder)
    desk = FolderMap(folder, ring)
    MapStore(folder.map, ring).put(layer("a"))
    next(folder.map.glob("*.age")).write_bytes(b"damaged")
    with pytest.raises(MapUnreadableError):
        desk.known()


def test_many_who_ask_at_once_wait_for_one_reading(folder: HospitalFolder) -> None:
    ring = open_keys(folder)
    MapStore(folder.map, ring).put(layer("a"))
    desk = FolderMap(folder, ring)
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(id(desk.known()))) for _ in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(set(answers)) == 1
