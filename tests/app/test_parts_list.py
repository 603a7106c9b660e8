import json
import shutil
from pathlib import Path

import cyclonedx.schema
import jsonschema_rs
from tests.stories.small_release import package, wheel

from wardkeep.adapters import debian_packages, wheel_house
from wardkeep.app.parts_list import parts_list
from wardkeep.app.release import Release

RELEASE = Release(name="0.2.0-abc", version="0.2.0", commit="abc", made=1_700_000_000)


def listed(place: Path) -> str:
    place.mkdir(exist_ok=True)
    wheel(place)
    package(place)
    package(place, "other")
    return list_of(place)


def list_of(place: Path) -> str:
    return parts_list(RELEASE, wheel_house.told(place), debian_packages.told(place), "bookworm")


def test_the_list_of_parts_is_valid_cyclonedx_1_6(tmp_path: Path) -> None:
    place = Path(cyclonedx.schema.__file__).parent / "_res"
    spdx, jsf = (
        json.loads((place / f"{name}.SNAPSHOT.schema.json").read_text())
        for name in ("spdx", "jsf-0.82")
    )
    schema = json.loads((place / "bom-1.6.SNAPSHOT.schema.json").read_text())
    base = schema["$id"].rsplit("/", maxsplit=1)[0]
    registry = jsonschema_rs.Registry(
        [
            (f"{base}/spdx.SNAPSHOT.schema.json", spdx),
            (f"{base}/jsf-0.82.SNAPSHOT.schema.json", jsf),
        ]
    )
    validator = jsonschema_rs.Draft7Validator(schema, registry=registry)
    assert [each.message for each in validator.iter_errors(json.loads(listed(tmp_path)))] == []
    broken = json.loads(listed(tmp_path / "again"))
    broken["components"][0]["hashes"][0]["content"] = "no hash"
    assert not validator.is_valid(broken), "the schema that is held against it can say no"


def test_every_part_has_version_licence_hash_and_address(tmp_path: Path) -> None:
    parts = json.loads(listed(tmp_path))["components"]
    assert [part["name"] for part in parts] == ["other", "tiny", "tiny-package"]
    for part in parts:
        assert part["version"] == "1.0"
        assert part["hashes"][0]["alg"] == "SHA-256"
        assert part["purl"].startswith("pkg:")
        assert part["licenses"] == [{"license": {"id": "MIT"}}]


def test_the_same_bundle_has_the_same_list(tmp_path: Path) -> None:
    first = listed(tmp_path / "one")
    (tmp_path / "two").mkdir()
    for file in sorted((tmp_path / "one").iterdir(), reverse=True):
        shutil.copy(file, tmp_path / "two")
    assert list_of(tmp_path / "two") == first
