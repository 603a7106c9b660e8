"""What the machine says of itself: ports, disk, clock, rights on files."""

from __future__ import annotations

import os
import platform
import resource
import shutil
import socket
import stat
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

# systemd answers in milliseconds; a machine that takes longer is not going to.
_PATIENCE_SECONDS = 5.0
# sun_path holds 108 bytes (unix(7)); longer paths are reached through an open folder.
_LONGEST_SOCKET_PATH = 100
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def port_is_free(host: str, port: int) -> bool:
    """Tell whether a listener could open `port` (0 is always free) on an address of `host`."""
    return not why_port_is_shut(host, port)


def why_port_is_shut(host: str, port: int) -> str:
    """Return why no listener could open `port` on `host`, empty if one could."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do: a port whose old connections linger (TIME_WAIT) is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            return (fault.strerror or str(fault)).lower()
    return ""


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that was free a moment ago."""
    return free_ports(1, host)[0]


def free_ports(count: int, host: str = "127.0.0.1") -> list[int]:
    """Return as many ports, no two alike, that were free a moment ago."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            # All are held until the last is found: asked one by one, two may be the same.
            probe.bind((host, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def answers(path: Path) -> bool:
    """Tell whether somebody listens on the Unix socket at `path`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_PATIENCE_SECONDS)
        try:
            with reachable(path) as name:
                probe.connect(name)
        except OSError:
            return False
    return True


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """Give a name of a Unix socket that is short enough for the system, however long its path.

    Raises OSError where its folder cannot be opened.
    """
    if len(os.fsencode(path)) < _LONGEST_SOCKET_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def free_bytes(path: Path) -> int:
    """Return the bytes an ordinary user may still write on the disk of `path`."""
    return shutil.disk_usage(path).free


def most_files() -> int:
    """Return how many files and sockets this process may have open (RLIMIT_NOFILE)."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def free_inodes(path: Path) -> int | None:
    """Return how many more files fit on the disk of `path`; None where it has no bound."""
    told = os.statvfs(path)
    return told.f_favail if told.f_files else None


def is_read_only(path: Path) -> bool:
    """Tell whether the disk of `path` is mounted read-only."""
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


class _Accounts(NamedTuple):
    """How a version of control groups tells of memory; files' pages may be dropped any time."""

    most: str
    used: str
    droppable: frozenset[str]


_CGROUP_V2 = _Accounts(
    "memory.max", "memory.current", frozenset({"inactive_file", "active_file"})
)
_CGROUP_V1 = _Accounts(
    "memory.limit_in_bytes",
    "memory.usage_in_bytes",
    frozenset({"total_inactive_file", "total_active_file"}),
)
# Version 1 has no word for "no bound": it tells the largest number of pages there could be.
_UNBOUNDED = 2**60


def memory_use(
    root: Path = Path("/sys/fs/cgroup"), listed: Path = Path("/proc/self/cgroup")
) -> tuple[int, int] | None:
    """Return bytes used and allowed of the control group that this process is in (cgroups(7)).

    Of the groups around it the one that is fullest counts. Pages of files, which the system
    drops where it needs room, are not counted as used. None where no group has a bound.
    """
    try:
        lines = listed.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    groups = {kind: path for _, kind, path in (line.split(":", 2) for line in lines)}
    v1 = next((path for kind, path in groups.items() if "memory" in kind.split(",")), None)
    accounts = _CGROUP_V2 if v1 is None else _CGROUP_V1
    top = root if v1 is None else root / "memory"
    own = top / (groups.get("", "") if v1 is None else v1).strip("/")
    around = [each for each in (own, *own.parents) if each.is_relative_to(top)]
    found = [told for each in around if (told := _memory_of(each, accounts)) is not None]
    return max(found, key=lambda told: told[0] / max(told[1], 1), default=None)


def _memory_of(group: Path, accounts: _Accounts) -> tuple[int, int] | None:
    try:
        most = (group / accounts.most).read_text(encoding="utf-8").strip()
        used = int((group / accounts.used).read_text(encoding="utf-8"))
        stat = (group / "memory.stat").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    if not most.isdecimal() or int(most) >= _UNBOUNDED:
        return None
    rows = [line.split() for line in stat.splitlines()]
    files = sum(int(row[1]) for row in rows if row[0] in accounts.droppable)
    return max(used - files, 0), int(most)


def swaps(listed: Path = Path("/proc/swaps")) -> list[str]:
    """Return where memory may be swapped to (proc(5)); memory compressed in place is none."""
    try:
        lines = listed.read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    except OSError:
        return []
    names = [line.split()[0] for line in lines if line.strip()]
    return [name for name in names if not name.startswith("/dev/zram")]


def open_to_others(path: Path) -> bool:
    """Tell whether anyone but the owner may read, write or enter `path`."""
    return bool(path.stat().st_mode & _OTHERS)


def clock_is_synchronised() -> bool | None:
    """Tell whether the system holds its clock to a time source; None: it does not say."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    try:
        answer = subprocess.run(
            [program, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            check=False,
            text=True,
            timeout=_PATIENCE_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(answer.stdout.strip())


def machine() -> str:
    """Return the kind of processor as uname(1) tells it, "x86_64"."""
    return os.uname().machine


def distribution() -> str:
    """Return the code name of the system's release (os-release(5)), "bookworm"; else empty."""
    try:
        return platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    except OSError:
        return ""
