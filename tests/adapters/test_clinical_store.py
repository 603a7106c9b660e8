import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.adapters.ledgers import MIDNIGHT, SATURDAY, Ledgers, message, places

from wardkeep.adapters import encrypted_database, trailing_index
from wardkeep.adapters.clinical_store import ClinicalLedger, ClinicalStore
from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.ledger_folder import files_of, set_aside
from wardkeep.kernel.times import DAY
from wardkeep.ledger.arrival import Kind, Verdict
from wardkeep.ledger.errors import KeyMissingError, StoreFailedError

KILLER = Path(__file__).with_name("append_until_killed.py")


@pytest.fixture
def ledgers(tmp_path: Path) -> Ledgers:
    return Ledgers(tmp_path)


def no_handles(path: Path, _key: bytes) -> apsw.Connection:
    """Open a store as a process that has too many files open."""
    raise StoreFailedError(f"{path.name}: too many open files")


def everything(ledgers: Ledgers) -> list[bytes]:
    reader = ClinicalLedger(ledgers.folder / "clinical", ledgers.ring)
    entries = reader.after(0, 1_000_000)
    assert [e.sequence for e in entries] == list(range(1, len(entries) + 1))
    reader.close()
    return [e.body for e in entries]


def test_a_message_is_stored_as_it_came(ledgers: Ledgers) -> None:
    [answer] = ledgers.clinical.append([message(1, body=b"MSH|\xfc\x00\r\n|")])
    assert (answer.sequence, answer.verdict) == (1, Verdict.NEW)
    assert everything(ledgers) == [b"MSH|\xfc\x00\r\n|"]


def test_a_repeat_gets_the_first_answer_and_is_stored_once(ledgers: Ledgers) -> None:
    [first] = ledgers.clinical.append([message(1)])
    [again] = ledgers.clinical.append([message(1, SATURDAY + 99)])
    assert (again.sequence, again.received) == (first.sequence, first.received)
    assert again.verdict is Verdict.REPEATED
    assert len(everything(ledgers)) == 1


def test_the_same_identifier_with_other_bytes_is_kept_and_flagged(ledgers: Ledgers) -> None:
    ledgers.clinical.append([message(1)])
    [other] = ledgers.clinical.append([message(1, body=b"MSH|other")])
    assert (other.sequence, other.verdict) == (2, Verdict.ID_REUSED)
    [third] = ledgers.clinical.append([message(1, body=b"MSH|other")])
    assert (third.sequence, third.verdict) == (2, Verdict.REPEATED)
    assert len(everything(ledgers)) == 2


def test_repeats_within_one_commit_are_seen(ledgers: Ledgers) -> None:
    answers = ledgers.clinical.append([message(1), message(1), message(1, body=b"MSH|b")])
    verdicts = [a.verdict for a in answers]
    assert verdicts == [Verdict.NEW, Verdict.REPEATED, Verdict.ID_REUSED]


def test_another_feed_or_sender_may_use_the_same_identifier(ledgers: Ledgers) -> None:
    answers = ledgers.clinical.append([message(1, feed="adt"), message(1, feed="lab")])
    assert [a.verdict for a in answers] == [Verdict.NEW, Verdict.NEW]


def test_messages_without_an_identifier_are_never_taken_for_repeats(ledgers: Ledgers) -> None:
    blank = message(1)
    blank = type(blank)(*(*[getattr(blank, f) for f in blank.__struct_fields__[:5]], b"", b"X"))
    answers = ledgers.clinical.append([blank, blank])
    assert [a.verdict for a in answers] == [Verdict.NEW, Verdict.NEW]


def test_a_sender_that_calls_every_message_the_same_is_kept_whole_and_known_again(
    ledgers: Ledgers,
) -> None:
    bodies = [b"MSH|%d" % number for number in range(3_000)]
    for begin in range(0, 3_000, 500):
        ledgers.clinical.append([message(1, body=b) for b in bodies[begin : begin + 500]])
    [again] = ledgers.clinical.append([message(1, body=bodies[1_234])])
    assert (again.sequence, again.verdict) == (1_235, Verdict.REPEATED)
    assert len(everything(ledgers)) == 3_000


