import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.ledger.errors import StoreLockedError


def test_a_second_writer_is_told_who_writes(tmp_path: Path) -> None:
    with (
        WriterLock(tmp_path / "writer.lock"),
        pytest.raises(StoreLockedError, match=str(os.getpid())),
    ):
        WriterLock(tmp_path / "writer.lock")


def test_after_the_first_writer_ended_another_may_write(tmp_path: Path) -> None:
    WriterLock(tmp_path / "writer.lock").release()
    with WriterLock(tmp_path / "writer.lock"):
        assert (tmp_path / "writer.lock").read_text() == str(os.getpid())


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path\n"
        "from wardkeep.adapters.writer_lock import WriterLock\n"
        "lock = WriterLock(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    source = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "writer.lock")],
        check=False,
        env={"PYTHONPATH": str(source)},
    )
    assert done.returncode == -9
    WriterLock(tmp_path / "writer.lock").release()


def test_who_waits_gets_the_lock_of_a_writer_that_ends_meanwhile(tmp_path: Path) -> None:
    first = WriterLock(tmp_path / "writer.lock")
    threading.Timer(0.2, first.release).start()
    with WriterLock(tmp_path / "writer.lock", patience=60.0):
        assert (tmp_path / "writer.lock").read_text() == str(os.getpid())


def test_a_copy_without_the_folder_of_locks_gets_one_for_its_owner_only(tmp_path: Path) -> None:
    with WriterLock(tmp_path / "run" / "writer.lock"):
        assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700
