import weakref
from pathlib import Path

import apsw
import pytest

from wardkeep.adapters.encrypted_database import (
    Cipher,
    cipher_file,
    create,
    has_log,
    open_for_reading,
    open_for_writing,
    open_unwritable,
)
from wardkeep.ledger.errors import LedgerFaultError, StoreFailedError

KEY = b"k" * 32


@pytest.fixture(params=["aegis", "sqlcipher"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    cipher: Cipher = request.param
    connection = create(tmp_path / "a.db", KEY, cipher)
    connection.execute("create table t(x)")
    connection.execute("insert into t values('PEETERS')")
    connection.close()
    assert cipher_file(tmp_path / "a.db").read_text() == f"{cipher}\n"
    return tmp_path / "a.db"


def test_what_was_written_is_read_again(store: Path) -> None:
    connection = open_for_reading(store, KEY)
    assert connection.execute("select x from t").get == "PEETERS"
    connection.close()


def test_a_commit_is_on_the_disk_when_it_returns(store: Path) -> None:
    connection = open_for_writing(store, KEY)
    assert connection.pragma("journal_mode") == "wal"
    assert connection.pragma("synchronous") == 2
    connection.close()


def test_another_key_or_cipher_opens_nothing(store: Path) -> None:
    with pytest.raises(StoreFailedError):
        open_for_writing(store, b"x" * 32)
    name = cipher_file(store).read_text().strip()
    cipher_file(store).write_text("sqlcipher" if name == "aegis" else "aegis")
    with pytest.raises(LedgerFaultError):
        open_for_reading(store, KEY)


def test_a_reader_changes_nothing(store: Path) -> None:
    connection = open_for_reading(store, KEY)
    with pytest.raises(apsw.Error):
        connection.execute("delete from t")
    connection.close()


def test_a_reader_leaves_the_log_of_a_killed_writer_as_it_lies(store: Path) -> None:
    writer = open_for_writing(store, KEY)
    writer.execute("insert into t values('MAES')")
    for name in ("a.db", "a.db-wal"):
        (store.parent / f"kept-{name}").write_bytes((store.parent / name).read_bytes())
    cipher_file(store.parent / "kept-a.db").write_bytes(cipher_file(store).read_bytes())
    writer.close()
    kept = store.parent / "kept-a.db"
    log = kept.with_name("kept-a.db-wal").read_bytes()
    reader = open_for_reading(kept, KEY)
    assert reader.execute("select count(*) from t").get == 2
    reader.close()
    assert kept.with_name("kept-a.db-wal").read_bytes() == log


def test_a_store_nobody_can_write_is_read_in_place(store: Path) -> None:
    store.parent.chmod(0o500)
    before = sorted(store.parent.iterdir())
    connection = open_unwritable(store, KEY)
    assert connection.execute("select x from t").get == "PEETERS"
    connection.close()
    assert sorted(store.parent.iterdir()) == before
    store.parent.chmod(0o700)


def test_where_a_log_lies_beside_it_a_store_is_not_read_in_place(store: Path) -> None:
    assert not has_log(store)
    store.with_name("a.db-wal").write_bytes(b"x")
    with pytest.raises(LedgerFaultError, match="log"):
        open_unwritable(store, KEY)


def test_a_question_that_was_answered_is_kept_no_longer_than_asked_for(store: Path) -> None:
    # apsw-sqlite3mc 3.54.0.0 keeps the first of two for ever: a busy feed slows down until
    # nothing is acknowledged any more.
    connection = open_for_reading(store, KEY)
    first, second = connection.execute("select x from t"), connection.execute("select x from t")
    kept = weakref.ref(first)
    del second
    del first
    assert kept() is None
    connection.close()
