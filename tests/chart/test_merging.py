from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from tests.chart.sending import adt, entries, fold, pid, pv1

from wardkeep.chart.change import Stamp
from wardkeep.chart.memory import MemoryCharts
from wardkeep.chart.merging import Link, group_of, survivor_of
from wardkeep.chart.model import FlagKind


def admit(record: str, at: str = "20260516080000", born: str = "19340307") -> bytes:
    allergy = f"AL1|1|DA|{record}^Substance {record}^L"
    return adt("A01", at, pid(record, born=born), pv1(visit=f"V{record}"), allergy)


def merge(old: str, new: str, at: str, trigger: str = "A40", born: str = "19340307") -> bytes:
    return adt(trigger, at, pid(new, born=born), f"MRG|{old}^^^GHQV^MR")


def folded(*bodies: bytes) -> list[MemoryCharts]:
    """The charts after the messages in every order of arrival."""
    return [fold(entries(("adt", body) for body in order)) for order in permutations(bodies)]


def substances(charts: MemoryCharts, record: str) -> list[str]:
    found = charts.patient(record)
    assert found is not None
    return [item.substance.code for item in found.allergies.items]


def test_facts_of_a_merged_number_are_shown_with_the_survivor() -> None:
    for trigger in ("A40", "A18", "A34", "A36", "A39", "A47"):
        for charts in folded(
            admit("1"), admit("2"), merge("1", "2", "20260516090000", trigger)
        ):
            assert substances(charts, "2") == ["1", "2"]
            found = charts.patient("1")
            assert found is not None
            assert (found.record, found.merged_from) == ("2", ("1",))


def test_a_chain_leads_to_its_end() -> None:
    for charts in folded(
        admit("1"),
        admit("2"),
        admit("3"),
        merge("1", "2", "20260516090000"),
        merge("2", "3", "20260516100000"),
    ):
        assert substances(charts, "1") == ["1", "2", "3"]
        assert charts.patient("1").record == "3"


def test_what_comes_later_under_the_old_number_goes_to_the_survivor() -> None:
    late = adt("A08", "20260516120000", pid("1"), pv1(visit="V1"), "AL1|1|DA|L^Latex^L")
    for charts in folded(admit("1"), admit("2"), merge("1", "2", "20260516090000"), late):
        assert substances(charts, "2") == ["L", "1", "2"]


def test_in_a_circle_the_newest_merge_decides() -> None:
    there, back = merge("1", "2", "20260516090000"), merge("2", "1", "20260516100000")
    for charts in folded(admit("1"), admit("2"), there, back):
        assert charts.patient("2").record == "1"
        assert substances(charts, "1") == ["1", "2"]


def test_a_number_merged_twice_goes_where_the_newer_merge_says() -> None:
    one, two = merge("1", "2", "20260516090000"), merge("1", "3", "20260516100000")
    for charts in folded(admit("1"), admit("2"), admit("3"), one, two):
        assert substances(charts, "2") == ["2"]
        assert substances(charts, "3") == ["1", "3"]


def test_a_merged_number_given_to_another_person_is_that_persons_from_then_on() -> None:
    stranger = adt(
        "A01",
        "20260520080000",
        pid("1", "Nowak^Jan", "19800101"),
        pv1("B3^1^1", "V8"),
        "AL1|1|DA|X^Iodine^L",
    )
    for charts in folded(admit("1"), admit("2"), merge("1", "2", "20260516090000"), stranger):
        new, old = charts.patient("1"), charts.patient("2")
        assert new is not None
        assert old is not None
        assert (new.record, substances(charts, "1")) == ("1", ["X"])
        assert new.name is not None
        assert new.name.value.family == "Nowak"
        assert substances(charts, "2") == ["1", "2"]
        for found in (new, old):
            assert FlagKind.NUMBER_REUSED in {flag.kind for flag in found.flags}


def test_the_same_allergy_of_both_lives_of_a_number_is_kept_for_both() -> None:
    penicillin = "AL1|1|DA|P^Penicillin^L|SV"
    first = adt("A01", "20260516080000", pid("1"), pv1(visit="V1"), penicillin)
    second = adt(
        "A01", "20260520080000", pid("1", "Nowak^Jan", "19800101"), pv1(visit="V8"), penicillin
    )
    for charts in folded(first, admit("2"), merge("1", "2", "20260516090000"), second):
        assert substances(charts, "1") == ["P"]
        assert substances(charts, "2") == ["P", "2"]


def test_a_corrected_birth_date_is_not_another_person() -> None:
    corrected = adt("A08", "20260516083000", pid("1", born="19340308"), pv1(visit="V1"))
    for charts in folded(admit("1"), corrected, admit("2"), merge("1", "2", "20260516090000")):
        assert charts.patient("1").record == "2"


def test_merged_numbers_with_other_birth_dates_are_flagged() -> None:
    for charts in folded(
        admit("1", born="19500101"), admit("2"), merge("1", "2", "20260516090000")
    ):
        assert FlagKind.MERGED_DEMOGRAPHICS_DIFFER in {
            f.kind for f in charts.patient("2").flags
        }


def stamp(at: int) -> Stamp:
    return Stamp(at, 0, at, "", 0, 0, "adt", at)


@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.tuples(st.sampled_from("abcdef"), st.integers(1, 9))
    )
)
def test_any_merges_end_in_groups_that_hold_each_number_once(
    edges: dict[str, tuple[str, int]],
) -> None:
    links = {
        number: Link(
            *(
                (edges[number][0], stamp(edges[number][1]))
                if number in edges and edges[number][0] != number
                else ("", None)
            ),
            absorbed=tuple(
                sorted(o for o, (into, _) in edges.items() if into == number and o != number)
            ),
        )
        for number in "abcdef"
    }
    survivors = {survivor_of(number, links.get) for number in links}
    groups = [group_of(survivor, links.get) for survivor in survivors]
    assert sorted(number for group in groups for number in group) == sorted(links)
    for group in groups:
        assert {survivor_of(number, links.get) for number in group} == {group[0]}
