"""Where the server's key comes from: a file, a USB stick, a systemd credential, a passphrase.

What each holds is the same text: one age identity a line, the newest first. There are two only
while a rotation is under way. Every source writes whole or not at all.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from getpass import getpass
from pathlib import Path
from typing import Protocol

import pyrage

from wardkeep.adapters.files import write_private
from wardkeep.ledger.errors import KeyAbsentError, KeyMissingError

CREDENTIAL = "wardkeep-server-key"
"""The name of the credential (systemd.exec(5), LoadCredentialEncrypted=) and of the file on a
stick."""
_LARGEST = 4_096
_PATIENCE_SECONDS = 60.0
_NOBODY = "the passphrase of the server's key is wanted: no terminal, and no line on stdin"
_NOBODY_ADVICE = (
    "Run it at a terminal, or give the passphrase as a line on stdin from a program that keeps"
    " it, never as an argument. Where it is lost: `wardkeep recover-key DIR` with the words or"
    " sheets."
)
_WHERE = (
    "wardkeep: asking for the passphrase of the server's key at the console; to answer from"
    " elsewhere, as root: systemd-tty-ask-password-agent --query"
)
# mountinfo writes space, tab, newline and backslash in octal (proc_pid_mountinfo(5)).
_OCTAL = re.compile(r"\\([0-7]{3})")


class KeySource(Protocol):
    """One place that the server's key can lie in."""

    def read(self) -> str:
        """Return the identities; raises KeyAbsentError where it is not there (yet)."""
        ...

    def write(self, text: str) -> None:
        """Put the identities there in one step; raises KeyAbsentError or OSError."""
        ...

    def remove(self) -> None:
        """Take the key away from there; no error where it is gone already."""
        ...


