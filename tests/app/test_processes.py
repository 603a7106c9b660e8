from pathlib import Path

from wardkeep.app import processes
from wardkeep.app.folder import lay_out
from wardkeep.app.processes import Process


def test_screens_read_what_the_supervisor_wrote(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "hospital", "name = 'H'\n")
    known = [Process(name="writer", running=True, since=1, restarts=2, last_restart=3)]
    processes.write(folder, known)
    assert processes.read(folder) == known


def test_without_a_server_there_are_none(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "hospital", "name = 'H'\n")
    assert processes.read(folder) == []
    (folder.run / "processes.json").write_text("{")
    assert processes.read(folder) == []
