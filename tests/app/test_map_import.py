from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY

from wardkeep.adapters.map_store import MapStore
from wardkeep.app.errors import MapFileError
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.app.founding import found
from wardkeep.app.map_import import (
    Asked,
    carry_out,
    plan,
    read_mapping,
)
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.app.site_keys import open_keys
from wardkeep.hospital.map.machines import Server, Workstations

ASKED = Asked(by="os:an")
SAMPLES = Path(__file__).parent.parent / "adapters" / "map_samples"


@pytest.fixture
def folder(tmp_path: Path) -> HospitalFolder:
    found(tmp_path / "hospital", default_settings_toml("Site", 2575, 8443), "aegis", SATURDAY)
    return open_folder(tmp_path / "hospital")


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_a_plan_changes_nothing_and_the_same_file_again_neither(
    folder: HospitalFolder, tmp_path: Path
) -> None:
    ring = open_keys(folder)
    store = MapStore(folder.map, ring)
    file = written(tmp_path / "servers.csv", "id,site\ndb1,arlon\ndb2,arlon\n")
    (first,) = plan(store, [file], ASKED)
    assert first.difference.added == ("server:db1", "server:db2")
    assert not folder.map.exists()
    carry_out(folder, ring, [first], "os:an")
    (again,) = plan(store, [file], ASKED)
    assert (again.difference.unchanged, again.difference.added) == (2, ())


def test_whoever_waits_is_told_which_file_is_read(
    folder: HospitalFolder, tmp_path: Path
) -> None:
    store = MapStore(folder.map, open_keys(folder))
    files = [
        SAMPLES / "nmap.xml",
        written(tmp_path / "servers.csv", "id\ndb1\n"),
        written(tmp_path / "sites.csv", "id\nHR\n"),
    ]
    told: list[str] = []
    plan(store, files, ASKED, told.append)
    assert told == ["nmap.xml", "servers.csv", "sites.csv", "nmap.xml"]


def test_what_a_source_no_longer_says_is_told_and_goes(
    folder: HospitalFolder, tmp_path: Path
) -> None:
    ring = open_keys(folder)
    store = MapStore(folder.map, ring)
    file = written(tmp_path / "servers.csv", "id\ndb1\ndb2\n")
    carry_out(folder, ring, plan(store, [file], ASKED), "os:an")
    written(file, "id\ndb2\n")
    planned = plan(store, [file], ASKED)
    assert planned[0].difference.gone == ("server:db1",)
    carry_out(folder, ring, planned, "os:an")
    assert set(store.whole().items) == {"server:db2"}


def test_two_files_of_one_source_and_kind_are_refused_before_one_hides_the_other(
    folder: HospitalFolder, tmp_path: Path
) -> None:
    files = [written(tmp_path / name, "id\ndb1\n") for name in ("server.csv", "servers.csv")]
    store = MapStore(folder.map, open_keys(folder))
    with pytest.raises(MapFileError, match="second would take the first one's place"):
        plan(store, files, Asked(by="os:an", source="cmdb"))


def test_a_file_that_cannot_be_read_keeps_all_others_off_the_map(
    folder: HospitalFolder, tmp_path: Path
) -> None:
    good, bad = written(tmp_path / "servers.csv", "id\ndb1\n"), tmp_path / "sites.csv"
    store = MapStore(folder.map, open_keys(folder))
    with pytest.raises(MapFileError, match="No such file"):
        plan(store, [good, bad], ASKED)
    bad.write_bytes(b"id\0\0")
    with pytest.raises(MapFileError, match="not text"):
        plan(store, [good, bad], ASKED)
    assert not folder.map.exists()


@pytest.mark.parametrize("text", ["kind = ", "colour = 'red'", "rank = 'first'"])
def test_a_mapping_that_is_none_is_refused_with_its_keys(tmp_path: Path, text: str) -> None:
    with pytest.raises(MapFileError, match="is no mapping") as refused:
        read_mapping(written(tmp_path / "m.toml", text))
    assert "columns" in refused.value.advice


