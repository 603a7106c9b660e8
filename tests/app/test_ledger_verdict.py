from pathlib import Path

from tests.adapters.ledgers import SATURDAY, message

from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.app.founding import found
from wardkeep.app.ledger_verdict import verify
from wardkeep.app.settings_text import default_settings_toml


def test_progress_is_told_and_every_ledger_counted(tmp_path: Path) -> None:
    site = found(
        tmp_path / "site", default_settings_toml("S", 2575, 8443), "aegis", SATURDAY
    ).folder
    store = ClinicalStore(site / "clinical", load_key_ring(site / "keys"))
    store.append([message(n) for n in range(4_500)])
    store.close(SATURDAY)
    told: list[tuple[str, int]] = []
    verdict = verify(site, lambda ledger, entries: told.append((ledger, entries)))
    assert verdict.ok
    assert verdict.entries == {"clinical": 4_500, "operations": 1, "access": 0}
    assert told == [("clinical", 2_000), ("clinical", 4_000)]
