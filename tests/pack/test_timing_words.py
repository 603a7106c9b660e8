from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from tests.pack.handmade import NOW, moment

from wardkeep.chart.model import Timing, TimingForm
from wardkeep.pack.pen import Pen
from wardkeep.pack.timing_words import day_warning, is_not_daily

_DAY = 24 * 60


@pytest.mark.parametrize(
    ("timing", "not_daily"),
    [
        (Timing(form=TimingForm.CODE, text="", code="QD"), False),
        (Timing(form=TimingForm.CODE, text="", code="QD", every_days=2), True),
        (Timing(form=TimingForm.CODE, text="", code="QD", every_days=14), True),
        (Timing(form=TimingForm.UNREADABLE, text="Q1W", every_days=7), True),
        (Timing(form=TimingForm.TIMES, text="", times=("08:00",), weekdays=(6,)), True),
        (Timing(form=TimingForm.TIMES, text="", weekdays=(1, 2, 3, 4, 5, 6, 7)), False),
        (Timing(form=TimingForm.INTERVAL, text="", every_minutes=8 * 60), False),
        (Timing(form=TimingForm.INTERVAL, text="", every_minutes=_DAY), False),
        (Timing(form=TimingForm.INTERVAL, text="", every_minutes=3 * _DAY), True),
        (
            Timing(
                form=TimingForm.INTERVAL,
                text="",
                every_minutes=7 * _DAY,
                start=moment(NOW),
            ),
            True,
        ),
    ],
)
def test_what_is_not_given_every_day_is_marked_wherever_it_is_warned_of(
    timing: Timing,
    not_daily: bool,
) -> None:
    pen = Pen(str, "en", ZoneInfo("Europe/Brussels"), NOW)
    assert is_not_daily(timing) is not_daily
    assert bool(day_warning(timing, pen)) is not_daily
