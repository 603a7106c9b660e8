import msgspec
from tests.pack.handmade import SITE, pack_of, patient

from wardkeep.hospital.site import RecordSystem

SYSTEMS = (
    RecordSystem(name="Blood bank", holds="reserved units", ask="+32 4 1"),
    RecordSystem(name="Pharmacy", feeds=("pharmacy",)),
    RecordSystem(name="Dialysis", wards=("4C",)),
)


def test_paper_names_each_system_that_does_not_feed_the_ward() -> None:
    site = msgspec.structs.replace(SITE, systems=SYSTEMS)
    told = [entry.text for entry in pack_of(patient("1"), site=site).ward_sheet.unknown]
    assert told[0] == "SENDS NOTHING TO THIS PAPER: Blood bank (reserved units). Ask: +32 4 1"
    assert not any("Pharmacy" in text or "Dialysis" in text for text in told)
