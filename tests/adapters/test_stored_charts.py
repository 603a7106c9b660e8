from pathlib import Path

import pytest
from tests.adapters.ledgers import Ledgers
from tests.chart.contract_charts import ChartsContract
from tests.chart.sending import SITE

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
