from msgspec.structs import replace
from tests.pack.handmade import house_data, list_of, many_drugs, patient

from wardkeep.adapters.typst_words import translator
from wardkeep.pack.kinds import house_pack
from wardkeep.pack.whole_house import HouseData, PackKind, register
from wardkeep.paper.list_forms import ListGroup


def group(title: str, within: str = "") -> ListGroup:
    return ListGroup(title=title, within=within, columns=())


def of_wards(kind: PackKind, *codes: str) -> HouseData:
    data = house_data(kind, many_drugs())
    [ward] = data.wards
    wards = tuple(replace(ward, summary=replace(ward.summary, ward=code)) for code in codes)
    return replace(data, wards=wards)


def test_a_ward_of_several_parts_stands_once_in_the_register() -> None:
    parts = (group("4B: a", "4B"), group("4B: b", "4B"), group("5A"), group("6C: a", "6C"))
    assert register(parts) == (("4B", 0, 1), ("5A", 2, 2), ("6C", 3, 3))


def test_a_list_of_one_part_has_no_register() -> None:
    assert register((group("4B: a", "4B"), group("4B: b", "4B"))) == ()
    assert register(()) == ()


def test_a_long_list_has_a_register_of_its_wards_and_a_short_one_none() -> None:
    long = house_pack(of_wards(PackKind.PHARMACY, "4B", "5A", "6C"), "en", translator("en"))
    assert [name.split(" ")[0] for name, _, _ in long.register] == ["4B", "5A", "6C"]
    assert list_of(PackKind.PHARMACY, patient("1")).register == ()
