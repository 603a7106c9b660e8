from collections.abc import Callable, Iterable

import pytest

from wardkeep.chart.memory import MemoryCharts
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.sample.desk import Sent
from wardkeep.sample.site import FEEDS, demo_site

PORTS = {feed: 2600 + place for place, feed in enumerate(FEEDS)}

Fold = Callable[[Iterable[Sent]], MemoryCharts]


@pytest.fixture(scope="session")
def fold() -> Fold:
    """Return what folds messages, in the order given, into charts."""

    def folded(messages: Iterable[Sent]) -> MemoryCharts:
        charts = MemoryCharts(demo_site(PORTS, 8443))
        for sequence, sent in enumerate(messages, start=1):
            fields = sent.body.split(b"|", 10)
            charts.add(
                Entry(
                    sequence=sequence,
                    feed=sent.feed,
                    received=sent.at,
                    kind=Kind.HL7,
                    application=fields[2],
                    facility=fields[3],
                    control=fields[9],
                    body=sent.body,
                    id_reused=False,
                )
            )
        return charts

    return folded
