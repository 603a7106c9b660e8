from pathlib import Path

import pytest
from tests.adapters.ledgers import Ledgers

from wardkeep.adapters.chained_file import ChainedFile, key_path, start_of
from wardkeep.adapters.encrypted_database import has_log
from wardkeep.ledger.chain import GENESIS, link
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.errors import StoreFailedError


@pytest.fixture
def ledgers(tmp_path: Path) -> Ledgers:
    return Ledgers(tmp_path)


def row(sequence: int, before: bytes) -> tuple[int, bytes, int, int, bytes, bytes]:
    payload = b"payload %d" % sequence
    return sequence, b"M", 1, 2, payload, link(before, sequence, payload)


def test_a_file_goes_on_from_the_head_it_was_made_after(ledgers: Ledgers) -> None:
    path = ledgers.folder / "2022-05.db"
    file = ChainedFile.create(path, ledgers.ring, "aegis", Head("access", 7, b"h" * 32))
    assert file.last == Head("access", 7, b"h" * 32)
    file.append([row(8, file.last.head)])
    assert file.last.sequence == 8
    file.close()
    again = ChainedFile.open(path, ledgers.ring, start_of("access"))
    assert again.last.sequence == 8
    again.close()


def test_a_batch_that_fails_leaves_the_file_as_it_was(ledgers: Ledgers) -> None:
    path = ledgers.folder / "2022-05.db"
    file = ChainedFile.create(path, ledgers.ring, "aegis", start_of("access"))
    with pytest.raises(StoreFailedError):
        file.append([row(1, GENESIS), row(1, GENESIS)])
    assert file.last == start_of("access")
    file.append([row(1, GENESIS)])
    assert file.last.sequence == 1
    file.close()


def test_a_closed_file_is_whole_without_its_log(ledgers: Ledgers) -> None:
    path = ledgers.folder / "2022-05.db"
    file = ChainedFile.create(path, ledgers.ring, "aegis", start_of("access"))
    file.append([row(1, GENESIS)])
    file.close()
    assert not has_log(path)
    assert sorted(p.name for p in ledgers.folder.glob("2022-05*")) == [
        "2022-05.cipher",
        "2022-05.db",
        "2022-05.key",
    ]
    assert key_path(path).stat().st_mode & 0o777 == 0o600
