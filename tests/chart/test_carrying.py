from wardkeep.chart.carrying import people, spoken_of_since
from wardkeep.chart.merging import Link


def sets(numbers: list[str], links: dict[str, Link]) -> set[frozenset[str]]:
    return {frozenset(each) for each in people(numbers, links)}


def test_whoever_was_ever_merged_stays_or_goes_together() -> None:
    links = {"1": Link(into="2"), "2": Link(absorbed=("1",)), "3": Link(into="2")}
    assert sets(["1", "2", "3", "4"], links) == {frozenset("123"), frozenset("4")}
    assert sets(["1"], {"1": Link(into="9")}) == {frozenset("19")}
    assert sets([], {}) == set()


def test_one_number_that_was_spoken_of_keeps_them_all() -> None:
    assert spoken_of_since({"1", "2"}, {"1": 5, "2": 9}, 8)
    assert not spoken_of_since({"1", "2"}, {"1": 5, "2": 8}, 8)
    assert not spoken_of_since({"3"}, {}, 0)
