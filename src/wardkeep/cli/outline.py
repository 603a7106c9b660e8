"""A chart as an outline for a terminal: a line a value, with the message that said it.

Rules kept here:
- Text stands as the source sent it; characters that a terminal would hide or obey are shown by
  their code, as on paper.
- Times are the site's, as finely as they were told, with the text that was sent.
- What no message has said is NOT RECORDED: a number that is 0 by default too, since 0 minutes
  between doses or a rate told in 1970 was never said.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.chart.model import PatientChart, Source, Value
from wardkeep.kernel.times import Moment, Precision
from wardkeep.kernel.wall_clock import local
from wardkeep.paper.visible import in_runs

NOT_RECORDED = "NOT RECORDED"
# Fields of beds and orders that are UTC microseconds, not numbers to read.
_INSTANTS = {"since", "rate_told"}
_STEP = "  "
_TOLD = {
    Precision.YEAR: "%Y",
    Precision.MONTH: "%Y-%m",
    Precision.DAY: "%Y-%m-%d",
    Precision.HOUR: "%Y-%m-%d %Hh %Z",
    Precision.MINUTE: "%Y-%m-%d %H:%M %Z",
    Precision.SECOND: "%Y-%m-%d %H:%M:%S %Z",
}


def outline(chart: PatientChart, zone: ZoneInfo) -> Iterator[str]:
    """Yield the lines of a chart, everything that is known in it and everything that is not."""
    yield from _Outline(zone).fields(chart, "")


class _Outline:
    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def fields(self, node: msgspec.Struct, indent: str) -> Iterator[str]:
        for field in msgspec.structs.fields(node):
            value = getattr(node, field.name)
            if _is_zero(value) and _is_zero(field.default):
                yield f"{indent}{field.name}: {NOT_RECORDED}"
            elif field.name in _INSTANTS and isinstance(value, int):
                yield f"{indent}{field.name}: {self._instant(value)}"
            elif field.name != "source":
                yield from self._named(field.name, value, indent)

    def _named(self, name: str, value: object, indent: str) -> Iterator[str]:
        said = ""
        if isinstance(value, Value):
            said = self._source(value.source)
            value = value.value
        if isinstance(value, tuple) and value:
            yield f"{indent}{name}:{said}"
            for item in value:
                yield from self._item(item, indent + _STEP)
        elif isinstance(value, msgspec.Struct) and not isinstance(value, Moment):
            yield f"{indent}{name}:{said}"
            yield from self.fields(value, indent + _STEP)
        else:
            first, *rest = self._leaf(value)
            yield f"{indent}{name}: {first}{said}"
            yield from (f"{indent}{_STEP}{line}" for line in rest)

    def _item(self, item: object, indent: str) -> Iterator[str]:
        if isinstance(item, Source):
            yield f"{indent}-{self._source(item)}"
        elif isinstance(item, msgspec.Struct) and not isinstance(item, Moment):
            source = getattr(item, "source", None)
            yield f"{indent}-{self._source(source) if source else ''}"
            yield from self.fields(item, indent + _STEP)
        else:
            yield from (f"{indent}- {line}" for line in self._leaf(item))

    def _leaf(self, value: object) -> list[str]:
        """Return the lines of one value; at least one."""
        if value is None or value in ("", ()):
            return [NOT_RECORDED]
        if isinstance(value, Moment):
            told = f"{local(value.at, self._zone):{_TOLD[value.precision]}}"
            return [f"{told} (sent as {_shown(value.text)})"]
        if isinstance(value, bool):
            return ["yes" if value else "no"]
        return [_shown(line) for line in str(value).splitlines()] or [NOT_RECORDED]

    def _source(self, source: Source) -> str:
        at = self._instant(source.event)
        by = f"{_shown(source.feed)} {_shown(source.message) or '(no identifier)'}"
        return f"   [{by} {at}, entry {source.sequence}]"

    def _instant(self, at: int) -> str:
        return f"{local(at, self._zone):{_TOLD[Precision.SECOND]}}"


def _is_zero(value: object) -> bool:
    return type(value) is int and value == 0


def _shown(text: str) -> str:
    return "".join(run for run, _ in in_runs(unicodedata.normalize("NFC", text)))
