from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY, Ledgers, message, places

from wardkeep.adapters.chained_file import TRAILING, ChainedFile, key_path
from wardkeep.adapters.encrypted_database import open_for_writing
from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.ledger_folder import files_of, taken_over
from wardkeep.adapters.ledger_losses import accepted_losses, find_losses, still_missing
from wardkeep.adapters.operations_store import open_operations
from wardkeep.kernel.times import DAY, SECOND
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import LookEntry
from wardkeep.ledger.loss import UNSEEN, Loss, LossAccepted, LossKind, to_event
from wardkeep.ledger.witness import GapLeft, PeriodErased
from wardkeep.ledger.witness import to_event as witness_event

LEDGERS = ("clinical", "operations", "access")


def a_day(ledgers: Ledgers, day: int) -> None:
    """One hundred messages and four looks, witnessed four times."""
    at = SATURDAY + day * DAY
    for part in range(4):
        rows = [message(day * 100 + part * 25 + n, at + part * SECOND) for n in range(25)]
        ledgers.clinical.append(rows)
        ledgers.access.append([LookEntry(at, "nurse", "7", "ward", "")])
        ledgers.witness.witness(at + part * SECOND)


@pytest.fixture
def ledgers(tmp_path: Path) -> Ledgers:
    """Three days, all closed."""
    ledgers = Ledgers(tmp_path / "site")
    for day in range(3):
        a_day(ledgers, day)
    ledgers.close(SATURDAY + 2 * DAY + 9 * SECOND)
    return ledgers


def losses(ledgers: Ledgers) -> list[Loss]:
    return find_losses(places(ledgers.folder), ledgers.ring)


def changed(path: Path, ledgers: Ledgers, change: str) -> None:
    connection = open_for_writing(path, ledgers.ring.open_key(key_path(path)))
    connection.execute(change)
    connection.close()


def remove(path: Path) -> None:
    for each in path.parent.glob(f"{path.stem}.*"):
        each.unlink()


