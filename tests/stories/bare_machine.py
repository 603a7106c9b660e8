"""A bare Debian in a folder, without any network: its own namespaces, and systemd as process 1.

Needs root, debootstrap and a source of Debian's packages to make it; from then on nothing
outside can be reached, since its network namespace has no route.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

_BOOT = """
set -e
root=$1
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sys "$root/sys"
mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for n in null zero full random urandom tty; do
    touch "$root/dev/$n"; mount --bind "/dev/$n" "$root/dev/$n"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ip link set lo up
cd "$root"
mkdir -p .outside
pivot_root . .outside
umount -l /.outside
exec env -i container=test PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --log-target=console
"""


class BareMachine:
    """One machine; `boot`, then `run` commands in it, then `end`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._first: subprocess.Popen[bytes] | None = None
        self._group: Path | None = None

    def make(self, release: str) -> None:
        """Install the barest Debian of a release ("bookworm") with systemd into the folder."""
        more = "--include=systemd,systemd-sysv,dbus"
        words = ["debootstrap", "--variant=minbase", more, release, str(self.root)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)

    def boot(self) -> None:
        """Start systemd as process 1 of namespaces of its own; return when it answers."""
        groups = Path("/sys/fs/cgroup/unified")
        place = groups if groups.is_dir() else Path("/sys/fs/cgroup")
        self._group = place / f"bare-machine-{os.getpid()}"
        self._group.mkdir()
        namespaces = ("-n", "-m", "-p", "-u", "-i", "-C", "-f", "--kill-child")
        script = 'echo $$ > "$0/cgroup.procs"; exec "$@"'
        inside = ["unshare", *namespaces, "sh", "-c", _BOOT, "boot", str(self.root)]
        self._first = subprocess.Popen(
            ["sh", "-c", script, str(self._group), *inside],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(600):
            if self.run("systemctl", "is-system-running", check=False) in {
                "running\n",
                "degraded\n",
            }:
                return
            time.sleep(0.1)
        raise AssertionError("it does not boot")

    def run(self, *words: str, check: bool = True) -> str:
        """Run a command in it as root and return what it printed."""
        first = self._process_1()
        if first is None:
            return ""
        clean = ["env", "-i", "PATH=/usr/local/bin:/usr/sbin:/usr/bin", "HOME=/root"]
        enter = ["nsenter", "-t", first, "-m", "-u", "-i", "-n", "-p", "-C", "--root", "--wd=/"]
        done = subprocess.run(
            [*enter, *clean, "sh", "-c", 'cd / && exec "$@"', "sh", *words],
            capture_output=True,
            check=False,
            text=True,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def end(self) -> None:
        """Kill it with everything in it."""
        if self._first is not None:
            self._first.kill()
            self._first.wait()
        if self._group is not None:
            (self._group / "cgroup.kill").write_text("1")
            while "populated 1" in (self._group / "cgroup.events").read_text():
                time.sleep(0.05)
            for folder in sorted(self._group.rglob("*/"), reverse=True):
                folder.rmdir()
            self._group.rmdir()
        shutil.rmtree(self.root, ignore_errors=True)

    def _process_1(self) -> str | None:
        """The number of its process 1 outside: the child of unshare."""
        if self._first is None:
            return None
        children = Path(f"/proc/{self._first.pid}/task/{self._first.pid}/children")
        return next(iter(children.read_text().split()), None)
