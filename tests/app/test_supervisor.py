import asyncio
import os
import resource
import sys
from pathlib import Path

import pytest

from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app import processes
from wardkeep.app.errors import StartFailedError
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.app.supervisor import Program, Supervisor, supervise
from wardkeep.ledger.errors import StoreLockedError

STEADY = """
import os, signal, sys, pathlib
pathlib.Path(sys.argv[1], "run", f"{__name__ and sys.argv[0].split('/')[-1]}.pid").write_text(
    str(os.getpid()))
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("READY", flush=True)
while True:
    signal.pause()
"""
BROKEN = "raise SystemExit(3)\n"
WOUNDED = (
    """
import pathlib, sys
wound = pathlib.Path(sys.argv[1], "wound")
if wound.exists():
    raise SystemExit(4)
"""
    + STEADY
)
MUTE_ONCE = (
    """
import pathlib, signal, sys
mark = pathlib.Path(sys.argv[1], "run", "was-mute")
if not mark.exists():
    mark.touch()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        signal.pause()
"""
    + STEADY
)
DEAF = STEADY.replace("lambda *_: sys.exit(0)", "signal.SIG_IGN")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HospitalFolder:
    for name, text in (
        ("steady", STEADY),
        ("broken", BROKEN),
        ("deaf", DEAF),
        ("wounded", WOUNDED),
        ("mute", MUTE_ONCE),
    ):
        (tmp_path / f"{name}_program.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    return lay_out(tmp_path / "hospital", "name = 'H'\n")


def test_all_are_ready_before_ready_is_said_and_all_end(folder: HospitalFolder) -> None:
    programs = (Program("one", "steady_program", 0), Program("two", "steady_program", 1))
    supervisor = Supervisor(folder, programs)
    known: list[processes.Process] = []

    def ready() -> None:
        known.extend(processes.read(folder))
        supervisor.stop()

    asyncio.run(supervisor.run(ready))
    assert [(p.name, p.running) for p in known] == [("one", True), ("two", True)]
    assert processes.read(folder) == []


def test_one_that_cannot_start_ends_all_and_is_named(folder: HospitalFolder) -> None:
    programs = (Program("good", "steady_program", 0), Program("bad", "broken_program", 1))
    with pytest.raises(StartFailedError, match="bad process ended with status 3"):
        asyncio.run(Supervisor(folder, programs).run(lambda: None))
    pid = int((folder.run / "steady_program.py.pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_one_that_cannot_use_its_stores_keeps_nobody_from_reading_what_there_is(
    folder: HospitalFolder, capfd: pytest.CaptureFixture[str]
) -> None:
    wound = folder.path / "wound"
    wound.touch()
    programs = (Program("writer", "wounded_program", 0), Program("web", "steady_program", 1))
    supervisor = Supervisor(folder, programs)

    async def night() -> list[tuple[str, bool]]:
        ready = asyncio.Event()
        running = asyncio.create_task(supervisor.run(ready.set))
        known = processes.read(folder)
        while not (any(p.restarts for p in known) and any(p.running for p in known)):
            await asyncio.sleep(0)
            known = processes.read(folder)
        meanwhile = [(p.name, p.running) for p in known]
        assert not ready.is_set()
        wound.unlink()
        await ready.wait()
        assert all(p.running for p in processes.read(folder))
        supervisor.stop()
        await running
        return meanwhile

    assert asyncio.run(night()) == [("writer", False), ("web", True)]
    assert "writer cannot use its stores" in capfd.readouterr().err


def test_one_that_dies_is_started_again_and_that_is_counted(folder: HospitalFolder) -> None:
    supervisor = Supervisor(folder, (Program("one", "steady_program", 0),))

    async def kill_once() -> list[processes.Process]:
        ready = asyncio.Event()
        running = asyncio.create_task(supervisor.run(ready.set))
        await ready.wait()
        os.kill(int((folder.run / "steady_program.py.pid").read_text()), 9)
        while True:
            known = processes.read(folder)
            if known and known[0].restarts == 1 and known[0].running:
                break
            await asyncio.sleep(0)
        supervisor.stop()
        await running
        return known

    [one] = asyncio.run(kill_once())
    assert one.last_restart is not None


def test_one_that_does_not_hear_is_killed_in_the_end(folder: HospitalFolder) -> None:
    supervisor = Supervisor(folder, (Program("deaf", "deaf_program", 0),))
    asyncio.run(supervisor.run(supervisor.stop))
    pid = int((folder.run / "deaf_program.py.pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_second_server_touches_nothing_of_the_first(folder: HospitalFolder) -> None:
    folder.pid_file.write_text("1234")
    with (
        WriterLock(folder.serve_lock),
        pytest.raises(StoreLockedError, match=str(os.getpid())),
    ):
        asyncio.run(supervise(folder, (Program("one", "steady_program", 0),), lambda: None))
    assert folder.pid_file.read_text() == "1234"
    assert not (folder.run / "steady_program.py.pid").exists()


def test_every_process_may_hold_as_many_sockets_as_the_system_grants(
    folder: HospitalFolder, tmp_path: Path
) -> None:
    (tmp_path / "counting_program.py").write_text(
        "import pathlib, resource, sys\n"
        "limits = resource.getrlimit(resource.RLIMIT_NOFILE)\n"
        "pathlib.Path(sys.argv[1], 'run', 'limits').write_text(f'{limits[0]} {limits[1]}')\n"
    )
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, before[1]), before[1]))
    try:
        with pytest.raises(StartFailedError):
            asyncio.run(supervise(folder, (Program("c", "counting_program", 0),), lambda: None))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    soft, hard = (folder.run / "limits").read_text().split()
    assert soft == hard


def test_one_that_never_gets_ready_is_killed_and_started_again_and_that_is_said(
    folder: HospitalFolder, capfd: pytest.CaptureFixture[str]
) -> None:
    programs = (Program("charts", "mute_program", 0), Program("web", "steady_program", 1))
    supervisor = Supervisor(folder, programs, patience=2)
    known: list[processes.Process] = []

    def ready() -> None:
        known.extend(processes.read(folder))
        supervisor.stop()

    asyncio.run(supervisor.run(ready))
    assert {(each.name, each.running) for each in known} == {("charts", True), ("web", True)}
    assert next(each for each in known if each.name == "charts").restarts >= 1
    log = capfd.readouterr().err
    assert "charts was not ready within 2 s and is killed" in log
    assert "charts ended with status -9; started again" in log