def test_nothing_is_missing_of_a_sound_site_running_or_not(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    assert losses(ledgers) == []
    a_day(ledgers, 0)
    assert losses(ledgers) == []
    ledgers.close(SATURDAY + 9 * SECOND)
    assert losses(ledgers) == []


@pytest.mark.parametrize(
    ("ledger", "upto", "newest"), [("clinical", 270, 300), ("access", 9, 12)]
)
def test_a_tail_that_is_gone_is_named_with_who_saw_it(
    ledgers: Ledgers, ledger: str, upto: int, newest: int
) -> None:
    newest_file = files_of(ledgers.folder / ledger)[-1]
    for table in ("entry", "checkpoint"):
        changed(newest_file, ledgers, f"delete from {table} where sequence > {upto}")
    [found] = losses(ledgers)
    assert (found.ledger, found.kind) == (ledger, LossKind.TAIL_REMOVED)
    assert (found.first, found.last) == (upto + 1, newest)
    assert found.file == newest_file.name
    assert found.seen == "operations ledger"
    assert found.since > SATURDAY + 2 * DAY


def test_the_newest_file_that_is_gone_is_named_though_the_day_before_is_whole(
    ledgers: Ledgers,
) -> None:
    newest = files_of(ledgers.folder / "clinical")[-1]
    remove(newest)
    [found] = losses(ledgers)
    assert (found.kind, found.first, found.last) == (LossKind.TAIL_REMOVED, 201, 300)
    assert found.file == newest.name


@pytest.mark.parametrize(("day", "first", "last"), [(0, 1, 100), (1, 101, 200)])
def test_a_day_that_is_gone_is_named_unless_it_was_erased(
    ledgers: Ledgers, day: int, first: int, last: int
) -> None:
    gone = files_of(ledgers.folder / "clinical")[: day + 1]
    before = losses(ledgers)
    for path in gone[-1:]:
        remove(path)
    [found] = losses(ledgers)
    assert before == []
    assert (found.kind, found.first, found.last) == (LossKind.FILE_GONE, first, last)
    remove(gone[0])
    operations = open_operations(ledgers.folder / "operations", ledgers.ring)
    erased = PeriodErased(SATURDAY, Head("clinical", last, b""))
    operations.append([witness_event(erased)])
    operations.close()
    assert losses(ledgers) == []


@pytest.mark.parametrize("ledger", LEDGERS)
def test_an_older_copy_that_was_put_back_is_named(tmp_path: Path, ledger: str) -> None:
    ledgers = Ledgers(tmp_path / "site")
    a_day(ledgers, 0)
    ledgers.close(SATURDAY + 9 * SECOND)
    shutil.copytree(tmp_path / "site" / ledger, tmp_path / "old")
    again = Ledgers(tmp_path / "site", ledgers.ring)
    a_day(again, 0)
    a_day(again, 1)
    again.close(SATURDAY + DAY + 9 * SECOND)
    shutil.rmtree(tmp_path / "site" / ledger)
    shutil.move(tmp_path / "old", tmp_path / "site" / ledger)
    [found] = losses(again)
    assert (found.ledger, found.kind) == (ledger, LossKind.TAIL_REMOVED)
    newest = {"clinical": 200, "operations": again.operations.last.sequence, "access": 12}
    assert found.last <= newest[ledger]
    assert found.last >= newest[ledger] - 1


def test_an_older_copy_of_a_day_between_two_others_is_named(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path / "site")
    a_day(ledgers, 0)
    ledgers.close(SATURDAY + 9 * SECOND)
    shutil.copytree(tmp_path / "site" / "clinical", tmp_path / "old")
    again = Ledgers(tmp_path / "site", ledgers.ring)
    again.clinical.append([message(900, SATURDAY + 20 * SECOND)])
    a_day(again, 1)
    again.close(SATURDAY + DAY + 9 * SECOND)
    shutil.copytree(tmp_path / "old", tmp_path / "site" / "clinical", dirs_exist_ok=True)
    [found] = losses(again)
    assert (found.kind, found.first, found.last) == (LossKind.FILE_GONE, 101, 101)
    assert found.file.startswith("2022-05-14.db")


def test_files_that_change_places_with_their_keys_are_named(ledgers: Ledgers) -> None:
    one, other, _ = files_of(ledgers.folder / "clinical")
    for suffix in (".db", ".key", ".cipher"):
        aside = one.with_suffix(f"{suffix}.aside")
        one.with_suffix(suffix).rename(aside)
        other.with_suffix(suffix).rename(one.with_suffix(suffix))
        aside.rename(other.with_suffix(suffix))
    assert {found.ledger for found in losses(ledgers)} == {"clinical"}


def test_another_state_written_on_is_named(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path / "site")
    a_day(ledgers, 0)
    ledgers.close(SATURDAY + 9 * SECOND)
    shutil.copytree(tmp_path / "site", tmp_path / "other")
    for folder, numbers in ((tmp_path / "site", 500), (tmp_path / "other", 700)):
        again = Ledgers(folder, ledgers.ring)
        again.clinical.append([message(numbers + n, SATURDAY + 20 * SECOND) for n in range(9)])
        again.close(SATURDAY + 30 * SECOND)
    shutil.rmtree(tmp_path / "site" / "clinical")
    shutil.move(tmp_path / "other" / "clinical", tmp_path / "site" / "clinical")
    found, operations = losses(ledgers)
    assert (found.ledger, found.kind, found.last) == ("clinical", LossKind.REWRITTEN, 109)
    assert found.first <= 101
    # The other state's checkpoint has seen another operations ledger than lies here.
    assert (operations.ledger, operations.kind) == ("operations", LossKind.REWRITTEN)


@pytest.mark.parametrize("harm", ["page", "key", "empty"])
def test_damage_that_shows_by_itself_is_no_quiet_loss(ledgers: Ledgers, harm: str) -> None:
    for ledger in LEDGERS:
        newest = files_of(ledgers.folder / ledger)[-1]
        if harm == "key":
            key_path(newest).unlink()
        else:
            newest.write_bytes(b"" if harm == "empty" else os.urandom(8_192))
    assert losses(ledgers) == []


def test_what_went_on_behind_a_damaged_day_is_no_loss(ledgers: Ledgers) -> None:
    newest = files_of(ledgers.folder / "clinical")[-1]
    kept = newest.read_bytes()
    newest.write_bytes(os.urandom(8_192))
    again = Ledgers(ledgers.folder, ledgers.ring)
    again.clinical.append([message(900, SATURDAY + 3 * DAY)])
    again.close(SATURDAY + 3 * DAY)
    assert losses(again) == []
    newest.write_bytes(kept)
    assert losses(again) == []


def test_an_accepted_loss_stays_known_until_the_entries_are_back(ledgers: Ledgers) -> None:
    newest = files_of(ledgers.folder / "clinical")[-1]
    kept = {path.name: path.read_bytes() for path in newest.parent.glob(f"{newest.stem}.*")}
    remove(newest)
    [found] = losses(ledgers)
    operations = open_operations(ledgers.folder / "operations", ledgers.ring)
    operations.append([to_event(LossAccepted(SATURDAY, "os:anna", "fire", (found,)))])
    operations.close()
    [accepted] = accepted_losses(ledgers.folder / "operations", ledgers.ring)
    assert (accepted.by, accepted.why, accepted.losses) == ("os:anna", "fire", (found,))
    assert still_missing([found], places(ledgers.folder), ledgers.ring) == [found]
    for name, content in kept.items():
        newest.with_name(name).write_bytes(content)
    assert still_missing([found], places(ledgers.folder), ledgers.ring) == []


def test_entries_that_went_missing_within_a_file_are_named_where_somebody_saw_them(
    ledgers: Ledgers,
) -> None:
    newest = files_of(ledgers.folder / "clinical")[-1]
    last = given_out(places(ledgers.folder), ledgers.ring)["clinical"].sequence
    changed(
        newest, ledgers, f"update entry set sequence = sequence + 500 where sequence = {last}"
    )
    [found] = losses(ledgers)
    assert (found.kind, found.first) == (LossKind.MISSING, last)


def test_the_gap_of_a_box_that_went_on_is_none_when_the_days_before_it_are_erased(
    ledgers: Ledgers,
) -> None:
    before = ledgers.clinical.last
    upto = before.sequence + UNSEEN
    path = ledgers.folder / "clinical" / "2022-05-17.db"
    taken_over(path).touch()
    after = Head("clinical", upto, before.head)
    ChainedFile.create(path, ledgers.ring, "aegis", after, TRAILING).close()
    operations = open_operations(ledgers.folder / "operations", ledgers.ring)
    operations.append([witness_event(GapLeft(SATURDAY, before, upto))])
    assert losses(ledgers) == []
    for day in files_of(ledgers.folder / "clinical")[:-1]:
        remove(day)
    operations.append([witness_event(PeriodErased(SATURDAY, before))])
    operations.close()
    assert losses(ledgers) == []
