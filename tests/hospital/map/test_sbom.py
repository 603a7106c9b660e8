from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.output.json import JsonV1Dot5
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map import sbom
from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.machines import Application, Device, Server
from wardkeep.hospital.map.reading import Reading, UnreadableSourceError
from wardkeep.hospital.map.sbom import read_bills
from wardkeep.hospital.map.table import TableMapping
from wardkeep.hospital.map.whole import Layer


def component(name: str, version: str, sort: ComponentType) -> Component:
    return Component(name=name, version=version, type=sort)


def cyclonedx(of: ComponentType = ComponentType.DEVICE) -> bytes:
    """A bill as the library of CycloneDX itself writes it."""
    bom = Bom()
    bom.metadata.component = component("Tomograph X", "4.2", of)
    bom.metadata.component.supplier = OrganizationalEntity(name="Maker")
    for each in (
        component("Windows 10 IoT", "1809", ComponentType.OPERATING_SYSTEM),
        component("viewer", "7", ComponentType.APPLICATION),
        component("openssl", "1.1.1", ComponentType.LIBRARY),
    ):
        bom.components.add(each)
        bom.register_dependency(bom.metadata.component, [each])
    return JsonV1Dot5(bom).output_as_string().encode()


SPDX: dict[str, Any] = {
    "spdxVersion": "SPDX-2.3",
    "SPDXID": "SPDXRef-DOCUMENT",
    "name": "bill",
    "packages": [
        {
            "SPDXID": "SPDXRef-1",
            "name": "lis",
            "versionInfo": "9.1",
            "supplier": "Organization: Labs (it@labs.example)",
            "primaryPackagePurpose": "APPLICATION",
        },
        {"SPDXID": "SPDXRef-2", "name": "log4j", "versionInfo": "2.17"},
    ],
    "relationships": [
        {
            "spdxElementId": "SPDXRef-DOCUMENT",
            "relationshipType": "DESCRIBES",
            "relatedSpdxElement": "SPDXRef-1",
        }
    ],
}


def read(*contents: bytes, known: Known | None = None, **ids: str) -> Reading:
    files = [(f"{number}.json", each) for number, each in enumerate(contents)]
    named = {name.replace("_", " "): told for name, told in ids.items()}
    return read_bills(files, known or Known(), TableMapping(values={"id": named}))


NOTE = "software: Windows 10 IoT 1809, viewer 7; 1 libraries"


def test_a_bill_of_a_device_tells_its_system_and_software() -> None:
    told = read(cyclonedx())
    assert told.items == (
        Device(
            id="Tomograph X",
            maker="Maker",
            model="Tomograph X 4.2",
            system="Windows 10 IoT 1809",
            note=NOTE,
        ),
    )
    assert told.left[0].count == 1


def test_a_bill_of_a_program_tells_its_version() -> None:
    assert read(json.dumps(SPDX).encode()).items == (
        Application(id="lis", version="9.1", note="by Labs; 1 libraries"),
    )


def test_the_mapping_or_the_map_says_of_which_item_a_bill_is() -> None:
    (item,) = read(cyclonedx(), Tomograph_X="server:ct1").items
    assert item == Server(id="ct1", system="Windows 10 IoT 1809", note=NOTE)
    layer = Layer(source="s", part="device", rank=1, at=0, items=(Device(id="tomograph x"),))
    (item,) = read(cyclonedx(ComponentType.APPLICATION), known=Known([layer])).items
    assert isinstance(item, Device)
    assert item.id == "tomograph x"
    with pytest.raises(MapItemError, match="gives Tomograph X to 'ct1'"):
        read(cyclonedx(), Tomograph_X="ct1")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"bomFormat":"CycloneDX","components":[]}', "what it is of"),
        (json.dumps(SPDX | {"spdxVersion": "SPDX-3.0"}).encode(), "SPDX 2 is read"),
        (json.dumps(SPDX | {"relationships": []}).encode(), "describes 0 packages"),
        (b"{}", "not the JSON"),
    ],
)
def test_what_is_no_bill_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableSourceError, match=says):
        read(content)


def test_two_bills_of_one_thing_that_differ_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = cyclonedx().replace(b"1809", b"2004")
    with pytest.raises(MapItemError, match="of which another file is too"):
        read(cyclonedx(), other)
    monkeypatch.setattr(sbom, "MOST_PARTS", 1)
    with pytest.raises(UnreadableSourceError, match="more than 1 components"):
        read(cyclonedx())


SAMPLES = (cyclonedx(), json.dumps(SPDX).encode())


@given(st.sampled_from(SAMPLES), st.integers(0, 1_500), st.binary(max_size=8))
def test_a_torn_bill_is_read_or_refused(whole: bytes, at: int, put: bytes) -> None:
    with contextlib.suppress(UnreadableSourceError):
        read(whole[:at] + put + whole[at + len(put) :])
