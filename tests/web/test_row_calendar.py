from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.handmade import NOW

from wardkeep.kernel.times import DAY, HOUR, MINUTE
from wardkeep.paper.calendar import Calendar
from wardkeep.web.language import LANGUAGES, catalogue
from wardkeep.web.row_calendar import LONGEST_KEPT, RowCalendar, ago_told, filled, parts_of

BRUSSELS = ZoneInfo("Europe/Brussels")


@given(st.integers(-3 * DAY, 3 * DAY), st.integers(0, DAY), st.integers(0, 11 * MINUTE))
def test_what_a_row_says_of_time_holds_until_the_calendar_says(
    before: int, into_the_day: int, later: int
) -> None:
    now = NOW + into_the_day
    at = now - before
    calendar = RowCalendar("en", BRUSSELS, now)
    assert now < calendar.until <= now + LONGEST_KEPT
    if now + later < calendar.until:
        then = Calendar("en", BRUSSELS, now + later)
        told = calendar.short(at), calendar.age("2026-02-07")
        assert (then.short(at), then.age("2026-02-07")) == told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("length", [-MINUTE, 0, 5 * MINUTE, 3 * HOUR, 4 * DAY])
def test_a_kept_row_tells_how_long_ago_as_a_page_made_now(language: str, length: int) -> None:
    told = ago_told(catalogue(language).gettext)
    row = told(RowCalendar(language, BRUSSELS, NOW - HOUR), NOW - length)
    now = Calendar(language, BRUSSELS, NOW)
    page = filled(parts_of(f"<td>({row})</td>"), lambda moment: told(now, moment))
    assert page == f"<td>({told(now, NOW - length)})</td>"


def test_a_row_cannot_be_kept_with_minutes_that_stand_still() -> None:
    with pytest.raises(TypeError, match="how long ago"):
        RowCalendar("en", BRUSSELS, NOW).ago(NOW - MINUTE)


def test_a_row_without_such_words_is_shown_as_it_was() -> None:
    assert filled(parts_of("<td>5 min</td>"), str) == "<td>5 min</td>"


def test_what_no_moment_of_ours_can_be_is_left_as_it_stands() -> None:
    row = f"<td>\x02{'9' * 5_000}\x03</td>"
    assert filled(parts_of(row), str) == row
