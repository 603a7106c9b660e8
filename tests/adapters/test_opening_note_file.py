from __future__ import annotations

import os
from pathlib import Path

from wardkeep.adapters.delivery_targets import FolderTarget
from wardkeep.adapters.opening_note_file import leave, notes_at
from wardkeep.pack.opening_note import LARGEST, OpeningNote, encode

NOTE = OpeningNote(site="VAL", ward="4B", generation=7, at=5, by="os:kit")


def read(place: Path, wards: tuple[str, ...] = ("4B",)) -> dict[str, bytes]:
    return dict(notes_at(FolderTarget(place, "wardkeep-VAL"), wards, place / "none"))


def shared(tmp_path: Path) -> Path:
    (tmp_path / "wardkeep-VAL").mkdir()
    return tmp_path / "wardkeep-VAL"


def test_what_was_left_beside_a_pack_is_read_at_the_next_visit(tmp_path: Path) -> None:
    folder = shared(tmp_path)
    assert leave(folder, NOTE)
    assert [each.name for each in folder.iterdir()] == ["4B.opened.json"]
    assert read(tmp_path, ("4B", "ICU")) == {"4B": encode(NOTE)}


def test_a_place_that_takes_nothing_is_said_to_and_stays_as_it_was(tmp_path: Path) -> None:
    assert not leave(tmp_path / "gone", NOTE)
    assert list(tmp_path.iterdir()) == []


def test_a_note_never_writes_through_a_link_that_somebody_laid(tmp_path: Path) -> None:
    folder, victim = shared(tmp_path), tmp_path / "victim"
    victim.write_text("kept")
    (folder / "4B.opened.json").symlink_to(victim)
    assert leave(folder, NOTE)
    assert victim.read_text() == "kept"
    assert read(tmp_path) == {"4B": encode(NOTE)}


def test_links_pipes_folders_and_large_files_are_no_notes(tmp_path: Path) -> None:
    folder = shared(tmp_path)
    (tmp_path / "secret").write_bytes(encode(NOTE))
    (folder / "A.opened.json").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "B.opened.json")
    (folder / "C.opened.json").mkdir()
    (folder / "D.opened.json").write_bytes(b" " * (LARGEST + 1))
    assert read(tmp_path, ("A", "B", "C", "D")) == {}
