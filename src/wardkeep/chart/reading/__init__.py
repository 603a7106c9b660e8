"""From ledger entries to changes, one module a subject of the chart."""

from wardkeep.chart.reading.named import records_named
from wardkeep.chart.reading.reader import read_entry
from wardkeep.chart.reading.readings import Reading
from wardkeep.chart.reading.speaker import ReadingContext

__all__ = ["Reading", "ReadingContext", "read_entry", "records_named"]
