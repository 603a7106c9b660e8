from zoneinfo import ZoneInfo

import pytest

from wardkeep.kernel.times import DAY, HOUR, MINUTE, Moment, Precision
from wardkeep.paper.calendar import Calendar

BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = 1_772_853_120_000_000  # 2026-03-07 04:12 in Brussels
BEFORE_OCTOBER = 1_792_875_600_000_000  # 2026-10-24 23:00 in Brussels
BEFORE_MARCH = 1_774_735_200_000_000  # 2026-03-28 23:00 in Brussels


def calendar(language: str = "en", now: int = NOW) -> Calendar:
    return Calendar(language, BRUSSELS, now)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "07 Mar 2026 04:12"),
        ("fr", "07 mars 2026 04:12"),
        ("nl", "07 mrt 2026 04:12"),
        ("de", "07 März 2026 04:12"),
    ],
)
def test_dates_are_told_in_the_language_of_the_sheet(language: str, told: str) -> None:
    assert calendar(language).full(NOW) == told


def test_a_time_that_stands_alone_names_its_zone() -> None:
    assert calendar("fr").zoned(NOW) == "07 mars 2026 04:12 CET"
    assert calendar().zoned(BEFORE_OCTOBER) == "24 Oct 2026 23:00 CEST"


def test_a_time_of_another_day_carries_its_day() -> None:
    assert calendar().short(NOW - HOUR) == "03:12"
    assert calendar().short(NOW - DAY) == "06 Mar 04:12"
    assert calendar().short(NOW - 366 * DAY) == "06 Mar 2025 04:12"


def test_a_moment_is_printed_no_finer_than_it_was_told() -> None:
    told = {
        precision: calendar().moment(Moment(NOW, precision, ""))
        for precision in (Precision.YEAR, Precision.MONTH, Precision.DAY, Precision.MINUTE)
    }
    assert list(told.values()) == ["2026", "Mar 2026", "07 Mar 2026", "04:12"]


def test_a_birth_date_known_in_part_is_printed_in_part() -> None:
    assert calendar().birth("1934-03-07") == "07 Mar 1934"
    assert calendar().birth("1934-03") == "Mar 1934"
    assert calendar().birth("1934") == "1934"
    assert calendar().birth("1934-13") == "1934-13"
    assert calendar().birth("1934-02-31") == "1934-02-31"


def test_the_age_is_told_in_years_months_or_days_and_never_guessed() -> None:
    assert calendar().age("1934-03-08") == (91, "y")
    assert calendar().age("2025-03-08") == (11, "m")
    assert calendar().age("2026-03-01") == (6, "d")
    assert calendar().age("1934") is None
    assert calendar().age("2027-01-01") is None
    assert calendar().age("1934-02-31") is None


def test_a_day_has_twenty_four_columns_from_this_hour_on() -> None:
    labels = [column.label for column in calendar().columns()]
    assert len(labels) == 24
    assert (labels[0], labels[-1]) == ("04", "03")


def test_the_october_night_has_two_columns_for_two_o_clock() -> None:
    labels = [column.label for column in calendar(now=BEFORE_OCTOBER).columns()]
    assert len(labels) == 25
    assert [label for label in labels if label.startswith("02")] == ["02 CEST", "02 CET"]


def test_the_march_night_has_no_column_for_the_missing_hour() -> None:
    labels = [column.label for column in calendar(now=BEFORE_MARCH).columns()]
    assert len(labels) == 23
    assert "02" not in labels


def test_a_time_of_the_doubled_hour_carries_its_zone() -> None:
    at = BEFORE_OCTOBER + 3 * HOUR + 30 * MINUTE
    assert calendar(now=BEFORE_OCTOBER).clock(at) == "02:30 CEST"
    assert calendar(now=BEFORE_OCTOBER).clock(at + HOUR) == "02:30 CET"
    assert calendar(now=BEFORE_OCTOBER).clock(at + 2 * HOUR) == "03:30"


def test_a_length_of_time_is_told_in_the_unit_a_ward_uses() -> None:
    assert calendar().ago(NOW - 45 * MINUTE) == (45, "min")
    assert calendar().ago(NOW - 3 * HOUR) == (3, "h")
    assert calendar().ago(NOW - 50 * HOUR) == (2, "d")
    assert calendar().ago(NOW + HOUR) == (0, "min")


def test_weekdays_stand_in_capitals() -> None:
    assert calendar("de").weekday(1) == "MONTAG"
    assert calendar("fr").weekday(7) == "DIMANCHE"