def test_a_damaged_old_day_stops_nothing(ledgers: Ledgers) -> None:
    ledgers.clinical.append([message(1)])
    ledgers.clinical.append([message(2, SATURDAY + DAY)])
    ledgers.close()
    files_of(ledgers.folder / "clinical")[0].write_bytes(b"damaged" * 999)
    again = Ledgers(ledgers.folder, ledgers.ring)
    answers = again.clinical.append([message(2, SATURDAY + DAY), message(1, SATURDAY + DAY)])
    assert [a.verdict for a in answers] == [Verdict.REPEATED, Verdict.NEW]


def test_with_a_horizon_longer_than_eight_days_old_repeats_are_seen(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    store = ClinicalStore(tmp_path / "long", ledgers.ring, horizon_days=12)
    (tmp_path / "long").mkdir()
    for day in range(20):
        store.append([message(day, SATURDAY + day * DAY)])
    late = SATURDAY + 19 * DAY
    answers = store.append([message(day, late) for day in range(20)])
    verdicts = [a.verdict is Verdict.REPEATED for a in answers]
    assert verdicts == [False] * 7 + [True] * 13
    store.close(late)


def test_midnight_under_load_loses_and_doubles_nothing(ledgers: Ledgers) -> None:
    for minute in range(-20, 20):
        at = MIDNIGHT + minute * 1_000_000
        ledgers.clinical.append([message(minute * 10 + n + 500, at) for n in range(10)])
        resent = ledgers.clinical.append([message(minute * 10 + 500, at + 60_000_000)])
        assert resent[0].verdict is Verdict.REPEATED
    assert len(everything(ledgers)) == 400
    assert [p.stem for p in files_of(ledgers.folder / "clinical")] == [
        "2022-05-14",
        "2022-05-15",
    ]


def test_yesterdays_message_sent_again_today_is_a_repeat(ledgers: Ledgers) -> None:
    ledgers.clinical.append([message(1)])
    [again] = ledgers.clinical.append([message(1, SATURDAY + DAY)])
    assert again.verdict is Verdict.REPEATED


def test_beyond_the_horizon_a_message_counts_as_new(ledgers: Ledgers) -> None:
    ledgers.clinical.append([message(1)])
    for day in range(1, 9):
        ledgers.clinical.append([message(1000 + day, SATURDAY + day * DAY)])
    [late] = ledgers.clinical.append([message(1, SATURDAY + 8 * DAY)])
    assert late.verdict is Verdict.NEW


def test_a_clock_that_jumps_back_goes_on_in_the_same_day(ledgers: Ledgers) -> None:
    ledgers.clinical.append([message(1, MIDNIGHT + 5)])
    ledgers.clinical.append([message(2, SATURDAY)])
    assert [p.stem for p in files_of(ledgers.folder / "clinical")] == ["2022-05-15"]
    assert len(everything(ledgers)) == 2


def test_opened_again_it_goes_on_without_a_gap_and_knows_its_repeats(ledgers: Ledgers) -> None:
    ledgers.clinical.append([message(n) for n in range(100)])
    ledgers.close()
    again = Ledgers(ledgers.folder, load_key_ring(ledgers.folder / "keys"))
    assert again.clinical.append([message(7)])[0].verdict is Verdict.REPEATED
    assert again.clinical.append([message(100)])[0].sequence == 101


def test_a_full_disk_is_no_answer_and_leaves_nothing_half_written(ledgers: Ledgers) -> None:
    ledgers.clinical.append([message(1)])
    connection = ledgers.clinical._ledger._file.connection
    pages = connection.pragma("page_count")
    connection.pragma("max_page_count", pages + 2)
    with pytest.raises(StoreFailedError):
        ledgers.clinical.append([message(n, body=os.urandom(9_000)) for n in range(2, 9)])
    assert len(everything(ledgers)) == 1
    connection.pragma("max_page_count", 1_000_000)
    assert ledgers.clinical.append([message(2)])[0].sequence == 2


def test_nothing_of_a_patient_stands_in_clear_on_the_disk(ledgers: Ledgers) -> None:
    ledgers.clinical.append([message(1, body=b"MSH|VANDENBERGHE" * 50)])
    ledgers.close()
    for path in (ledgers.folder / "clinical").iterdir():
        assert b"VANDENBERGHE" not in path.read_bytes()


def test_without_the_day_key_a_day_is_gone_for_good(ledgers: Ledgers) -> None:
    ledgers.clinical.append([message(1)])
    ledgers.close()
    (ledgers.folder / "clinical" / "2022-05-14.key").unlink()
    from wardkeep.ledger.errors import KeyMissingError

    with pytest.raises(KeyMissingError):
        everything(ledgers)


@pytest.mark.parametrize("filed_every", [3, 2_048])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=st.lists(st.tuples(st.integers(0, 5), st.sampled_from([b"", b"a", b"b"])), max_size=30)
)
def test_each_different_message_is_stored_exactly_once(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    filed_every: int,
    sent: list[tuple[int, bytes]],
) -> None:
    monkeypatch.setattr(trailing_index, "FILE_EVERY", filed_every)
    ledgers = Ledgers(tmp_path_factory.mktemp("ledger"))
    for number, body in sent:
        ledgers.clinical.append([message(number, body=body and b"MSH|" + body)])
    first_seen = list(dict.fromkeys((n, b) for n, b in sent))
    assert len(everything(ledgers)) == len(first_seen)
    ledgers.close()


