from collections import Counter

from wardkeep.sample.group import HOUSES, ICU_NOT_FED, SENDERS, WARDS, Care, HouseKind


def test_the_group_is_of_the_size_of_the_one_struck_in_may_2022() -> None:
    kinds = Counter(house.kind for house in HOUSES)
    assert kinds == {
        HouseKind.HOSPITAL: 6,
        HouseKind.POLYCLINIC: 1,
        HouseKind.REST_HOME: 4,
        HouseKind.PSYCHIATRIC_HOME: 1,
        HouseKind.CRECHE: 3,
    }
    assert len(WARDS) == 40
    assert 1000 < sum(ward.beds for ward in WARDS) < 1150


def test_wards_have_codes_of_their_own_and_lie_in_houses_of_the_group() -> None:
    assert len({ward.code for ward in WARDS}) == len(WARDS)
    assert {ward.house for ward in WARDS} <= {house.code for house in HOUSES}
    assert len({ward.telephone for ward in WARDS}) == len(WARDS)


def test_the_unit_that_is_not_fed_is_an_intensive_care_unit() -> None:
    (ward,) = [ward for ward in WARDS if ward.code == ICU_NOT_FED]
    assert ward.care is Care.INTENSIVE


def test_every_system_sends_under_its_own_name() -> None:
    assert len({(one.application, one.facility) for one in SENDERS.values()}) == len(SENDERS)
    assert len({one.prefix for one in SENDERS.values()}) == len(SENDERS)