def test_a_mapping_names_kind_source_and_rank(folder: HospitalFolder, tmp_path: Path) -> None:
    mapping = read_mapping(
        written(
            tmp_path / "m.toml",
            'kind = "server"\nsource = "glpi"\nrank = 7\n[columns]\n"Nom" = "id"\n',
        )
    )
    file = written(tmp_path / "export.csv", "Nom\ndb1\n")
    store = MapStore(folder.map, open_keys(folder))
    (planned,) = plan(store, [file], Asked(by="os:an", mapping=mapping))
    layer = planned.layer
    assert (layer.source, layer.part, layer.rank) == ("glpi", "server", 7)
    assert [each.id for each in layer.items] == ["db1"]


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
def test_what_a_program_exported_is_taken_by_its_content_and_again_changes_nothing(
    folder: HospitalFolder, tmp_path: Path, path: Path
) -> None:
    ring = open_keys(folder)
    store = MapStore(folder.map, ring)
    (first,) = plan(store, [path], ASKED)
    assert first.layer.source == first.layer.part == path.stem
    assert len(first.difference.added) == len(first.layer.items) > 0
    carry_out(folder, ring, [first], "os:an")
    renamed = tmp_path / f"export-of-tuesday{path.suffix}"
    renamed.write_bytes(path.read_bytes())
    (again,) = plan(store, [renamed], ASKED)
    assert (again.difference.unchanged, again.difference.added) == (len(first.layer.items), ())


def test_segments_of_the_same_call_say_where_found_machines_lie(
    folder: HospitalFolder, tmp_path: Path
) -> None:
    store = MapStore(folder.map, open_keys(folder))
    segments = written(tmp_path / "segments.csv", "id,networks\nlab,198.18.0.0/24\n")
    planned = plan(store, [SAMPLES / "nmap.xml", segments], ASKED)
    by_part = {each.layer.part: each.layer for each in planned}
    assert {getattr(each, "segment", "") for each in by_part["nmap"].items} == {"lab"}


GLPI = (
    '"Nom";"Entité";"Lieu";"Réseau - IP";"Système d\'exploitation - Nom";"Couleur"\n'
    '"LIS1";"Racine";"Arlon";"10.0.0.1\n10.0.0.2";"Windows Server 2019";"bleu"\n'
)


@pytest.mark.parametrize("name", ["glpi-servers", "glpi-workstations"])
def test_a_mapping_of_glpi_comes_along(
    folder: HospitalFolder, tmp_path: Path, name: str
) -> None:
    mapping = read_mapping(Path(name))
    file = written(tmp_path / "glpi.csv", "\ufeff" + GLPI)
    store = MapStore(folder.map, open_keys(folder))
    (planned,) = plan(store, [file], Asked(by="os:an", mapping=mapping))
    (item,) = planned.layer.items
    assert isinstance(item, Server | Workstations)
    assert (item.id, item.site, item.addresses) == ("LIS1", "Arlon", ("10.0.0.1", "10.0.0.2"))
    assert item.system == "Windows Server 2019"
    assert (planned.layer.source, planned.read.not_used) == (name, ("Couleur",))


def test_a_wrong_file_leaves_the_map_as_it_was_and_says_what_takes_it_away(
    folder: HospitalFolder, tmp_path: Path
) -> None:
    ring = open_keys(folder)
    store = MapStore(folder.map, ring)
    file = written(tmp_path / "servers.csv", "id,tier\ndb1,1\n")
    carry_out(folder, ring, plan(store, [file], ASKED), "os:an")
    written(file, "Drink,Tier\ncoffee,black\ntea,green\n")
    with pytest.raises(MapFileError, match="none of its 2 lines was taken") as refused:
        plan(store, [file], ASKED)
    assert "map forget DIR --source servers --kind server" in refused.value.advice
    assert set(store.whole().items) == {"server:db1"}


def test_a_file_that_was_emptied_by_hand_takes_away_what_it_said(
    folder: HospitalFolder, tmp_path: Path
) -> None:
    ring = open_keys(folder)
    store = MapStore(folder.map, ring)
    file = written(tmp_path / "servers.csv", "id,tier\ndb1,1\n")
    carry_out(folder, ring, plan(store, [file], ASKED), "os:an")
    (planned,) = plan(store, [written(file, "id,tier\n")], ASKED)
    assert planned.difference.gone == ("server:db1",)
