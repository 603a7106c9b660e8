"""Dosage and Timing (R4) as rows of raw timing, in the terms of a TQ1 segment.

Rules kept here:
- The words are the sender's: the timing's text, else the dosage's text, else its code. Only
  where there are none they are put together from the structure, and stand in square brackets.
- What the structure says and a pattern cannot is no pattern: the words alone stand then.
"""

from __future__ import annotations

from wardkeep.chart.reading.fhir.telling import Telling
from wardkeep.chart.reading.fhir.words import chosen, quantity, ratio, span, words
from wardkeep.kernel.times import Moment, Precision
from wardkeep.kernel.wall_clock import local
from wardkeep.wire.fhir.values import Resource, part, parts, text, texts, truth

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_A_DAY = {"1": "QD", "2": "BID", "3": "TID", "4": "QID"}
_UNITS = {"min": "M", "h": "H", "d": "D", "wk": "W"}
_LENGTHS = {"s": "S", "min": "M", "h": "H", "d": "D", "wk": "W"}
_WHEN = {
    "MORN": "QAM", "HS": "QHS", "AC": "AC", "PC": "PC", "ACM": "ACM", "ACD": "ACD",
    "ACV": "ACV", "PCM": "PCM", "PCD": "PCD", "PCV": "PCV",
}  # fmt: skip
_CODES = {"BED": "QHS"}
"""GTSAbbreviation (v3) that HL7 table 0335 writes otherwise."""
_UNCERTAIN = ("countMax", "frequencyMax", "periodMax", "offset")
_FORMATS = {
    Precision.YEAR: "%Y",
    Precision.MONTH: "%Y%m",
    Precision.DAY: "%Y%m%d",
    Precision.MINUTE: "%Y%m%d%H%M%z",
}
_MOST_DAYS = 999
_DIGITS = 2
"""Nothing is given a hundred times a day."""
_UNTOLD = "?"
"""A pattern that no reader of patterns understands."""


def timing_row(telling: Telling, dosage: Resource, dose: str, joined: str) -> list[str]:
    """Return the thirteen fields of RawTiming for one dosage; `joined` to the next."""
    timing = part(dosage, "timing")
    repeat = part(timing, "repeat")
    pattern, times = _pattern(timing, repeat)
    condition = words(part(dosage, "asNeededCodeableConcept"))
    needed = bool(condition) or truth(dosage, "asNeededBoolean")
    bounds = part(repeat, "boundsPeriod")
    events = texts(timing, "event")
    start = text(bounds, "start") or (events[0] if len(events) == 1 else "")
    once = text(repeat, "count") or ("1" if len(events) == 1 else "")
    return [
        pattern,
        times,
        _duration(repeat),
        _as_dtm(telling, start),
        _as_dtm(telling, text(bounds, "end")),
        "PRN" if needed else "",
        condition,
        _beside(timing, dosage, pattern),
        joined,
        once,
        dose,
        "",
        _shown(timing, dosage, repeat),
    ]


def _pattern(timing: Resource, repeat: Resource) -> tuple[str, str]:
    """Return pattern and times; a pattern nobody understands where they cannot be told."""
    events = texts(timing, "event")
    if len(events) > 1 or any(name in repeat for name in _UNCERTAIN):
        return _UNTOLD, ""
    times = "~".join(each.replace(":", "")[:4] for each in texts(repeat, "timeOfDay"))
    code = text(chosen(part(timing, "code")), "code")
    if not _is_structured(repeat):
        return (_CODES.get(code, code) or ("" if events else _words_of(timing))), times
    return _repeated(repeat, times), times


def _is_structured(repeat: Resource) -> bool:
    return any(
        name in repeat for name in ("frequency", "period", "dayOfWeek", "timeOfDay", "when")
    )


def _words_of(timing: Resource) -> str:
    return _UNTOLD if words(part(timing, "code")) else ""


def _repeated(repeat: Resource, times: str) -> str:
    days, when = texts(repeat, "dayOfWeek"), texts(repeat, "when")
    unit, period = text(repeat, "periodUnit") or "d", text(repeat, "period") or "1"
    frequency = text(repeat, "frequency")
    if when:
        alone = len(when) == 1 and not (times or days or frequency not in ("", "1"))
        return (
            _WHEN.get(when[0], _UNTOLD) if alone and (unit, period) == ("d", "1") else _UNTOLD
        )
    if days:
        return _on_days(days, (unit, period), frequency, times)
    if (unit, period) == ("d", "1"):
        count = frequency or str(times.count("~") + 1 if times else 1)
        known = _A_DAY.get(count)
        return known or (
            f"{count}XD" if count.isdecimal() and len(count) <= _DIGITS else _UNTOLD
        )
    if frequency in ("", "1") and period.isdecimal() and unit in _UNITS:
        return f"Q{period}{_UNITS[unit]}" if int(period) <= _MOST_DAYS else _UNTOLD
    return _UNTOLD