def kill_and_count(folder: Path, after_lines: int) -> None:
    root = KILLER.parents[2]
    child = subprocess.Popen(
        [sys.executable, str(KILLER), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{root}:{root / 'src'}"},
    )
    assert child.stdout is not None
    acknowledged = [child.stdout.readline() for _ in range(after_lines)]
    child.send_signal(signal.SIGKILL)
    acknowledged += child.stdout.readlines()
    child.wait()
    child.stdout.close()
    numbers = {int(line) for line in acknowledged if line.endswith("\n")}
    assert len(numbers) >= after_lines
    reader = ClinicalLedger(folder / "clinical", load_key_ring(folder / "keys"))
    entries = reader.after(0, 10_000_000)
    reader.close()
    stored = [int(e.control[1:]) for e in entries]
    assert len(stored) == len(set(stored))
    assert numbers <= set(stored)
    assert [e.sequence for e in entries] == list(range(1, len(entries) + 1))


@pytest.mark.parametrize("lines", [1, 40, 400])
def test_what_was_acknowledged_before_a_kill_is_there_once(tmp_path: Path, lines: int) -> None:
    Ledgers(tmp_path).close()
    for _ in range(2):
        kill_and_count(tmp_path, lines)


@pytest.mark.long
def test_a_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    Ledgers(tmp_path).close()
    for round_ in range(100):
        kill_and_count(tmp_path, 1 + round_ * 3)


def test_with_the_keys_of_another_site_nothing_is_opened_and_nothing_begun(
    ledgers: Ledgers, tmp_path: Path
) -> None:
    ledgers.clinical.append([message(1)])
    ledgers.close()
    Ledgers(tmp_path / "other").close()
    for path in (tmp_path / "other" / "keys").iterdir():
        shutil.copy(path, ledgers.folder / "keys")
    ring = load_key_ring(ledgers.folder / "keys")
    with pytest.raises(KeyMissingError):
        ClinicalStore(ledgers.folder / "clinical", ring)
    assert len(files_of(ledgers.folder / "clinical")) == 1


def damage(path: Path, how: str) -> None:
    """Harm the newest day as a failing disk or a careless hand does."""
    content = path.read_bytes()
    match how:
        case "first page":
            path.write_bytes(os.urandom(4_096) + content[4_096:])
        case "every page":
            path.write_bytes(os.urandom(len(content)))
        case "last pages":
            path.write_bytes(content[:-8_192] + os.urandom(8_192))
        case "cut off":
            path.write_bytes(content[: len(content) // 2])
        case "empty":
            path.write_bytes(b"")
        case _:
            path.with_suffix(how).unlink()


@pytest.mark.parametrize(
    "how",
    ["first page", "every page", "last pages", "cut off", "empty", ".key", ".cipher"],
)
def test_behind_a_damaged_newest_day_intake_goes_on_and_no_number_is_given_twice(
    ledgers: Ledgers, how: str
) -> None:
    for begin in range(0, 300, 50):
        ledgers.clinical.append([message(n) for n in range(begin, begin + 50)])
    ledgers.witness.witness(SATURDAY)
    given = ledgers.clinical.append([message(300)])[0].sequence
    ledgers.close()
    [path] = files_of(ledgers.folder / "clinical")
    damage(path, how)
    damaged = path.read_bytes()

    heads = given_out(places(ledgers.folder), ledgers.ring)
    store = ClinicalStore(
        ledgers.folder / "clinical", ledgers.ring, given_out=heads["clinical"]
    )
    numbers = [a.sequence for a in store.append([message(n) for n in range(400, 410)])]
    assert numbers == list(range(numbers[0], numbers[0] + 10))
    assert numbers[0] > given
    assert store.append([message(405)])[0].verdict is Verdict.REPEATED
    store.close(SATURDAY)

    again = ClinicalStore(ledgers.folder / "clinical", ledgers.ring)
    assert again.append([message(500)])[0].sequence == numbers[-1] + 1
    assert again.append([message(500, SATURDAY + DAY)])[0].verdict is Verdict.REPEATED
    again.close(SATURDAY)
    assert path.read_bytes() == damaged
    assert set_aside(ledgers.folder / "clinical") == [path]
    reader = ClinicalLedger(ledgers.folder / "clinical", ledgers.ring)
    assert [e.sequence for e in reader.after(numbers[0] - 1, 100)] == [
        *numbers,
        numbers[-1] + 1,
    ]
    # Whoever has followed the ledger to an entry that is lost now misses none that came since.
    follower = [e.sequence for e in reader.after(given, 100) if e.kind is not Kind.UNREADABLE]
    assert follower == [*numbers, numbers[-1] + 1]
    reader.close()


def test_damage_that_shows_while_writing_ends_the_use_of_the_file_only(
    ledgers: Ledgers,
) -> None:
    ledgers.clinical.append([message(n) for n in range(50)])
    file = ledgers.clinical._ledger._file
    assert file is not None
    file.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    file.connection.pragma("shrink_memory")
    damage(files_of(ledgers.folder / "clinical")[0], "every page")
    with pytest.raises(StoreFailedError):
        ledgers.clinical.append([message(60)])
    answers = ledgers.clinical.append([message(60), message(61)])
    assert [a.verdict for a in answers] == [Verdict.NEW, Verdict.NEW]
    assert answers[0].sequence > 50
    ledgers.witness.witness(SATURDAY)
    assert [p.stem for p in files_of(ledgers.folder / "clinical")] == [
        "2022-05-14",
        "2022-05-14+02",
    ]


def test_a_disk_that_gives_no_more_handles_is_no_damage(
    ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers.clinical.append([message(1)])
    ledgers.close()
    [path] = files_of(ledgers.folder / "clinical")
    path.chmod(0)
    if os.geteuid() == 0:
        path.unlink()
        path.mkdir()
    with pytest.raises(StoreFailedError):
        ClinicalStore(ledgers.folder / "clinical", ledgers.ring)
    assert files_of(ledgers.folder / "clinical") == [path]


def test_a_new_day_that_could_be_made_but_not_opened_is_opened_later(
    ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers.clinical.append([message(1)])
    open_it = encrypted_database.open_for_writing

    monkeypatch.setattr(encrypted_database, "open_for_writing", no_handles)
    with pytest.raises(StoreFailedError):
        ledgers.clinical.append([message(2, SATURDAY + DAY)])
    monkeypatch.setattr(encrypted_database, "open_for_writing", open_it)
    key = (ledgers.folder / "clinical" / "2022-05-15.key").read_bytes()
    assert ledgers.clinical.append([message(2, SATURDAY + DAY)])[0].sequence == 2
    assert (ledgers.folder / "clinical" / "2022-05-15.key").read_bytes() == key
    assert len(everything(ledgers)) == 2


def test_a_day_that_cannot_be_asked_for_repeats_takes_nothing_until_it_can(
    ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers.clinical.append([message(1)])
    open_it = encrypted_database.open_for_reading

    monkeypatch.setattr(encrypted_database, "open_for_reading", no_handles)
    for _ in range(2):
        with pytest.raises(StoreFailedError):
            ledgers.clinical.append([message(2, SATURDAY + DAY)])
    monkeypatch.setattr(encrypted_database, "open_for_reading", open_it)
    verdicts = [
        ledgers.clinical.append([message(2, SATURDAY + DAY)])[0].verdict for _ in range(2)
    ]
    assert verdicts == [Verdict.NEW, Verdict.REPEATED]


def test_several_files_of_one_damaged_day_do_not_shorten_the_horizon(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    folder = tmp_path / "clinical"
    ledgers.clinical.append([message(1)])
    at = SATURDAY + DAY
    for number in range(9):
        ledgers.clinical.append([message(100 + number, at)])
        ledgers.close(at)
        damage(files_of(folder)[-1], "cut off")
        ledgers = Ledgers(tmp_path, ledgers.ring)
    [late] = ledgers.clinical.append([message(1, at)])
    assert late.verdict is Verdict.REPEATED
    ledgers.close(at)


def test_a_new_day_whose_log_does_not_fit_on_the_disk_is_made_anew_when_there_is_room(
    ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers.clinical.append([message(1)])
    has_log = encrypted_database.has_log
    monkeypatch.setattr(encrypted_database, "has_log", lambda _path: True)
    with pytest.raises(StoreFailedError):
        ledgers.clinical.append([message(2, SATURDAY + DAY)])
    monkeypatch.setattr(encrypted_database, "has_log", has_log)
    assert ledgers.clinical.append([message(2, SATURDAY + DAY)])[0].sequence == 2
    assert len(everything(ledgers)) == 2


def test_a_new_day_that_is_damaged_before_its_first_entry_is_left_for_another(
    ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers.clinical.append([message(1)])
    open_it = encrypted_database.open_for_writing

    monkeypatch.setattr(encrypted_database, "open_for_writing", no_handles)
    with pytest.raises(StoreFailedError):
        ledgers.clinical.append([message(2, SATURDAY + DAY)])
    monkeypatch.setattr(encrypted_database, "open_for_writing", open_it)
    folder = ledgers.folder / "clinical"
    (folder / "2022-05-15.db").write_bytes(b"damaged" * 999)
    answers = [ledgers.clinical.append([message(n, SATURDAY + DAY)])[0] for n in (2, 3, 2)]
    assert [a.verdict for a in answers] == [Verdict.NEW, Verdict.NEW, Verdict.REPEATED]
    assert [path.name for path in set_aside(folder)] == ["2022-05-15.db"]


@pytest.mark.parametrize("day", [0, 1])
def test_a_flipped_bit_in_the_name_of_a_cipher_stops_nothing(
    ledgers: Ledgers, day: int
) -> None:
    for at in (SATURDAY, SATURDAY + DAY):
        ledgers.clinical.append([message(at // DAY, at)])
    ledgers.close()
    path = files_of(ledgers.folder / "clinical")[day]
    encrypted_database.cipher_file(path).write_bytes(b"\xe1egis")
    again = Ledgers(ledgers.folder, ledgers.ring)
    assert len(everything(again)) == 2
    assert again.clinical.append([message(9, SATURDAY + DAY)])[0].sequence == 3


def test_tries_against_a_store_that_fails_leave_nothing_behind(ledgers: Ledgers) -> None:
    ledgers.clinical.append([message(0)])
    file = ledgers.clinical._ledger._file
    assert file is not None
    file.connection.execute("pragma query_only=1")
    for _ in range(50):
        with pytest.raises(StoreFailedError):
            ledgers.clinical.append([message(n) for n in range(1, 20)])
    assert len(ledgers.clinical._days._days[-1]._tail) == 1
    file.connection.execute("pragma query_only=0")
    verdicts = {a.verdict for a in ledgers.clinical.append([message(n) for n in range(1, 20)])}
    assert verdicts == {Verdict.NEW}


def test_where_no_witness_knows_the_lost_day_no_number_of_it_is_given_again(
    ledgers: Ledgers,
) -> None:
    ledgers.clinical.append([message(1)])
    ledgers.clinical.append([message(n, SATURDAY + DAY) for n in range(2, 200)])
    ledgers.close()
    damage(files_of(ledgers.folder / "clinical")[1], "every page")
    store = ClinicalStore(ledgers.folder / "clinical", ledgers.ring)
    assert store.append([message(500, SATURDAY + DAY)])[0].sequence > 1_000_000
    store.close(SATURDAY + DAY)


def test_a_day_that_is_gone_keeps_its_key_and_may_be_put_back(ledgers: Ledgers) -> None:
    ledgers.clinical.append([message(1)])
    ledgers.clinical.append([message(n, SATURDAY + DAY) for n in range(2, 60)])
    ledgers.close()
    folder = ledgers.folder / "clinical"
    gone = files_of(folder)[1]
    kept, key = gone.read_bytes(), gone.with_suffix(".key").read_bytes()
    gone.unlink()

    heads = given_out(places(ledgers.folder), ledgers.ring)
    store = ClinicalStore(folder, ledgers.ring, given_out=heads["clinical"])
    assert store.append([message(100, SATURDAY + DAY)])[0].sequence > 59
    assert gone.with_suffix(".key").read_bytes() == key
    assert set_aside(folder) == [gone]
    store.close(SATURDAY + DAY)

    gone.write_bytes(kept)
    reader = ClinicalLedger(folder, ledgers.ring)
    found = [e.body for e in reader.after(0, 1000) if e.kind is not Kind.UNREADABLE]
    assert {message(n).body for n in (1, 2, 59, 100)} <= set(found)
    reader.close()


def test_a_damaged_day_is_told_also_when_it_is_found_the_day_after(ledgers: Ledgers) -> None:
    ledgers.clinical.append([message(1)])
    ledgers.close()
    [path] = files_of(ledgers.folder / "clinical")
    damage(path, "every page")
    store = ClinicalStore(ledgers.folder / "clinical", ledgers.ring)
    store.append([message(2, SATURDAY + DAY)])
    store.close(SATURDAY + DAY)
    assert set_aside(ledgers.folder / "clinical") == [path]


def test_memory_that_ran_out_within_a_commit_leaves_the_file_in_use(
    ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers.clinical.append([message(1)])
    file = ledgers.clinical._ledger._file
    assert file is not None

    def no_memory(_rows: object) -> None:
        raise MemoryError

    monkeypatch.setattr(file, "_insert", no_memory)
    with pytest.raises(MemoryError):
        ledgers.clinical.append([message(2)])
    monkeypatch.undo()
    assert ledgers.clinical.append([message(2)])[0].sequence == 2
    assert len(files_of(ledgers.folder / "clinical")) == 1
