"""Drives restic, by its JSON: repositories of backups, local, by SFTP or on a rest server.

The password goes by the environment of the child, never as an argument or a file of its own.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from wardkeep.adapters.errors import BackupFailedError
from wardkeep.adapters.programs import environment_with, need

_LAST_WORDS = 600
Progress = Callable[[float, int], None]
"""Hears the share that is done, 0 to 1, and the bytes."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One backup in a repository, as `restic snapshots --json` tells it."""

    id: str
    time: str
    hostname: str
    paths: tuple[str, ...]


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What one backup came to, as restic's summary tells it."""

    snapshot_id: str
    files_new: int = 0
    files_changed: int = 0
    data_added: int = 0
    total_bytes_processed: int = 0


class Repository:
    """A repository at an address that restic takes."""

    def __init__(self, address: str, password: str) -> None:
        self._address, self._password = address, password

    def exists(self) -> bool:
        """Tell whether a repository lies there that the password opens.

        Raises BackupFailedError where one lies there that it does not open, or nobody answers.
        """
        try:
            self._run(["cat", "config"])
        except BackupFailedError as fault:
            # restic 0.14 has no status of its own for it (0.17 has: 10).
            if "unable to open config file" in str(fault) or "does not exist" in str(fault):
                return False
            raise
        return True

    def make(self) -> None:
        """Make it; raises BackupFailedError."""
        self._run(["init"])

    def back_up(self, folder: Path, host: str, progress: Progress) -> Stored:
        """Store a folder; files that did not change are not read again."""
        # ctime changes with every hard link that the copy makes.
        words = ["backup", "--ignore-ctime", "--host", host, "--tag", "wardkeep", str(folder)]
        found: list[Stored] = []

        def hear(line: bytes) -> None:
            told = _decoded(line)
            if told.get("message_type") == "status":
                progress(float(told.get("percent_done", 0)), int(told.get("bytes_done", 0)))
            elif told.get("message_type") == "summary":
                found.append(msgspec.convert(told, Stored))

        self._run(words, hear)
        if not found:
            raise BackupFailedError("restic told no summary")
        return found[0]

    def snapshots(self) -> list[Snapshot]:
        """Return the backups of this kind in it, oldest first."""
        told = msgspec.json.decode(
            self._run(["snapshots", "--tag", "wardkeep"]), type=list[Snapshot] | None
        )
        return sorted(told or [], key=lambda each: each.time)

    def restore(self, snapshot: str, into: Path) -> None:
        """Put a backup below `into`, under the path it had, and read it back to compare."""
        self._run(["restore", snapshot, "--target", str(into), "--verify"])

    def forget(self, host: str, keep: Mapping[str, int], *, prune: bool) -> None:
        """Let backups go that `keep` ("hourly": 24) does not keep; free their space."""
        kept = [w for unit, number in keep.items() for w in (f"--keep-{unit}", str(number))]
        more = ["--prune"] if prune else []
        self._run(["forget", "--tag", "wardkeep", "--host", host, *kept, *more])

    def check(self, share: str) -> None:
        """Check the repository's structure and read a share of its data ("5%")."""
        self._run(["check", f"--read-data-subset={share}"])

    def _run(self, words: list[str], hear: Callable[[bytes], None] | None = None) -> bytes:
        secrets = {"RESTIC_REPOSITORY": self._address, "RESTIC_PASSWORD": self._password}
        lines: list[bytes] = []
        with subprocess.Popen(
            [need("restic"), "--json", "--quiet", *words]
            if hear is None
            else [need("restic"), "--json", *words],
            env=environment_with({**secrets, "RESTIC_PROGRESS_FPS": "2"}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as child:
            try:
                assert child.stdout is not None  # noqa: S101  # asked for above
                for line in child.stdout:
                    (hear or lines.append)(line)
                said = child.stderr.read() if child.stderr else b""
                child.wait()
            except BaseException:
                # restic takes its lock away when it is told to end.
                child.terminate()
                raise
        if child.returncode:
            raise BackupFailedError(self._words(said.decode(errors="replace")))
        return b"".join(lines)

    def _words(self, said: str) -> str:
        told = said.replace(self._password, "...").strip()
        return f"restic: {told[-_LAST_WORDS:]}"


def _decoded(line: bytes) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return {}
    return told if isinstance(told, dict) else {}