class FileSource:
    """A file that only its owner may read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str:
        """See KeySource."""
        return _text_of(self._path)

    def write(self, text: str) -> None:
        """See KeySource."""
        write_private(self._path, text.encode("ascii"))

    def remove(self) -> None:
        """See KeySource. The bytes may stay on a flash disk: rotate the key after a move."""
        self._path.unlink(missing_ok=True)


class StickSource:
    """A file on a USB stick: a path, or LABEL=... or UUID=... of its file system.

    `disks` and `mounts` are where the system names them; tests hand in their own.
    """

    def __init__(
        self,
        where: str,
        disks: Path = Path("/dev/disk"),
        mounts: Path = Path("/proc/self/mountinfo"),
    ) -> None:
        self._where, self._disks, self._mounts = where, disks, mounts

    def read(self) -> str:
        """See KeySource."""
        return _text_of(self._place())

    def write(self, text: str) -> None:
        """See KeySource."""
        place = self._place()
        try:
            write_private(place, text.encode("ascii"))
        except PermissionError:
            if place.exists() and place.read_text(encoding="ascii") == text:
                return
            raise

    def remove(self) -> None:
        """See KeySource."""
        with contextlib.suppress(KeyAbsentError):
            self._place().unlink(missing_ok=True)

    def _place(self) -> Path:
        kind, named, value = self._where.partition("=")
        if not named:
            path = Path(self._where)
            if not path.parent.is_dir():
                raise KeyAbsentError(f"the stick with {path} is not there")
            return path
        folder = {"LABEL": "by-label", "UUID": "by-uuid"}[kind]
        device = self._disks / folder / value
        if not device.exists():
            raise KeyAbsentError(f"no stick with {self._where} is plugged in")
        mount = mounted_at(self._mounts.read_text(), device.resolve())
        if mount is None:
            raise KeyAbsentError(f"the stick with {self._where} is there but not mounted")
        return mount / CREDENTIAL


def mounted_at(mountinfo: str, device: Path) -> Path | None:
    """Return where a device is mounted by proc_pid_mountinfo(5), None if nowhere."""
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        left, right = before.split(), after.split()
        if len(left) > 4 and len(right) > 1 and right[1] == str(device):  # noqa: PLR2004
            return Path(_OCTAL.sub(lambda octal: chr(int(octal[1], 8)), left[4]))
    return None


class CredentialSource:
    """A systemd credential: handed to the unit, or opened from its file by systemd-creds.

    `handed` is `$CREDENTIALS_DIRECTORY`; `file` the encrypted one, which root may read and,
    with a TPM, this machine alone can open (systemd-creds(1)).
    """

    def __init__(self, handed: Path | None, file: Path) -> None:
        self._handed, self._file = handed, file

    def read(self) -> str:
        """See KeySource."""
        if self._handed is not None and (self._handed / CREDENTIAL).is_file():
            return _text_of(self._handed / CREDENTIAL)
        if not self._file.exists():
            raise KeyAbsentError(f"there is no credential {CREDENTIAL} and no {self._file}")
        return self._creds("decrypt", str(self._file), "-").decode("ascii", "replace")

    def write(self, text: str) -> None:
        """See KeySource."""
        write_private(self._file, self._creds("encrypt", "-", "-", given=text.encode("ascii")))

    def remove(self) -> None:
        """See KeySource."""
        self._file.unlink(missing_ok=True)

    def _creds(self, *words: str, given: bytes = b"") -> bytes:
        action, *rest = words
        command = ["systemd-creds", f"--name={CREDENTIAL}", action, *rest]
        try:
            done = subprocess.run(  # no shell; a literal program
                command, input=given, capture_output=True, timeout=_PATIENCE_SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError) as fault:
            said = getattr(fault, "stderr", b"") or str(fault).encode()
            words_said = said.decode("utf-8", "replace").strip()
            raise KeyMissingError(f"systemd-creds {action}: {words_said}") from fault
        return done.stdout


class PassphraseSource:
    """A file encrypted with a passphrase (age, scrypt), which `ask` asks for once."""

    def __init__(self, path: Path, ask: Callable[[], str]) -> None:
        self._path, self._ask = path, ask
        self._said: str | None = None
        self._opened: tuple[bytes, str] | None = None

    def read(self) -> str:
        """See KeySource. Takes about a second by design: so does each guess of a thief."""
        try:
            sealed = self._path.read_bytes()
        except OSError as fault:
            raise KeyMissingError(f"{self._path} cannot be read") from fault
        if self._opened is not None and self._opened[0] == sealed:
            return self._opened[1]
        said = self._passphrase()
        try:
            text = bytes(pyrage.passphrase.decrypt(sealed, said)).decode("ascii", "replace")
        except pyrage.DecryptError as fault:
            self._said = None
            raise KeyMissingError("the passphrase does not open the server's key") from fault
        self._opened = (sealed, text)
        return text

    def write(self, text: str) -> None:
        """See KeySource."""
        sealed = bytes(pyrage.passphrase.encrypt(text.encode("ascii"), self._passphrase()))
        write_private(self._path, sealed)

    def remove(self) -> None:
        """See KeySource."""
        self._path.unlink(missing_ok=True)

    def _passphrase(self) -> str:
        if self._said is None:
            self._said = self._ask()
        return self._said


def ask_for_passphrase(*, in_a_unit: bool = False) -> str:
    """Return what somebody types: at the terminal, a line of stdin, or through systemd.

    systemd is asked by a process that it started itself (`in_a_unit`) without an input: then,
    and only then, it is waited for until somebody answers.
    Raises KeyAbsentError where nobody can be asked.
    """
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass("Passphrase of the server's key: ")
    if in_a_unit and (sys.stdin is None or _is_a_device(sys.stdin.fileno())):
        return _ask_by_systemd()
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        raise KeyAbsentError(_NOBODY, advice=_NOBODY_ADVICE)
    return line.rstrip("\r\n")


def _is_a_device(handle: int) -> bool:
    # /dev/null, what a unit has for its stdin unless told otherwise (systemd.exec(5)).
    return stat.S_ISCHR(os.fstat(handle).st_mode)


def _ask_by_systemd() -> str:
    # At start of the machine: asks at the console (systemd-tty-ask-password-agent(1)).
    print(_WHERE, file=sys.stderr, flush=True)  # noqa: T201  # the journal has it
    command = ["systemd-ask-password", "--timeout=0", "Passphrase of Wardkeep's server key:"]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    except (OSError, subprocess.SubprocessError) as fault:
        raise KeyAbsentError("nobody could be asked for the passphrase") from fault
    return done.stdout.decode().rstrip("\n")


def _text_of(path: Path) -> str:
    try:
        with path.open(encoding="ascii") as stream:
            return stream.read(_LARGEST)
    except FileNotFoundError as fault:
        raise KeyAbsentError(f"there is no {path}") from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise KeyMissingError(f"{path} cannot be read") from fault
