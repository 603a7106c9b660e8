import asyncio
from pathlib import Path

import pytest
from tests.adapters.mllp_bench import AT, BrokenDisk, Recorder

from wardkeep.adapters import group_commit
from wardkeep.adapters.group_commit import GroupCommit
from wardkeep.ledger.arrival import Appended, Arrival, Kind
from wardkeep.ledger.errors import StoreFailedError


def arrival(number: int, size: int = 4) -> Arrival:
    return Arrival("adt", AT, Kind.HL7, b"A", b"B", b"%d" % number, b"x" * size)


def test_arrivals_share_commits_up_to_a_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "GROUP_ENTRIES", 5)
    monkeypatch.setattr(group_commit, "GROUP_BYTES", 1_000)
    ledger = Recorder(tmp_path)

    async def day() -> None:
        commits = GroupCommit(ledger, asyncio.get_running_loop())
        sizes = [4] * 8 + [900, 200, 4]
        appended = await commits.append([arrival(n, size) for n, size in enumerate(sizes)])
        assert [each.sequence for each in appended] == list(range(1, 12))
        assert [len(group) for group in ledger.groups] == [5, 5, 1]

    asyncio.run(day())
    ledger.close()


def test_senders_in_lock_step_stay_in_one_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "PATIENCE", 1e9)
    monkeypatch.setattr(group_commit, "PATIENCE_SECONDS", 60.0)
    ledger = Recorder(tmp_path)

    async def day() -> None:
        commits = GroupCommit(ledger, asyncio.get_running_loop())
        await commits.append([arrival(1), arrival(2)])
        early = asyncio.create_task(commits.append([arrival(3)]))
        for _ in range(100):
            await asyncio.sleep(0)
        assert len(ledger.groups) == 1
        await commits.append([arrival(4)])
        await early
        assert [len(group) for group in ledger.groups] == [2, 2]

    asyncio.run(day())
    ledger.close()


def test_a_sender_that_stays_away_is_not_waited_for_long(tmp_path: Path) -> None:
    ledger = Recorder(tmp_path)

    async def day() -> None:
        commits = GroupCommit(ledger, asyncio.get_running_loop())
        await commits.append([arrival(1), arrival(2)])
        await commits.append([arrival(3)])
        assert [len(group) for group in ledger.groups] == [2, 1]

    asyncio.run(day())
    ledger.close()


def test_what_is_queued_is_committed_before_the_end(tmp_path: Path) -> None:
    ledger = Recorder(tmp_path)

    async def day() -> None:
        commits = GroupCommit(ledger, asyncio.get_running_loop())
        waiting = asyncio.create_task(commits.append([arrival(n) for n in range(50)]))
        await asyncio.sleep(0)
        commits.close()
        assert len(await waiting) == 50

    asyncio.run(day())
    ledger.close()


def test_a_failing_store_is_told_to_whoever_waits() -> None:
    async def day() -> None:
        settled: list[bool] = []
        commits = GroupCommit(
            BrokenDisk(), asyncio.get_running_loop(), lambda: settled.append(True)
        )
        for _ in range(2):
            with pytest.raises(StoreFailedError):
                await commits.append([arrival(1), arrival(2)])
        assert settled
        commits.close()

    asyncio.run(day())


class Deaf:
    """An arrival whose answer cannot be made."""

    def __init__(self, number: int) -> None:
        self.arrival, self.abandoned, self.was_closed = arrival(number), False, False

    def abandon(self) -> None:
        self.abandoned = True

    def committed(self, appended: Appended) -> None:
        raise ZeroDivisionError(appended)

    def failed(self) -> None:
        self.was_closed = True


def test_an_answer_that_cannot_be_made_closes_its_sender_and_holds_up_no_other(
    tmp_path: Path,
) -> None:
    ledger = Recorder(tmp_path)

    async def day() -> None:
        commits = GroupCommit(ledger, asyncio.get_running_loop())
        deaf = Deaf(1)
        commits.offer(deaf)
        [other] = await commits.append([arrival(2)])
        assert (other.sequence, deaf.was_closed) == (2, True)
        [later] = await commits.append([arrival(3)])
        assert later.sequence == 3

    asyncio.run(day())
    ledger.close()
