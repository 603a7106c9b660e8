from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from tests.web.handmade import NOW

from wardkeep.kernel.times import DAY, HOUR, MINUTE, Moment, Precision
from wardkeep.web.moments import Moments

BRUSSELS = ZoneInfo("Europe/Brussels")


def in_(language: str) -> Moments:
    return Moments(language, BRUSSELS, NOW)


@pytest.mark.parametrize(
    ("language", "day"), [("en", "07 Mar 1934"), ("fr", "07 mars 1934"), ("nl", "07 mrt 1934")]
)
def test_dates_are_day_month_in_letters_year_in_every_language(language: str, day: str) -> None:
    assert in_(language).date("1934-03-07") == day


def test_a_birth_date_known_to_the_month_or_year_is_shown_no_finer() -> None:
    assert in_("en").date("1934-03") == "Mar 1934"
    assert in_("en").date("1934") == "1934"
    assert in_("en").date("1934-13-01") == "1934-13-01"
    assert in_("en").date("about 1934") == "about 1934"


def test_a_time_of_today_is_a_clock_time_and_of_another_day_says_the_day() -> None:
    assert in_("en").clock(NOW) == "04:12"
    assert in_("en").clock(NOW - 5 * HOUR) == "06 Mar 23:12"
    assert in_("en").clock(NOW - 400 * DAY) == "31 Jan 2025 04:12"


@pytest.mark.parametrize(
    ("precision", "text"),
    [
        (Precision.YEAR, "2026"),
        (Precision.MONTH, "Mar 2026"),
        (Precision.DAY, "07 Mar 2026"),
        (Precision.MINUTE, "04:12"),
    ],
)
def test_a_moment_is_shown_no_finer_than_it_was_told(precision: Precision, text: str) -> None:
    assert in_("en").moment(Moment(NOW, precision, "")) == text


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("1934-03-07", ("y", 92)),
        ("1934-03-08", ("y", 91)),
        ("2024-03-07", ("y", 2)),
        ("2024-03-08", ("m", 23)),
        ("2026-02-07", ("m", 1)),
        ("2026-02-08", ("d", 27)),
        ("2026-03-07", ("d", 0)),
        ("2026-03-08", None),
        ("1934-03", None),
        ("1934-02-30", None),
    ],
)
def test_age_is_in_years_months_or_days_and_never_a_guess(
    born: str, age: tuple[str, int] | None
) -> None:
    assert in_("en").age(born) == age


def test_how_long_ago_is_told_in_the_unit_that_a_person_thinks_in() -> None:
    assert in_("en").since(NOW - 119 * MINUTE) == ("min", 119)
    assert in_("en").since(NOW - 2 * HOUR) == ("h", 2)
    assert in_("en").since(NOW - 3 * DAY) == ("d", 3)
    assert in_("en").since(NOW + HOUR) == ("min", 0)
