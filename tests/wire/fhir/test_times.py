from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.kernel.times import Precision
from wardkeep.wire.fhir.times import date_of, parse_moment

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    ("told", "precision", "at"),
    [
        ("2022", Precision.YEAR, 1_640_991_600_000_000),
        ("2022-05", Precision.MONTH, 1_651_356_000_000_000),
        ("2022-05-24", Precision.DAY, 1_653_343_200_000_000),
        ("2022-05-24T08:30:00+02:00", Precision.SECOND, 1_653_373_800_000_000),
        ("2022-05-24T06:30:00Z", Precision.SECOND, 1_653_373_800_000_000),
        ("2022-05-24T06:30:00.250Z", Precision.SECOND, 1_653_373_800_250_000),
        ("2022-05-24T08:30:00", Precision.SECOND, 1_653_373_800_000_000),
        ("2022-05-24T08:30", Precision.MINUTE, 1_653_373_800_000_000),
    ],
)
def test_a_time_is_as_fine_as_it_was_told(told: str, precision: Precision, at: int) -> None:
    moment = parse_moment(told, BRUSSELS)
    assert moment is not None
    assert (moment.precision, moment.at, moment.text) == (precision, at, told)


@pytest.mark.parametrize("told", ["", "24-05-2022", "2022-13", "2022-05-24T25:00:00Z", "x"])
def test_what_is_no_time_is_none(told: str) -> None:
    assert parse_moment(told, BRUSSELS) is None


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_none(told: str) -> None:
    moment = parse_moment(told, BRUSSELS)
    assert moment is None or moment.text == told


def test_a_birth_date_is_kept_as_far_as_it_is_known() -> None:
    assert [date_of(told) for told in ("1951", "1951-03", "1951-03-07T10:00:00Z", "?")] == [
        "1951",
        "1951-03",
        "1951-03-07",
        "",
    ]
