import asyncio
from pathlib import Path

import pytest
from tests.adapters.mllp_bench import AT, BrokenDisk, Gate, Recorder

from wardkeep.adapters import group_commit
from wardkeep.adapters.group_commit import GroupCommit
from wardkeep.ledger.arrival import Arrival, Kind
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
        gate = Gate(ledger)
        commits = GroupCommit(gate, asyncio.get_running_loop())
        first = asyncio.create_task(commits.append([arrival(0)]))
        await asyncio.to_thread(gate.reached.wait)
        sizes = [4] * 7 + [900, 200, 4]
        more = asyncio.create_task(
            commits.append([arrival(n, size) for n, size in enumerate(sizes, 1)])
        )
        await asyncio.sleep(0)
        gate.opened.set()
        assert [each.sequence for each in await first + await more] == list(range(1, 12))
        assert [len(group) for group in ledger.groups] == [1, 5, 4, 1]
        await commits.close()

    asyncio.run(day())
    ledger.close()


def test_what_is_queued_is_committed_before_the_end(tmp_path: Path) -> None:
    ledger = Recorder(tmp_path)

    async def day() -> None:
        commits = GroupCommit(ledger, asyncio.get_running_loop())
        waiting = asyncio.create_task(commits.append([arrival(n) for n in range(50)]))
        await asyncio.sleep(0)
        await commits.close()
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
        await commits.close()

    asyncio.run(day())
