from __future__ import annotations

from tests.chart.sending import adt, entries, fold, pid, pv1

from wardkeep.chart.found import found_of
from wardkeep.chart.model import AllergyState
from wardkeep.chart.values import Location

ADMITTED = adt("A01", "20260516080000", pid(), pv1())
HOME = adt("A03", "20260516170000", pid(), pv1())


def test_who_is_found_tells_name_birth_sex_bed_and_allergies_as_the_chart_does() -> None:
    chart = fold(entries([("adt", ADMITTED)])).patient("1001")
    assert chart is not None
    assert chart.name is not None
    assert chart.birth_date is not None
    assert chart.sex is not None
    assert chart.current is not None
    assert chart.current.location is not None
    found = found_of(chart)
    assert (found.record, found.name) == ("1001", chart.name.value)
    assert (found.birth_date, found.sex) == (chart.birth_date.value, chart.sex.value)
    assert found.place == chart.current.location.value
    assert isinstance(found.place, Location)
    assert found.allergies == chart.allergies


def test_who_went_home_is_found_in_no_bed_and_unknown_allergies_stay_unknown() -> None:
    chart = fold(entries([("adt", ADMITTED), ("adt", HOME)])).patient("1001")
    assert chart is not None
    assert found_of(chart).place is None
    assert found_of(chart).allergies.state is AllergyState.NOT_RECORDED
