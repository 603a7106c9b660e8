"""What every process under the supervisor does: end with it, say READY, end at SIGTERM."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from wardkeep.adapters.key_ring import forbid_core_dumps
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.app.settings import load_site
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError

_PR_SET_PDEATHSIG = 1  # prctl(2)
Stop = asyncio.Event
LOCK_PATIENCE_SECONDS = 10.0
"""How long a new process waits for one whose supervisor was killed: it commits and ends."""
Body = Callable[[HospitalFolder, Site, Stop], Awaitable[None]]


def die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the supervisor dies; end at once if it already has.

    The supervisor's process number is the second argument, after the folder.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    # Compared, not tested for 1: in a container the supervisor itself may be process 1.
    if sys.argv[2:] and sys.argv[2] != str(os.getppid()):
        raise SystemExit(0)


def say_ready() -> None:
    """Tell the supervisor that this process does its work now."""
    print("READY", flush=True)  # noqa: T201  # the supervisor reads this line


def run_child(body: Body) -> int:
    """Run an asyncio child on the folder it was given until SIGTERM; return its exit status."""
    die_with_parent()
    forbid_core_dumps()
    try:
        folder = open_folder(Path(sys.argv[1]))
        site = load_site(folder)
        with asyncio.Runner(loop_factory=_loop()) as runner:
            runner.run(_until_signal(body, folder, site))
    except WardkeepError as fault:
        print(fault.diagnostics(), file=sys.stderr, flush=True)  # noqa: T201  # the log
        return fault.exit_status
    except Exception as fault:  # noqa: BLE001  the process's top
        # Its own words are left out: they may quote a message, and no patient stands in logs.
        places = "".join(traceback.format_tb(fault.__traceback__))
        told = f"this was not foreseen: {type(fault).__name__}.\n{places}"
        print(told, file=sys.stderr, flush=True)  # noqa: T201  # the log
        return 1
    return 0


async def _until_signal(body: Body, folder: HospitalFolder, site: Site) -> None:
    stop = Stop()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await body(folder, site, stop)


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # it may be missing where no wheel exists
    except ImportError:
        return None
    return uvloop.new_event_loop
