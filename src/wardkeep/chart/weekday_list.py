"""Lists of weekdays as senders write them: MO,WE,FR; MOWEFR; LU-JE; in any of the languages.

A list that two languages read as different days (MA is mardi and maandag) is not read at all.
"""

from __future__ import annotations

import re

_WEEKS = (
    "MO TU WE TH FR SA SU",
    "MON TUE WED THU FRI SAT SUN",
    "LU MA ME JE VE SA DI",
    "LUN MAR MER JEU VEN SAM DIM",
    "MA DI WO DO VR ZA ZO",
    "MO DI MI DO FR SA SO",
)
"""English, French, Dutch and German, Monday first."""

_DAYS = [{name: day for day, name in enumerate(week.split(), 1)} for week in _WEEKS]
_WEEKEND = {"WE", "W-E"}
"""Alone it is the weekend to whoever writes French, Dutch or German, and no Wednesday."""
_BETWEEN = re.compile(r"[\s,;/+.~]+")
_LETTERS = (2, 3)


def weekdays_of(text: str) -> tuple[int, ...] | None:
    """Return ISO weekdays (1 is Monday), sorted; None if the text is not one clear list."""
    text = text.strip().upper()
    if text in _WEEKEND:
        return None
    words = [word for word in _BETWEEN.split(text) if word]
    ways = [words] if len(words) > 1 else [_cut(text, size) for size in _LETTERS]
    found = {days for way in ways for names in _DAYS if (days := _read(way, names))}
    return found.pop() if len(found) == 1 else None


def _cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def _read(words: list[str], names: dict[str, int]) -> tuple[int, ...]:
    if not words or not all(word in names for word in words):
        return ()
    days = tuple(sorted({names[word] for word in words}))
    return days if len(days) == len(words) else ()
