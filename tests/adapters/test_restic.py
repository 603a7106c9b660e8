from pathlib import Path

import pytest

from wardkeep.adapters.errors import BackupFailedError
from wardkeep.adapters.restic import Repository


def test_a_folder_comes_back_and_old_backups_go(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a").write_text("a")
    repository = Repository(str(tmp_path / "repository"), "word")
    assert not repository.exists()
    repository.make()
    assert repository.exists()
    heard: list[float] = []
    for _ in range(3):
        stored = repository.back_up(
            tmp_path / "site", "host", lambda share, _bytes: heard.append(share)
        )
    assert heard[-1] <= 1
    assert len(repository.snapshots()) == 3
    repository.forget("host", {"last": 1}, prune=True)
    (kept,) = repository.snapshots()
    assert kept.id.startswith(stored.snapshot_id)
    repository.restore(kept.id, tmp_path / "back")
    assert (tmp_path / "back" / kept.paths[0].lstrip("/") / "a").read_text() == "a"
    repository.check("100%")


def test_a_wrong_password_is_no_missing_repository_and_is_never_told(tmp_path: Path) -> None:
    Repository(str(tmp_path / "repository"), "word").make()
    with pytest.raises(BackupFailedError, match="wrong password") as told:
        Repository(str(tmp_path / "repository"), "s3cret").exists()
    assert "s3cret" not in str(told.value)
