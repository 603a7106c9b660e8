from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY, Ledgers, message
from tests.stories.site_server import message as admission

from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.errors import CopiedLedgerError
from wardkeep.adapters.ledger_folder import copy_mark, files_of
from wardkeep.adapters.operations_store import open_operations, read_looks, read_operations
from wardkeep.app import promotion
from wardkeep.app.chart_process import NOT_CARRIED, details, open_chronicler
from wardkeep.app.first import Copied, First, Following, is_copy, write_first
from wardkeep.app.folder import DATA_FORMAT, HospitalFolder, lay_out
from wardkeep.app.ledger_verdict import verify
from wardkeep.app.own_ledgers import OwnLedgers
from wardkeep.app.promotion import Decision, decide_promotion, finish_promotion
from wardkeep.app.settings import load_site
from wardkeep.copies.events import PART, LedgersTakenOver, decode
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import DAY
from wardkeep.ledger.encoding import LookEntry
from wardkeep.ledger.loss import UNSEEN

_SETTINGS = """\
name = "Saint Elisabeth"

[[feeds]]
name = "adt"
host = "127.0.0.1"
port = 2575
"""
SITE = Site(name="Saint Elisabeth")
FIRST = First(
    name="Saint Elisabeth", code="ELI", host="box1", port=1, pin="", follower="box-2", since=1
)


@pytest.fixture
def box(tmp_path: Path) -> Ledgers:
    """A second box: three copied ledgers, and a look that was taken meanwhile."""
    ledgers = Ledgers(tmp_path)
    ledgers.clinical.append([message(number) for number in range(5)])
    ledgers.close()
    folder = HospitalFolder(tmp_path)
    folder.settings.write_text('name = "Saint Elisabeth"\n')
    folder.data_format.write_text(f"{DATA_FORMAT}\n")
    folder.following.mkdir()
    write_first(folder, FIRST)
    for ledger in ("clinical", "operations", "access"):
        copy_mark(tmp_path / ledger).touch()
    own = OwnLedgers(folder, SITE, ledgers.ring)
    own.look([LookEntry(SATURDAY, "nurse", "4711", "ward", "")])
    own.close()
    return ledgers


def following(seen: int) -> Following:
    ledgers = {"clinical": Copied(held=5, seen=seen, as_of=SATURDAY)}
    return Following(
        first=FIRST, at=1, as_of=SATURDAY, answered=1, silent_since=1, ledgers=ledgers
    )


def decide(box: Ledgers, seen: int = 5) -> LedgersTakenOver:
    folder = HospitalFolder(box.folder)
    decision = Decision("box 1 burnt", "os:anna", SATURDAY + 1)
    return decide_promotion(folder, box.ring, following(seen), decision).taken_over


def nobody(_ledger: str, _entries: int) -> None:
    return


def taken_over(box: Ledgers) -> list[LedgersTakenOver]:
    ledger = read_operations(box.folder / "operations", box.ring)
    events = [decode(event.body) for _, event in ledger.after(0, PART)]
    ledger.close()
    return [event for event in events if isinstance(event, LedgersTakenOver)]


def test_copies_become_ledgers_behind_a_gap_with_the_decision_as_their_first_entry(
    box: Ledgers,
) -> None:
    with pytest.raises(CopiedLedgerError):
        open_operations(box.folder / "operations", box.ring)
    decided = decide(box)
    finish_promotion(HospitalFolder(box.folder), SITE, box.ring)
    assert not is_copy(HospitalFolder(box.folder))
    assert taken_over(box) == [decided]
    again = Ledgers(box.folder, box.ring)
    [answer] = again.clinical.append([message(9, SATURDAY + 2)])
    again.close(SATURDAY + 3)
    assert answer.sequence == 5 + UNSEEN + 1
    looks = read_looks(box.folder / "access", box.ring)
    assert [look.record for look in looks] == ["4711"]
    assert verify(box.folder, nobody).faults == []


def test_what_the_box_before_was_known_to_have_is_told_as_missing(box: Ledgers) -> None:
    decided = decide(box, seen=8)
    assert (decided.held["clinical"], decided.seen["clinical"]) == (5, 8)
    finish_promotion(HospitalFolder(box.folder), SITE, box.ring)
    again = Ledgers(box.folder, box.ring)
    [answer] = again.clinical.append([message(9, SATURDAY + 2)])
    again.close(SATURDAY + 3)
    assert answer.sequence == 8 + UNSEEN + 1


