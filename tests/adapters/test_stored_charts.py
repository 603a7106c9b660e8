from pathlib import Path
from typing import Any

import apsw
import pytest
from tests.adapters.ledgers import Ledgers
from tests.chart.contract_charts import ChartsContract
from tests.chart.sending import SITE, adt, entry, pid, pv1

from wardkeep.adapters.chart_database import open_to_fold
from wardkeep.adapters.chart_follower import ChartFollower, fold_name
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.ledger.arrival import Arrival, Entry
from wardkeep.ledger.errors import LedgerFaultError


class TestStoredCharts(ChartsContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def follow(self, entries: list[Entry]) -> StoredCharts:
        self.folder /= "again"
        ledgers = Ledgers(self.folder)
        for each in entries:
            ledgers.clinical.append(
                [
                    Arrival(
                        each.feed,
                        each.received,
                        each.kind,
                        each.application,
                        each.facility,
                        each.control,
                        each.body,
                    )
                ]
            )
        (self.folder / "chart").mkdir()
        path = self.folder / "chart" / "chart.db"
        follower = ChartFollower(
            open_to_fold(path, ledgers.ring, "aegis", fold_name(SITE)), SITE
        )
        # One commit an entry: how entries were batched must leave no trace.
        for each in entries:
            follower.fold([each])
            follower.commit()
        follower.close()
        return StoredCharts(path, self.folder / "clinical", ledgers.ring, SITE)


def test_screens_that_stay_open_follow_a_store_that_was_made_anew(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    (tmp_path / "chart").mkdir()
    path = tmp_path / "chart" / "chart.db"
    open_to_fold(path, ledgers.ring, "aegis", "rules").close()
    charts = StoredCharts(path, tmp_path / "clinical", ledgers.ring, SITE)
    assert charts.revision() == 0
    again = open_to_fold(path, ledgers.ring, "aegis", "other rules")
    again.execute("update meta set value = 5 where name = 'revision'")
    assert charts.revision() == 5
    again.close()
    charts.close()


def test_a_store_that_is_gone_is_a_named_fault(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    (tmp_path / "chart").mkdir()
    path = tmp_path / "chart" / "chart.db"
    open_to_fold(path, ledgers.ring, "aegis", "rules").close()
    charts = StoredCharts(path, tmp_path / "clinical", ledgers.ring, SITE)
    path.unlink()
    with pytest.raises(LedgerFaultError, match="the chart store"):
        charts.revision()
    charts.close()


def test_of_a_ward_that_changed_only_the_changed_charts_are_read_anew(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    (tmp_path / "chart").mkdir()
    path = tmp_path / "chart" / "chart.db"
    follower = ChartFollower(open_to_fold(path, ledgers.ring, "aegis", fold_name(SITE)), SITE)

    def fold(sequence: int, *segments: str) -> None:
        follower.fold([entry(adt("A01", f"202605160800{sequence:02}", *segments), sequence)])
        follower.commit()

    fold(1, pid("1001", "Dupont^Marie"), pv1("A2^12^1"))
    fold(2, pid("1002", "Roy^Luc"), pv1("A2^12^2", "V2"))
    charts = StoredCharts(path, tmp_path / "clinical", ledgers.ring, SITE)
    before = charts.ward("A2")
    fold(3, pid("1002", "Leroy^Luc"), pv1("A2^12^2", "V2"))
    after = charts.ward("A2")
    assert [chart.name.value.family for chart in after if chart.name] == ["Dupont", "Leroy"]
    assert after[0] is before[0]
    fold(4, pid("1003", "Dupont^Marie"), pv1("A2^12^3", "V3"))
    assert [bool(chart.flags) for chart in charts.ward("A2")] == [True, False, True]
    charts.close()
    follower.close()


def test_a_ward_is_read_without_a_look_at_all_who_were_ever_in_the_hospital(
    tmp_path: Path,
) -> None:
    ledgers = Ledgers(tmp_path)
    (tmp_path / "chart").mkdir()
    path = tmp_path / "chart" / "chart.db"
    follower = ChartFollower(open_to_fold(path, ledgers.ring, "aegis", fold_name(SITE)), SITE)
    for n in range(1, 30):
        kind = "A01" if n < 3 else "A03"
        body = adt(kind, "20260516080000", pid(f"10{n:02}"), pv1(f"A2^12^{n}", f"V{n}"))
        follower.fold([entry(body, n)])
    follower.commit()
    charts = StoredCharts(path, tmp_path / "clinical", ledgers.ring, SITE)
    plans: list[str] = []

    def note(told: dict[str, Any]) -> None:
        stepped = told["stmt_status"]["SQLITE_STMTSTATUS_FULLSCAN_STEP"]
        plans.append(f"{told['sql']}: {stepped}")

    charts._db.trace_v2(apsw.SQLITE_TRACE_PROFILE, note)
    assert len(charts.ward("A2")) == 2
    summary = charts.summary("A2")
    assert summary is not None
    assert summary.patients == 2
    asked = [plan for plan in plans if "patient" in plan]
    assert len(asked) == 3
    assert all(plan.endswith(": 0") for plan in asked), asked
    charts.close()
    follower.close()
