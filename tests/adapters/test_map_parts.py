"""The parts of a map as they lie wrapped at one box and come to lie at another."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from wardkeep.adapters.forecast_store import ForecastStore
from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.adapters.map_parts import MapParts
from wardkeep.adapters.map_store import MapStore
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.whole import Layer
from wardkeep.ledger.errors import KeyMissingError


class Site:
    """A folder with keys of its own."""

    def __init__(self, path: Path) -> None:
        (path / "keys").mkdir(parents=True)
        self.path = path
        self.ring: KeyRing = make_key_ring(path / "keys")[0]
        self.parts = MapParts(path / "map", path / "foresight", self.ring)
        self.map = MapStore(path / "map", self.ring)
        self.forecasts = ForecastStore(path / "foresight", self.ring)


@pytest.fixture
def here(tmp_path: Path) -> Site:
    site = Site(tmp_path / "here")
    site.map.put(layer("cmdb", "a", "b"))
    site.forecasts.write(b"[]")
    return site


def layer(source: str, *ids: str) -> Layer:
    items = tuple(Server(id=each) for each in ids)
    return Layer(source=source, part="server", rank=1, at=5, items=items)


def test_a_part_has_one_digest_at_both_boxes_though_each_wraps_it_to_its_own_key(
    here: Site, tmp_path: Path
) -> None:
    there = Site(tmp_path / "there")
    for part in here.parts.found().parts:
        there.parts.put(part.name, here.parts.content(part.name))
    assert there.parts.found() == here.parts.found()
    assert there.map.layers() == here.map.layers()
    assert there.forecasts.read() == b"[]"
    [path] = (there.path / "map").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() != (here.path / "map" / path.name).read_bytes()


def test_the_first_tells_names_digests_and_sizes_of_what_lies_there_now(here: Site) -> None:
    assert [part.name for part in here.parts.found().parts] == [
        "map/cmdb.server",
        "foresight/kept",
    ]
    before = here.parts.found().digests
    here.map.put(layer("cmdb", "a"))
    after = here.parts.found().digests
    content = here.parts.content("map/cmdb.server")
    assert before["map/cmdb.server"] != after["map/cmdb.server"]
    assert after["map/cmdb.server"] == hashlib.sha256(content).digest()
    assert here.parts.found().parts[0].size == len(content)
    here.parts.remove("map/cmdb.server")
    assert here.map.layers() == ()
    assert here.parts.content("map/cmdb.server") == b""


def test_what_cannot_be_opened_is_told_apart_from_what_is_gone(here: Site) -> None:
    path = here.path / "map" / "cmdb.server.age"
    path.write_bytes(path.read_bytes()[:-1])
    assert here.parts.found().shut == ("map/cmdb.server",)
    assert here.parts.content("map/cmdb.server") == b""


def test_a_rewrapped_part_is_the_same_part(here: Site) -> None:
    before = here.parts.found()
    path = here.path / "map" / "cmdb.server.age"
    path.write_bytes(here.ring.wrap(here.ring.unwrap(path)))
    assert here.parts.found() == before


@pytest.mark.parametrize("name", ["map/../keys/server", "keys/server.key", "map/a", ""])
def test_a_name_from_outside_leads_to_no_other_file(here: Site, name: str) -> None:
    assert here.parts.content(name) == b""
    with pytest.raises(ValueError, match="no part of a map"):
        here.parts.put(name, b"x")
    with pytest.raises(ValueError, match="no part of a map"):
        here.parts.remove(name)


def test_files_that_are_no_parts_are_not_told(here: Site) -> None:
    for name in (".x.y.age.unfinished", "notes.txt", "Old.Server.age"):
        (here.path / "map" / name).write_bytes(b"x")
    assert len(here.parts.found().parts) == 2
    assert here.parts.found().shut == ()


def test_a_part_that_could_not_be_opened_for_a_moment_is_told_once_it_can(
    here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut(path: Path) -> bytes:
        raise KeyMissingError(f"{path} cannot be opened", advice="")

    with monkeypatch.context() as patched:
        patched.setattr(here.ring, "unwrap", shut)
        assert here.parts.found().shut == ("map/cmdb.server", "foresight/kept")
    assert here.parts.found().shut == ()
    assert "map/cmdb.server" in here.parts.found().digests
