from __future__ import annotations

import stat
from pathlib import Path

from wardkeep.adapters.session_file import SessionFile


def test_sessions_come_back_after_a_restart_and_nobody_else_may_read_them(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sessions.json"
    SessionFile(path).save(b"[]")
    assert SessionFile(path).load() == b"[]"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_without_a_file_there_are_no_sessions(tmp_path: Path) -> None:
    assert SessionFile(tmp_path / "none").load() is None


def test_a_folder_that_cannot_be_written_costs_no_page(tmp_path: Path) -> None:
    SessionFile(tmp_path / "gone" / "sessions.json").save(b"[]")