def _on_days(days: list[str], period: tuple[str, str], frequency: str, times: str) -> str:
    """Return QJ135 for days of every week; once on each of them, or at the times told."""
    often = frequency in ("", "1", str(len(days))) or bool(times)
    if period not in (("wk", "1"), ("d", "1")) or not often or not set(days) <= set(_DAYS):
        return _UNTOLD
    return "QJ" + "".join(sorted(str(_DAYS.index(day) + 1) for day in set(days)))


def _duration(repeat: Resource) -> str:
    """Return how long the order runs (boundsDuration) as TQ1-6."""
    bounds = part(repeat, "boundsDuration")
    if part(repeat, "boundsRange"):
        return _UNTOLD
    value = text(bounds, "value")
    unit = _LENGTHS.get(text(bounds, "code") or text(bounds, "unit"))
    if not value:
        return ""
    return f"{value}^{unit}" if unit else _UNTOLD


def _as_dtm(telling: Telling, told: str) -> str:
    """Return a time in the terms of HL7 v2, as rows of timing hold it."""
    moment = telling.moment(told)
    if moment is None:
        return _UNTOLD if told else ""
    return dtm(moment, telling)


def dtm(moment: Moment, telling: Telling) -> str:
    """Return a moment as an HL7 v2 time of the same precision, with offset."""
    clock = local(moment.at, telling.speaker.context.zone)
    return clock.strftime(_FORMATS.get(moment.precision, "%Y%m%d%H%M%S%z"))


def _beside(timing: Resource, dosage: Resource, pattern: str) -> str:
    """Return the dosage's words where no timing is told: they may say "as needed"."""
    return text(dosage, "text") if not pattern and not timing else ""


def _shown(timing: Resource, dosage: Resource, repeat: Resource) -> str:
    code = part(timing, "code")
    told = text(code, "text") or text(dosage, "text") or words(code)
    if told or not timing:
        return told
    return f"[{_rendered(timing, repeat)}]"


def _rendered(timing: Resource, repeat: Resource) -> str:
    pieces = [
        _often(repeat),
        ", ".join(texts(repeat, "dayOfWeek")),
        ", ".join(each[:5] for each in texts(repeat, "timeOfDay")),
        ", ".join(texts(repeat, "when")),
        ", ".join(texts(timing, "event")),
        quantity(part(repeat, "boundsDuration")),
        span(part(repeat, "boundsRange")),
    ]
    return "; ".join(piece for piece in pieces if piece) or "?"


def _often(repeat: Resource) -> str:
    period = text(repeat, "period")
    frequency = text(repeat, "frequency") or ("1" if period else "")
    if not frequency:
        return ""
    most = text(repeat, "frequencyMax")
    longest = text(repeat, "periodMax")
    often = f"{frequency}-{most}" if most else frequency
    each = f"{period or '1'}-{longest}" if longest else period or "1"
    return f"{often} x / {each} {text(repeat, 'periodUnit') or '?'}"


def conjunctions(dosages: list[Resource]) -> list[str]:
    """Return how each dosage goes over into the next: A together, S one after the other."""
    found = []
    for place, dosage in enumerate(dosages):
        mine = text(dosage, "sequence")
        following = text(dosages[place + 1], "sequence") if place + 1 < len(dosages) else ""
        found.append("" if not mine or not following else "A" if mine == following else "S")
    return found


def doses_in(dosage: Resource) -> tuple[str, str]:
    """Return dose and rate of a dosage as sent, of the first that tells one."""
    dose = rate = ""
    for each in parts(dosage, "doseAndRate") or [dosage]:
        dose = dose or quantity(part(each, "doseQuantity")) or span(part(each, "doseRange"))
        rate = rate or rate_of(each)
    return dose, rate


def rate_of(node: Resource) -> str:
    """Return a rate as sent: a quantity, a range, or a ratio."""
    told = quantity(part(node, "rateQuantity")) or span(part(node, "rateRange"))
    return told or ratio(part(node, "rateRatio"))
