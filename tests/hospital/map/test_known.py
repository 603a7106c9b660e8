from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map.known import Known, address_of, short_name
from wardkeep.hospital.map.machines import Server, Workstations
from wardkeep.hospital.map.places import Segment
from wardkeep.hospital.map.whole import AnyItem, Layer


def layer(part: str, *items: AnyItem) -> Layer:
    return Layer(source="s", part=part, rank=100, at=0, items=items)


def test_an_address_lies_in_the_segment_with_the_smallest_network() -> None:
    known = Known(
        [
            layer(
                "segment",
                Segment(id="house", networks=("10.0.0.0/8", "fd00::/8")),
                Segment(id="lab", networks=("10.1.2.5/24", "no network")),
            )
        ]
    )
    assert known.segment_of("10.1.2.77") == "lab"
    assert known.segment_of("10.1.3.77") == "house"
    assert known.segment_of("fd12::1") == "house"
    assert known.segment_of("192.168.0.1") == known.segment_of("db1") == ""


def test_what_people_wrote_of_a_machine_comes_before_what_a_program_found() -> None:
    found = layer("nmap", Server(id="pc1", addresses=("10.0.0.9",)))
    written = layer("workstations", Workstations(id="PC1"), Workstations(id="pool", count=9))
    known = Known([found, written])
    assert known.machine(["pc1"]) == ("workstations", "PC1")
    assert known.machine(["nobody", "10.0.0.9"]) == ("server", "pc1")
    assert known.machine(["nobody"]) is None


def test_names_and_addresses_are_compared_as_they_are_usually_written() -> None:
    assert short_name(" DB1.Hospital.example. ") == "db1"
    assert short_name("10.0.0.9") == "10.0.0.9"
    assert address_of("10.0.0.9/24") == "10.0.0.9"
    assert address_of("FD00:0::1") == "fd00::1"


@given(st.text(max_size=30))
def test_no_text_is_more_than_unknown(text: str) -> None:
    known = Known([layer("segment", Segment(id="a", networks=("10.0.0.0/8",)))])
    assert known.segment_of(text) in {"", "a"}
    assert known.machine([text, short_name(text), address_of(text)]) is None
