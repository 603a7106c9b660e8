"""From FHIR resources (R4, 4.0.1) to changes, one module a subject of the chart."""

from wardkeep.chart.reading.fhir.reader import read_fhir, records_in

__all__ = ["read_fhir", "records_in"]
