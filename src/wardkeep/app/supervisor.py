"""Starts the processes of a site server, starts again those that die, ends all cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import TypeVar

import msgspec

from wardkeep.adapters.clock import now, steady
from wardkeep.adapters.files import write_private
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app import processes
from wardkeep.app.errors import StartFailedError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.processes import Process
from wardkeep.ledger.errors import StoreFailedError

# A process that dies at once again is given longer and longer, at most this.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_SETTLED_SECONDS = 60.0
# All of it must end within 5 s of SIGTERM (docs/operating.md).
_ENDING_SECONDS = 4.0
# A hang ends so; a disk or a processor that is merely slow must not end the screens, and a
# start that is broken off begins with nothing again.
_STARTING_SECONDS = 300.0


T = TypeVar("T")


class Program(msgspec.Struct, frozen=True):
    """One process to keep: its name on screens and the module that is it.

    Those of the lowest `stage` are started first and must be ready before the next. One with a
    `folder` of its own, another site's copy, reads its keys there; READY does not wait for it.
    """

    name: str
    module: str
    stage: int
    folder: str = ""


class Supervisor:
    """Keeps the programs of one folder running until `stop` is called."""

    def __init__(
        self,
        folder: HospitalFolder,
        programs: tuple[Program, ...],
        patience: float = _STARTING_SECONDS,
        key: int = asyncio.subprocess.DEVNULL,
    ) -> None:
        """`key` is the descriptor that holds the server's key (adapters.held_key)."""
        self._key = key
        self._folder, self._programs, self._patience = folder, programs, patience
        self._known = {p.name: Process(name=p.name, running=False) for p in programs}
        self._children: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()
        self._unready = {p.name for p in programs if not p.folder}
        self._complete = asyncio.Event()

    def stop(self) -> None:
        """End everything; `run` returns soon after."""
        self._stopping.set()

    async def run(self, ready: Callable[[], None]) -> None:
        """Start all, keep them until `stop`; call `ready` once each of them was ready.

        One that fails at its stores, or was killed since it never became ready, keeps nobody
        from reading what there is: the others are started, and it is tried again. Any other
        failure at the start raises StartFailedError.
        """
        keepers: list[asyncio.Task[None]] = []
        begun: list[asyncio.Task[asyncio.subprocess.Process]] = []
        try:
            for stage in sorted({p.stage for p in self._programs}):
                starting = [p for p in self._programs if p.stage == stage]
                begun = [asyncio.create_task(self._start(p)) for p in starting]
                for program, start in zip(starting, begun, strict=True):
                    child = await self._begun(program, start)
                    if child is None:
                        return
                    keepers.append(asyncio.create_task(self._keep(program, child)))
            completing = asyncio.create_task(self._complete.wait())
            if await self._unless_stopped(completing):
                ready()
                await self._stopping.wait()
        finally:
            self._stopping.set()
            await self._end()
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, *begun, return_exceptions=True)

    async def _begun(
        self, program: Program, start: asyncio.Task[asyncio.subprocess.Process]
    ) -> asyncio.subprocess.Process | None:
        try:
            return await self._unless_stopped(start)
        except StartFailedError:
            child = self._children[program.name]
            if program.folder:
                _tell(f"{program.name} does not start; it is tried again")
                return child
            if child.returncode == StoreFailedError.exit_status:
                reading = "what there is can be read meanwhile"
                _tell(f"{program.name} cannot use its stores; {reading}")
            elif child.returncode != -signal.SIGKILL:
                raise
            return child

    async def _unless_stopped(self, start: asyncio.Task[T]) -> T | None:
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({start, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not start.done():
            start.cancel()
            return None
        stopping.cancel()
        return start.result()

    async def _start(self, program: Program) -> asyncio.subprocess.Process:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            program.module,
            program.folder or str(self._folder.path),
            str(os.getpid()),
            stdout=asyncio.subprocess.PIPE,
            stdin=asyncio.subprocess.DEVNULL if program.folder else self._key,
        )
        self._children[program.name] = child
        if not await self._said_ready(program.name, child):
            status = await child.wait()
            raise StartFailedError(f"the {program.name} process ended with status {status}")
        self._note(program.name, running=True, since=now())
        self._unready.discard(program.name)
        if not self._unready:
            self._complete.set()
        return child

    async def _said_ready(self, name: str, child: asyncio.subprocess.Process) -> bool:
        if child.stdout is None:
            return False
        try:
            async with asyncio.timeout(self._patience):
                return (await child.stdout.readline()).strip() == b"READY"
        except TimeoutError:
            _tell(f"{name} was not ready within {self._patience:g} s and is killed")
            _send(child, signal.SIGKILL)
            return False

    async def _keep(self, program: Program, child: asyncio.subprocess.Process) -> None:
        pause = _FIRST_PAUSE
        begun = steady()
        while True:
            status = await child.wait()
            if self._stopping.is_set():
                return
            _tell(f"{program.name} ended with status {status}; started again")
            self._note(program.name, running=False)
            if steady() - begun > _SETTLED_SECONDS:
                pause = _FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 2)
            again = self._known[program.name].restarts + 1
            self._note(program.name, restarts=again, last_restart=now())
            try:
                child = await self._start(program)
            except (StartFailedError, OSError):
                # OSError: no process to be had just now; it is tried again all the same.
                child = self._children[program.name]
            begun = steady()

    def _note(self, name: str, **changes: int | bool) -> None:
        self._known[name] = msgspec.structs.replace(self._known[name], **changes)
        try:
            processes.write(self._folder, list(self._known.values()))
        except OSError as fault:
            # A full disk must not end the supervisor.
            _tell(str(fault))

    async def _end(self) -> None:
        alive = [child for child in self._children.values() if child.returncode is None]
        for child in alive:
            _send(child, signal.SIGTERM)
        waiting = [asyncio.create_task(child.wait()) for child in alive]
        if waiting:
            await asyncio.wait(waiting, timeout=_ENDING_SECONDS)
        for child in alive:
            if child.returncode is None:
                _send(child, signal.SIGKILL)
        await asyncio.gather(*waiting, return_exceptions=True)
        (self._folder.run / "processes.json").unlink(missing_ok=True)


def _tell(text: str) -> None:
    print(f"wardkeep: {text}", file=sys.stderr, flush=True)  # noqa: T201  # the log


def _send(child: asyncio.subprocess.Process, number: signal.Signals) -> None:
    try:
        child.send_signal(number)
    except ProcessLookupError:
        return


def _allow_many_connections() -> None:
    """Let every process hold as many files and sockets as the system lets us ask for.

    Debian gives a process 1,024 unless it asks: fewer than the screens of a hospital.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def supervise(
    folder: HospitalFolder,
    programs: tuple[Program, ...],
    ready: Callable[[], None],
    key: int = asyncio.subprocess.DEVNULL,
) -> None:
    """Run a site server until SIGTERM or SIGINT; raises StartFailedError.

    Raises StoreLockedError, and touches nothing of the folder, where a server runs on it.
    """
    supervisor = Supervisor(folder, programs, key=key)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, supervisor.stop)
    _allow_many_connections()
    with WriterLock(folder.serve_lock):
        try:
            # A full disk must not keep the charts from being read.
            with contextlib.suppress(OSError):
                write_private(folder.pid_file, str(os.getpid()).encode())
            await supervisor.run(ready)
        finally:
            folder.pid_file.unlink(missing_ok=True)
