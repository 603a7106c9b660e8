from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.bundle import Bundle as BundleR5
from fhir.resources.R4B.bundle import Bundle as BundleR4
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map import fhir_estate
from wardkeep.hospital.map.care import Service
from wardkeep.hospital.map.fhir_estate import read_estate
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.machines import Device
from wardkeep.hospital.map.outside import Exchange
from wardkeep.hospital.map.places import Place
from wardkeep.hospital.map.reading import Reading, UnreadableSourceError
from wardkeep.hospital.map.table import TableMapping

SAMPLES = Path(__file__).parent.parent.parent / "adapters" / "map_samples"
R4 = (SAMPLES / "fhir.json").read_bytes()


def read(*contents: bytes) -> Reading:
    files = [(f"{number}.json", each) for number, each in enumerate(contents)]
    return read_estate(files, Known(), TableMapping())


def as_r5(content: bytes) -> dict[str, Any]:
    """The same bundle in R5, where a place has a form and a device a name."""
    bundle: dict[str, Any] = json.loads(content)
    for resource in (each["resource"] for each in bundle["entry"]):
        if resource["resourceType"] == "Location":
            resource["form"] = resource.pop("physicalType")
        if resource["resourceType"] == "Device":
            told = resource.pop("deviceName", [])
            resource["name"] = [{"value": each["name"], "type": each["type"]} for each in told]
            resource.pop("patient", None)
        if resource["resourceType"] == "Endpoint":
            resource["connectionType"] = [{"coding": [resource["connectionType"]]}]
            resource.pop("payloadType")
    return bundle


EXPECTED = (
    Place(id="BL", name="Bellevue"),
    Device(
        id="CT.01",
        name="Tomograph",
        maker="Maker",
        model="X",
        site="BL",
        ward="Emergency",
    ),
    Device(id="pump-7"),
    Service(id="lab", name="Laboratory", site="BL", wards=("Emergency",)),
    Exchange(id="regional", name="Regional network", neighbour="Network of hospitals"),
)


def test_the_sample_is_fhir_and_a_device_knows_its_ward() -> None:
    assert BundleR4.model_validate_json(R4)
    told = read(R4)
    assert told.items == EXPECTED
    assert {each.what: each.count for each in told.left} == {
        "resources of types that are not read": 1,
        "Device that is inactive": 1,
        "wards, which are not told of devices that were taken": 1,
    }
    assert b"Doe" not in repr(told).encode()


def test_r5_tells_the_same() -> None:
    bundle = as_r5(R4)
    assert BundleR5.model_validate(bundle)
    assert read(json.dumps(bundle).encode()).items == EXPECTED


def test_places_within_each_other_in_a_circle_end() -> None:
    bundle = json.loads(R4)
    bundle["entry"][0]["resource"]["partOf"] = {"reference": "Location/ward"}
    assert read(json.dumps(bundle).encode()).items


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"resourceType":"Patient"}', "is a Patient, no Bundle"),
        (
            b'{"resourceType":"Bundle","link":[{"relation":"next","url":"x"}]}',
            "one page of several",
        ),
        (b'{"resourceType":"Bundle","entry":[{}]}', "entry 1: not the JSON"),
    ],
)
def test_what_is_no_whole_bundle_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableSourceError, match=says):
        read(content)


def test_a_bundle_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fhir_estate, "MOST_RESOURCES", 3)
    with pytest.raises(UnreadableSourceError, match="more than 3 resources"):
        read(R4)


@given(st.integers(0, len(R4)), st.binary(max_size=8))
def test_a_torn_bundle_is_read_or_refused(at: int, put: bytes) -> None:
    with contextlib.suppress(UnreadableSourceError):
        read(R4[:at] + put + R4[at + len(put) :])
