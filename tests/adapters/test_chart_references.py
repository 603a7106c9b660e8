"""References of FHIR entries in the chart store: remembered over a restart, read when heard."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.ledgers import Ledgers
from tests.chart.fhir_sending import Json, at, concept, fhir, of, patient, ref
from tests.chart.sending import SITE

from wardkeep.adapters.chart_database import open_to_fold
from wardkeep.adapters.chart_follower import ChartFollower, fold_name
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.chart.model import AllergyState, PatientChart
from wardkeep.ledger.arrival import Entry


class Store:
    """A chart store that is opened, folded into and closed for every group of entries."""

    def __init__(self, folder: Path) -> None:
        self.ledgers = Ledgers(folder)
        (folder / "chart").mkdir(exist_ok=True)
        self.path = folder / "chart" / "chart.db"
        self.kept: dict[int, Entry] = {}
        self.erased: set[int] = set()

    def fold(self, *resources: Json) -> None:
        connection = open_to_fold(self.path, self.ledgers.ring, "aegis", fold_name(SITE))
        follower = ChartFollower(connection, SITE, self._recall)
        first = len(self.kept) + 1
        entries = [fhir(each, n) for n, each in enumerate(resources, first)]
        self.kept |= {each.sequence: each for each in entries}
        follower.fold(entries)
        follower.commit()
        follower.close()

    def _recall(self, sequence: int) -> Entry | None:
        return None if sequence in self.erased else self.kept.get(sequence)

    def charts(self) -> StoredCharts:
        clinical = self.ledgers.folder / "clinical"
        return StoredCharts(self.path, clinical, self.ledgers.ring, SITE)

    def chart(self) -> PatientChart:
        found = self.charts().patient("1001")
        assert found is not None
        return found


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def allergy() -> Json:
    latex = concept("1003755004", "Latex", "http://snomed.info/sct")
    return of("AllergyIntolerance", "a1", patient=ref("Patient/p1"), code=latex)


def test_an_entry_that_waits_is_read_when_its_patient_comes_after_a_restart(
    store: Store,
) -> None:
    store.fold(allergy())
    (held,) = store.charts().quarantine()
    assert held.reason == "waits for a Patient that was not heard of yet"
    store.fold(patient())
    assert store.charts().quarantine() == []
    assert [item.substance.text for item in store.chart().allergies.items] == ["Latex"]


def test_a_place_that_is_told_otherwise_later_moves_those_who_lie_in_it(store: Store) -> None:
    def ward(code: str, updated: str) -> Json:
        level = {"coding": [{"code": "wa"}]}
        told = of("Location", "w", physicalType=level, identifier=[{"value": code}])
        return at(told, updated)

    stay = of(
        "Encounter", "e1", status="in-progress", **{"class": {"code": "IMP"}},
        subject=ref("Patient/p1"), location=[{"location": ref("Location/w")}],
    )  # fmt: skip
    store.fold(patient(), ward("A2", "2026-05-01T10:00:00Z"), stay)
    store.fold(ward("A3", "2026-05-02T10:00:00Z"))
    assert [chart.record for chart in store.charts().ward("A3")] == ["1001"]
    store.fold(ward("A1", "2026-04-30T10:00:00Z"))
    assert [chart.record for chart in store.charts().ward("A3")] == ["1001"]


def test_what_waits_from_a_day_that_was_erased_stays_unread_and_stops_nothing(
    store: Store,
) -> None:
    store.fold(allergy())
    store.erased.add(1)
    store.fold(patient())
    assert [held.sequence for held in store.charts().quarantine()] == [1]
    assert store.chart().allergies.state is AllergyState.NOT_RECORDED
