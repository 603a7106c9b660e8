"""The hospital folder is made whole, private, and never over something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from wardkeep.app.errors import FolderTakenError, NotAHospitalFolderError
from wardkeep.app.folder import HospitalFolder, lay_out, open_folder


def test_a_new_folder_lets_nobody_else_in(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "deep" / "hospital", 'name = "x"')
    for each in (folder.path, *folder.folders):
        assert each.stat().st_mode & 0o777 == 0o700, each
    assert folder.settings.stat().st_mode & 0o777 == 0o600
    assert open_folder(folder.path) == folder


def test_a_folder_named_from_here_is_made_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lay_out(Path("hospital"), 'name = "x"')
    assert open_folder(Path("hospital")).path == tmp_path / "hospital"


def test_nothing_is_made_where_something_lies(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for taken in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(FolderTakenError, match="nothing was changed"):
            lay_out(taken, 'name = "x"')
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    assert lay_out(tmp_path, 'name = "x"').settings.exists()


def test_a_folder_without_settings_is_not_a_hospital(tmp_path: Path) -> None:
    with pytest.raises(NotAHospitalFolderError, match="not a hospital folder"):
        open_folder(tmp_path)


def test_every_path_lies_inside_the_folder(tmp_path: Path) -> None:
    folder = HospitalFolder(tmp_path)
    paths = (
        *folder.folders,
        folder.settings,
        folder.chart_database,
        folder.control_socket,
        folder.pid_file,
        folder.writer_lock,
    )
    assert len(set(paths)) == len(paths)
    assert all(path.is_relative_to(tmp_path) for path in paths)
