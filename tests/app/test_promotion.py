from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY, Ledgers, message

from wardkeep.adapters.errors import CopiedLedgerError
from wardkeep.adapters.ledger_folder import copy_mark
from wardkeep.adapters.operations_store import open_operations, read_looks, read_operations
from wardkeep.app import promotion
from wardkeep.app.first import Copied, First, Following, is_copy, write_first
from wardkeep.app.folder import DATA_FORMAT, HospitalFolder
from wardkeep.app.ledger_verdict import verify
from wardkeep.app.own_ledgers import OwnLedgers
from wardkeep.app.promotion import Decision, decide_promotion, finish_promotion
from wardkeep.copies.events import PART, LedgersTakenOver, decode
from wardkeep.hospital.site import Site
from wardkeep.ledger.encoding import LookEntry
from wardkeep.ledger.loss import UNSEEN

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
