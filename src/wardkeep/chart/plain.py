"""The chart as plain values: to compare it with a truth, and for `chart --json`."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.chart.model import PatientChart
from wardkeep.kernel.wall_clock import local

_UTC = ZoneInfo("UTC")


def plain(chart: PatientChart) -> dict[str, object]:
    """Return the chart without its sources, ready for JSON and equal for equal knowledge.

    A value with its source becomes the value alone; `none_known` becomes the feeds that said
    so.
    """
    found = _without_sources(msgspec.to_builtins(chart))
    if not isinstance(found, dict):
        raise TypeError
    return found


def _without_sources(node: object) -> object:
    if isinstance(node, dict):
        if node.keys() == {"value", "source"}:
            return _without_sources(node["value"])
        return {
            name: sorted({source[0] for source in value})
            if name == "none_known"
            else _without_sources(value)
            for name, value in node.items()
            if name != "source"
        }
    if isinstance(node, list | tuple):
        return [_without_sources(item) for item in node]
    return node


def told(chart: PatientChart) -> dict[str, object]:
    """Return the chart with every value as {"value", "feed", "message", "time"} for JSON.

    A thing with a source (an allergy, a dose) carries feed, message and time among its own
    keys. Times are ISO 8601 in UTC; `entry` is the entry of the clinical ledger.
    """
    found = _with_sources(msgspec.to_builtins(chart))
    if not isinstance(found, dict):
        raise TypeError
    return found


def _with_sources(node: object) -> object:
    if isinstance(node, dict):
        found = {
            name: [_source(one) for one in value]
            if name == "none_known"
            else _with_sources(value)
            for name, value in node.items()
            if name != "source"
        }
        if "source" in node:
            found.update(_source(node["source"]))
        return found
    if isinstance(node, list | tuple):
        return [_with_sources(item) for item in node]
    return node


def _source(row: list[object] | tuple[object, ...]) -> Mapping[str, object]:
    feed, message, event, _, sequence = row
    at = local(event, _UTC).isoformat() if isinstance(event, int) else None
    return {"feed": feed, "message": message, "time": at, "entry": sequence}
