"""The chart as plain values: to compare it with a truth, and for `chart --json`."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec

from wardkeep.chart.model import PatientChart
from wardkeep.kernel.wall_clock import local

_UTC = ZoneInfo("UTC")


def plain(chart: PatientChart) -> dict[str, object]:
    """Return the chart without its sources, ready for JSON and equal for equal knowledge.

    A value with its source becomes the value alone, `none_known` the feeds that say so.
    """
    return {name: _without(name, value) for name, value in msgspec.to_builtins(chart).items()}


def _without(name: str, node: object) -> object:
    if name == "none_known" and isinstance(node, list | tuple):
        return sorted({source[0] for source in node})
    if isinstance(node, dict):
        if node.keys() == {"value", "source"}:
            return _without("value", node["value"])
        return {key: _without(key, value) for key, value in node.items() if key != "source"}
    if isinstance(node, list | tuple):
        return [_without("", item) for item in node]
    return node


def told(chart: PatientChart) -> dict[str, object]:
    """Return the chart with every value as {"value", "feed", "message", "time"} for JSON.

    A thing with a source (an allergy, a dose) has feed, message and time among its keys.
    Times are ISO 8601 in UTC; `entry` is the entry of the clinical ledger.
    """
    return {name: _with(name, value) for name, value in msgspec.to_builtins(chart).items()}


def _with(name: str, node: object) -> object:
    if name == "none_known" and isinstance(node, list | tuple):
        return [_source(source) for source in node]
    if isinstance(node, dict):
        found = {key: _with(key, value) for key, value in node.items() if key != "source"}
        return found | _source(node["source"]) if "source" in node else found
    if isinstance(node, list | tuple):
        return [_with("", item) for item in node]
    return node


def _source(row: list[object] | tuple[object, ...]) -> dict[str, object]:
    feed, message, event, _, sequence = row
    at = local(event, _UTC).isoformat() if isinstance(event, int) else None
    return {"feed": feed, "message": message, "time": at, "entry": sequence}
