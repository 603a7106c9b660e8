"""When an order is given, in words a tired person cannot misread, beside the text as sent."""

from __future__ import annotations

from collections.abc import Mapping

from wardkeep.chart.model import Timing, TimingForm
from wardkeep.kernel.times import Precision
from wardkeep.pack.pen import Pen
from wardkeep.paper.words import N_

_CODES: Mapping[str, str] = {
    "QD": N_("once a day"),
    "BID": N_("2 times a day"),
    "TID": N_("3 times a day"),
    "QID": N_("4 times a day"),
    "QHS": N_("at bedtime"),
    "QAM": N_("every morning"),
    "QPM": N_("every evening"),
}
_HOUR = 60
_DAY = 24 * 60
_WEEK_DAYS = 7
# From here on an interval is told in days: "every 72 h" is read as a daily dose too easily.
_TOLD_IN_DAYS = 2 * _DAY


def in_words(timing: Timing, hours: Mapping[str, tuple[str, ...]], pen: Pen) -> str:
    """Return the timing in words; `hours` are the site's standard hours by code."""
    match timing.form:
        case TimingForm.TIMES:
            words = pen.say("at {times}", times=", ".join(timing.times))
            return _with_days(words, timing, pen)
        case TimingForm.CODE:
            return _with_days(_code(timing, hours, pen), timing, pen)
        case TimingForm.INTERVAL:
            return _interval(timing.every_minutes, pen)
        case _:
            return _otherwise(timing, pen)


def _otherwise(timing: Timing, pen: Pen) -> str:
    """Return the words of a timing that has no hours of its own."""
    words = {
        TimingForm.ONCE: _once(timing, pen),
        TimingForm.AS_NEEDED: _as_needed(timing, pen),
        TimingForm.CONTINUOUS: pen.say("continuous"),
        TimingForm.PHASES: pen.say("CHANGING: see each period")
        if changes(timing)
        else pen.say("DIFFERENT DOSES: see each hour"),
    }
    # What could not be read stands as it was sent, in the grid.
    return words.get(timing.form, "")


def changes(timing: Timing) -> bool:
    """Say whether the phases follow one another; else they stand side by side, by hours."""
    first = timing.phases[0] if timing.phases else timing
    return any(
        (phase.start, phase.stop) != (first.start, first.stop) for phase in timing.phases
    )


def phases(timing: Timing, hours: Mapping[str, tuple[str, ...]], pen: Pen) -> list[str]:
    """Return one line for each period of a tapering or changing order."""
    return [
        " ".join(
            part
            for part in (_period(phase, pen), _dose(phase, pen), in_words(phase, hours, pen))
            if part
        )
        for phase in timing.phases
    ]


def is_not_daily(timing: Timing) -> bool:
    """Say whether `day_warning` has something to say of the timing."""
    return bool(
        0 < len(timing.weekdays) < _WEEK_DAYS
        or _weeks(timing)
        or (timing.form is TimingForm.INTERVAL and timing.every_minutes >= _TOLD_IN_DAYS)
        or timing.every_days > 1
    )


def day_warning(timing: Timing, pen: Pen) -> str:
    """Return what must not be overlooked: not every day. "" where it is given every day."""
    if timing.weekdays and len(timing.weekdays) < _WEEK_DAYS:
        days = ", ".join(pen.calendar.weekday(day) for day in timing.weekdays)
        return pen.say("NOT EVERY DAY: ONLY ON {days}", days=days)
    if _weeks(timing):
        return _weekly(timing, pen)
    if timing.form is TimingForm.INTERVAL and timing.every_minutes >= _TOLD_IN_DAYS:
        return pen.say(
            "NOT EVERY DAY: {interval}", interval=_interval(timing.every_minutes, pen)
        )
    if timing.every_days > 1:
        return pen.say("NOT EVERY DAY: EVERY {count} DAYS", count=timing.every_days)
    return ""


def _weeks(timing: Timing) -> int:
    """Return every how many weeks a dose is given, 0 where it is not by whole weeks."""
    interval = timing.every_minutes if timing.form is TimingForm.INTERVAL else 0
    days, rest = divmod(interval, _DAY) if interval else (timing.every_days, 0)
    return 0 if rest or days % _WEEK_DAYS else days // _WEEK_DAYS


def _weekly(timing: Timing, pen: Pen) -> str:
    """Return the weekday in words: a weekly drug that is read as a daily one kills."""
    start, weeks = timing.start, _weeks(timing)
    if start is None or start.precision in (Precision.YEAR, Precision.MONTH):
        return pen.say("NOT EVERY DAY: ONCE IN {days} DAYS, WEEKDAY NOT SENT: ASK",
                       days=weeks * _WEEK_DAYS)  # fmt: skip
    day = pen.calendar.weekday(pen.calendar.local(start.at).isoweekday())
    if weeks == 1:
        return pen.say("NOT EVERY DAY: ONLY ON {days}", days=day)
    return pen.say("NOT EVERY DAY: EVERY {count} WEEKS ON {day}", count=weeks, day=day)


def _code(timing: Timing, hours: Mapping[str, tuple[str, ...]], pen: Pen) -> str:
    if timing.code == "QD" and (timing.weekdays or timing.every_days > 1):
        # "every 7 days once a day" is read as "once a day" by whoever is tired.
        words = pen.say("once")
    else:
        words = pen.say(_CODES[timing.code]) if timing.code in _CODES else pen.sent(timing.code)
    usual = hours.get(timing.code, ())
    if not usual:
        return words
    return pen.say("{words} (hours of this site: {times})", words=words, times=", ".join(usual))


def _with_days(words: str, timing: Timing, pen: Pen) -> str:
    if timing.weekdays:
        days = ", ".join(pen.calendar.weekday(day) for day in timing.weekdays)
        return pen.say("on {days} {words}", days=days, words=words)
    if timing.every_days > 1:
        return pen.say("every {count} days {words}", count=timing.every_days, words=words)
    return words


def _interval(minutes: int, pen: Pen) -> str:
    if minutes >= _TOLD_IN_DAYS and minutes % _DAY == 0:
        return pen.say(
            "every {days} days ({hours} h)", days=minutes // _DAY, hours=minutes // _HOUR
        )
    if minutes % _HOUR == 0:
        return pen.say("every {hours} h", hours=minutes // _HOUR)
    return pen.say("every {minutes} min", minutes=minutes)


def _once(timing: Timing, pen: Pen) -> str:
    if timing.start is None:
        return pen.say("once")
    return pen.say("once, {when}", when=pen.calendar.moment(timing.start))


def _as_needed(timing: Timing, pen: Pen) -> str:
    if not timing.every_minutes:
        return pen.say("as needed")
    return pen.say(
        "as needed, not more often than {interval}",
        interval=_interval(timing.every_minutes, pen),
    )


def _period(phase: Timing, pen: Pen) -> str:
    start = pen.calendar.moment(phase.start) if phase.start else ""
    stop = pen.calendar.moment(phase.stop) if phase.stop else ""
    if start and stop:
        return pen.say("from {start} to {stop}:", start=start, stop=stop)
    return pen.say("from {start}:", start=start) if start else ""


def _dose(phase: Timing, pen: Pen) -> str:
    return pen.sent(phase.dose)
