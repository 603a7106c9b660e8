"""Every public message beside the checkout is read; the share in the chart is told."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.chart.sending import entry

from wardkeep.chart.memory import MemoryCharts
from wardkeep.hospital.site import Feed, Site

SITE = Site(name="Public", feeds=(Feed(name="feed"),))
_NO_MESSAGES = {".json", ".md", ".xml"}

REASONS = {
    "no PID segment": 45,
    "no record number (PID-3)": 20,
    "no MSH segment": 20,
    "a medication order without a number (ORC-2, ORC-3)": 30,
}
"""Reasons for which more than five files are refused, with the most that were ever seen."""


def test_every_public_message_is_read_or_refused_with_a_reason(shared: Path) -> None:
    files = [
        path
        for path in sorted((shared / "data" / "hl7").rglob("*"))
        if path.is_file() and path.suffix not in _NO_MESSAGES
    ]
    charts = MemoryCharts(SITE)
    outcome, reasons = Counter[str](), Counter[str]()
    for number, path in enumerate(files, start=1):
        reading = charts.add(entry(path.read_bytes(), number, "feed"))
        kind = "in the chart" if reading.changes else "not for the chart"
        outcome["refused in part" if reading.fault and reading.changes else kind] += 1
        if reading.fault:
            outcome["refused"] += 1
            reasons.update(reading.fault.split("; "))
    print(f"{len(files)} files read: {dict(outcome)}; reasons: {dict(reasons)}")
    assert len(files) > 500
    assert len(charts.survivors()) >= 60
    reached = outcome["in the chart"] + outcome["refused in part"]
    assert reached >= 340
    for reason, count in reasons.items():
        assert count <= REASONS.get(reason, 5), reason
