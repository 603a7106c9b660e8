"""A file is the old one or the new one, and its owner's alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wardkeep.adapters.files import make_private_folder, why_not_writable, write_private


def test_a_file_is_its_owners_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "key", b"one")
        make_private_folder(tmp_path / "keys")
    finally:
        os.umask(before)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_a_new_content_replaces_the_old_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_private(tmp_path / "key", b"one")
    write_private(tmp_path / "key", b"two")
    assert (tmp_path / "key").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_an_unfinished_file_of_a_crash_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".key.unfinished").write_bytes(b"half of something longer")
    write_private(tmp_path / "key", b"whole")
    assert (tmp_path / "key").read_bytes() == b"whole"


def test_a_link_laid_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / ".key.unfinished").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        write_private(tmp_path / "key", b"secret")
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_missing_is_told_by_the_name_that_was_given(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        write_private(tmp_path / "missing" / "sheet.pdf", b"x")
    assert missing.value.filename == str(tmp_path / "missing" / "sheet.pdf")


def test_what_could_not_be_put_in_place_lies_nowhere(tmp_path: Path) -> None:
    (tmp_path / "key").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_private(tmp_path / "key", b"secret")
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_place_where_no_file_can_be_made_is_named_beforehand(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert why_not_writable(tmp_path / "file") == ""
    assert why_not_writable(tmp_path / "new") == ""
    assert why_not_writable(tmp_path) == "is a folder"
    assert why_not_writable(Path("/dev/null")) == "is no ordinary file"
    assert why_not_writable(tmp_path / "none" / "new").startswith("there is no folder")
    assert why_not_writable(tmp_path / "file" / "new").startswith("there is no folder")
