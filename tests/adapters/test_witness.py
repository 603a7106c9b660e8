from pathlib import Path

from tests.adapters.ledgers import SATURDAY, Ledgers, message, places

from wardkeep.adapters.chained_file import UNSEEN
from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.operations_store import read_operations
from wardkeep.ledger.encoding import LookEntry


def heads(ledgers: Ledgers) -> dict[str, int]:
    found = given_out(places(ledgers.folder), ledgers.ring)
    return {name: head.sequence for name, head in found.items()}


def test_a_new_site_has_given_out_nothing(tmp_path: Path) -> None:
    assert heads(Ledgers(tmp_path)) == {}


def test_every_second_the_newest_heads_stand_in_another_ledger(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    ledgers.clinical.append([message(1), message(2)])
    ledgers.access.append([LookEntry(SATURDAY, "nurse", "7", "ward", "")])
    ledgers.witness.witness(SATURDAY)
    assert heads(ledgers) == {"clinical": 2, "access": 1, "operations": 1}


def test_a_quiet_hospital_writes_nothing(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    ledgers.clinical.append([message(1)])
    for second in range(5):
        ledgers.witness.witness(SATURDAY + second)
    reader = read_operations(tmp_path / "operations", ledgers.ring)
    assert reader.last_sequence() == 1
    reader.close()


def test_the_clinical_ledger_holds_the_operations_head_of_the_same_second(
    tmp_path: Path,
) -> None:
    ledgers = Ledgers(tmp_path)
    ledgers.clinical.append([message(1)])
    ledgers.witness.witness(SATURDAY)
    ledgers.clinical.append([message(2)])
    ledgers.witness.witness(SATURDAY + 1)
    assert heads(ledgers)["operations"] == 2


def test_what_a_killed_writer_wrote_last_is_witnessed_by_its_next_life(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    ledgers.clinical.append([message(1)])
    again = Ledgers(tmp_path, ledgers.ring)
    again.witness.witness(SATURDAY)
    assert heads(again) == {"clinical": 1, "operations": 1}


def test_sequences_lost_with_a_log_are_not_given_to_other_messages(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    ledgers.clinical.append([message(n) for n in range(10)])
    ledgers.witness.witness(SATURDAY)
    found = given_out(places(tmp_path), ledgers.ring)
    day = tmp_path / "clinical"
    (day / "2022-05-14.db-wal").write_bytes(b"")
    for path in day.glob("*-shm"):
        path.unlink()
    kept = ClinicalStore(tmp_path / "kept", ledgers.ring, given_out=found["clinical"])
    assert kept.lost == 10
    (tmp_path / "kept").mkdir()
    assert kept.append([message(50)])[0].sequence == 11 + UNSEEN
    kept.close(SATURDAY)
