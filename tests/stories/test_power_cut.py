"""Whoever kills the server or pulls the plug loses no message that was acknowledged."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.cut_filesystem import CutDisk
from benchmarks.power_cut import Round, rounds


def faults(done: list[Round]) -> list[str]:
    return [f"{each.kind}: {wrong}" for each in done for wrong in each.wrong]


def test_kills_and_power_cuts_under_load_lose_nothing_acknowledged(tmp_path: Path) -> None:
    done = list(rounds(tmp_path, 6, seed=11))
    assert faults(done) == []
    assert {each.kind for each in done if each.acknowledged} == {"kill -9", "power cut"}
    assert sum(each.charts for each in done) > 0


def test_the_disk_of_the_test_forgets_what_was_not_synced(tmp_path: Path) -> None:
    place, source = tmp_path / "disk", tmp_path / "source"
    place.mkdir()
    source.mkdir()
    (source / "kept").write_bytes(b"kept")
    lost = 0
    for seed in range(20):
        disk = CutDisk(place)
        try:
            disk.take(source)
            disk.mount()
            (place / "kept").write_bytes(b"other")
            (place / "new").write_bytes(b"new")
            disk.unmount()
            disk.cut(seed)
            left = tmp_path / f"left-{seed}"
            disk.give(left)
        finally:
            disk.close()
        names = {path.name for path in left.iterdir()}
        assert "kept" in names
        lost += "new" not in names or (left / "new").read_bytes() != b"new"
    assert lost > 0


@pytest.mark.long
def test_a_thousand_kills_and_power_cuts_lose_nothing(tmp_path: Path) -> None:
    assert faults(list(rounds(tmp_path, 1_000, seed=1))) == []