@pytest.mark.parametrize("step", ["_begin", "_write_down"])
def test_a_promotion_that_was_cut_off_is_carried_out_at_the_next_start(
    box: Ledgers, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = decide(box)
    folder = HospitalFolder(box.folder)
    done = getattr(promotion, step)

    def cut(*words: object) -> None:
        done(*words)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(promotion, step, cut)
        with pytest.raises(KeyboardInterrupt):
            finish_promotion(folder, SITE, box.ring)
    assert is_copy(folder)
    finish_promotion(folder, SITE, box.ring)
    finish_promotion(folder, SITE, box.ring)
    assert not is_copy(folder)
    assert taken_over(box) == [decided]
    assert len(read_looks(box.folder / "access", box.ring)) == 1
    assert verify(box.folder, nobody).faults == []


@pytest.fixture
def empty_box(tmp_path: Path) -> Ledgers:
    """A second box of a first that had no message yet, so that none was copied."""
    ledgers = Ledgers(tmp_path)
    ledgers.close()
    folder = lay_out(tmp_path / "box", _SETTINGS)
    for name in ("keys", "operations", "access"):
        for path in (tmp_path / name).iterdir():
            shutil.copy(path, folder.path / name)
    folder.following.mkdir()
    write_first(folder, FIRST)
    for ledger in ("clinical", "operations", "access"):
        copy_mark(folder.path / ledger).touch()
    ledgers.folder = folder.path
    return ledgers


def promote(box: Ledgers, *, seen: int = 0, as_of: int = SATURDAY) -> HospitalFolder:
    """Make the box the first, and let a message come that it charts."""
    folder = HospitalFolder(box.folder)
    stood = Following(
        first=FIRST,
        at=1,
        as_of=as_of,
        answered=as_of,
        silent_since=1,
        ledgers={"clinical": Copied(held=0, seen=seen, as_of=as_of)},
    )
    decide_promotion(folder, box.ring, stood, Decision("box 1 burnt", "os:anna", SATURDAY + 1))
    finish_promotion(folder, SITE, box.ring)
    return folder


def alarms_of_charts(folder: HospitalFolder) -> dict[str, str]:
    """Fold what is there, and tell which alarms the charts then raise."""
    chronicler = open_chronicler(folder, load_site(folder))
    while chronicler.step():
        pass
    found = {code: words for code, words in details(chronicler).items() if words}
    chronicler.close()
    return found


def take(folder: HospitalFolder, box: Ledgers) -> None:
    store = ClinicalStore(folder.clinical, box.ring)
    store.append([message(1, SATURDAY + 2, body=admission(1, "4711"))])
    store.close(SATURDAY + 3)


def test_where_no_message_had_come_before_a_promotion_the_charts_lack_nothing(
    empty_box: Ledgers,
) -> None:
    folder = promote(empty_box)
    assert alarms_of_charts(folder) == {}
    take(folder, empty_box)
    assert alarms_of_charts(folder) == {}


@pytest.mark.parametrize(
    ("seen", "as_of"), [(3, SATURDAY), (0, 0)], ids=["known to have had three", "not known"]
)
def test_messages_of_the_box_before_that_never_came_over_are_told_as_lacking(
    empty_box: Ledgers, seen: int, as_of: int
) -> None:
    folder = promote(empty_box, seen=seen, as_of=as_of)
    lacking = {NOT_CARRIED: f"the charts lack entries to {seen + UNSEEN}"}
    assert alarms_of_charts(folder) == lacking
    take(folder, empty_box)
    assert alarms_of_charts(folder) == lacking


def test_days_that_are_gone_after_such_a_promotion_are_told_as_lacking(
    empty_box: Ledgers,
) -> None:
    folder = promote(empty_box)
    store = ClinicalStore(folder.clinical, empty_box.ring)
    for day in (0, 1):
        at = SATURDAY + 2 + day * DAY
        store.append([message(day, at, body=admission(day, f"471{day}"))])
    store.close(SATURDAY + 2 * DAY)
    *gone, _ = files_of(folder.clinical)
    for path in gone:
        path.unlink()
    assert alarms_of_charts(folder) == {NOT_CARRIED: f"the charts lack entries to {UNSEEN + 1}"}


def test_a_copy_that_had_the_numbers_before_the_reason_takes_the_alarm_back(
    empty_box: Ledgers,
) -> None:
    folder = promote(empty_box)
    take(folder, empty_box)
    later = folder.path / "later"
    later.mkdir()
    for path in folder.operations.iterdir():
        path.rename(later / path.name)
    assert NOT_CARRIED in alarms_of_charts(folder)
    for path in later.iterdir():
        path.rename(folder.operations / path.name)
    assert alarms_of_charts(folder) == {}


def test_charts_of_new_rules_are_made_anew_from_all_that_came_since_such_a_promotion(
    empty_box: Ledgers, caplog: pytest.LogCaptureFixture
) -> None:
    folder = promote(empty_box)
    take(folder, empty_box)
    assert alarms_of_charts(folder) == {}
    folder.settings.write_text(_SETTINGS.replace("2575", "2576"))
    assert alarms_of_charts(folder) == {}
    assert "go on from the old ones" not in caplog.text
