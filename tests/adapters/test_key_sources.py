import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.stories.site_server import ENVIRONMENT

from wardkeep.adapters.key_sources import (
    CredentialSource,
    FileSource,
    KeySource,
    PassphraseSource,
    StickSource,
    mounted_at,
)
from wardkeep.ledger.errors import KeyAbsentError, KeyMissingError

TEXT = "AGE-SECRET-KEY-1QQ\nAGE-SECRET-KEY-1PP\n"


class Stick:
    """A stick that the system names as it names real ones."""

    def __init__(self, folder: Path) -> None:
        self.disks, self.mounts = folder / "disk", folder / "mountinfo"
        self.mount = folder / "my stick"
        self.mount.mkdir()
        (self.disks / "by-label").mkdir(parents=True)
        (self.disks / "by-uuid").mkdir()
        self.device = folder / "sdb1"
        self.device.touch()
        self.mounts.write_text("")

    def plug_in(self) -> None:
        (self.disks / "by-label" / "WARDKEEP").symlink_to(self.device)
        (self.disks / "by-uuid" / "AB-12").symlink_to(self.device)

    def mount_it(self) -> None:
        escaped = str(self.mount).replace(" ", "\\040")
        self.mounts.write_text(
            "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
            f"90 22 8:17 / {escaped} rw,nosuid - vfat {self.device} rw\n"
        )

    def source(self, where: str = "LABEL=WARDKEEP") -> StickSource:
        return StickSource(where, self.disks, self.mounts)


@pytest.fixture
def stick(tmp_path: Path) -> Stick:
    return Stick(tmp_path)


def sources(folder: Path) -> list[KeySource]:
    stick = Stick(folder)
    stick.plug_in()
    stick.mount_it()
    return [
        FileSource(folder / "server.key"),
        stick.source(),
        StickSource(str(folder / "server2.key")),
        PassphraseSource(folder / "sealed", lambda: "four words of chance"),
    ]


def test_every_source_gives_back_what_was_put_there_and_then_has_nothing(
    tmp_path: Path,
) -> None:
    for source in sources(tmp_path):
        source.write("old\n")
        source.write(TEXT)
        assert source.read() == TEXT
        source.remove()
        source.remove()
        with pytest.raises(KeyMissingError):
            source.read()


def test_a_stick_is_waited_for_until_it_is_plugged_in_and_mounted(stick: Stick) -> None:
    (stick.mount / "wardkeep-server-key").write_text(TEXT)
    for where in ("LABEL=WARDKEEP", "UUID=AB-12"):
        with pytest.raises(KeyAbsentError, match="no stick"):
            stick.source(where).read()
    stick.plug_in()
    with pytest.raises(KeyAbsentError, match="not mounted"):
        stick.source().read()
    stick.mount_it()
    for where in ("LABEL=WARDKEEP", "UUID=AB-12"):
        assert stick.source(where).read() == TEXT


def test_a_path_whose_folder_is_gone_is_a_stick_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KeyAbsentError, match="not there"):
        StickSource(str(tmp_path / "media" / "key")).read()


def test_what_is_not_mounted_is_nowhere() -> None:
    assert mounted_at("garbage\n\n1 2 3 - x", Path("/dev/sdb1")) is None


def test_a_wrong_passphrase_opens_nothing_and_the_next_one_is_asked_for(tmp_path: Path) -> None:
    said = iter(["right horse", "wrong horse", "right horse"])
    PassphraseSource(tmp_path / "sealed", lambda: next(said)).write(TEXT)
    source = PassphraseSource(tmp_path / "sealed", lambda: next(said))
    with pytest.raises(KeyMissingError, match="passphrase"):
        source.read()
    assert source.read() == TEXT
    assert b"AGE-SECRET" not in (tmp_path / "sealed").read_bytes()


def test_a_passphrase_may_be_a_line_of_stdin() -> None:
    ask = "from wardkeep.adapters.key_sources import ask_for_passphrase as a; print(a())"
    done = subprocess.run(
        [sys.executable, "-c", ask],
        input="of chance\nnot this\n",
        capture_output=True,
        check=True,
        env=ENVIRONMENT,
        text=True,
    )
    assert done.stdout == "of chance\n"


def asked_in(folder: Path, ask: str) -> subprocess.CompletedProcess[str]:
    """What a process without an input is told that asks where systemd answers."""
    program = folder / "systemd-ask-password"
    program.write_text("#!/bin/sh\necho four words of chance\n")
    program.chmod(0o755)
    path = f"{folder}:{ENVIRONMENT['PATH']}"
    asking = f"from wardkeep.adapters.key_sources import ask_for_passphrase as a; print({ask})"
    return subprocess.run(
        [sys.executable, "-c", asking],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        env={**ENVIRONMENT, "PATH": path},
        text=True,
    )


def test_a_verb_without_terminal_or_input_is_told_so_at_once(tmp_path: Path) -> None:
    done = asked_in(tmp_path, "a()")
    assert "KeyAbsentError" in done.stderr
    assert "no terminal, and no line on stdin" in done.stderr
    assert done.stdout == ""


def test_a_unit_without_input_has_systemd_ask_and_says_where(tmp_path: Path) -> None:
    done = asked_in(tmp_path, "a(in_a_unit=True)")
    assert done.stdout == "four words of chance\n"
    assert "at the console" in done.stderr
    assert "systemd-tty-ask-password-agent" in done.stderr


def test_a_passphrase_is_typed_once_until_the_key_is_sealed_anew(tmp_path: Path) -> None:
    PassphraseSource(tmp_path / "sealed", lambda: "right horse").write(TEXT)
    asked: list[str] = []
    source = PassphraseSource(tmp_path / "sealed", lambda: asked.append("") or "right horse")
    assert source.read() == source.read() == TEXT
    PassphraseSource(tmp_path / "sealed", lambda: "right horse").write("new\n")
    assert source.read() == "new\n"
    assert len(asked) == 1


def test_a_unit_is_handed_its_credential(tmp_path: Path) -> None:
    (tmp_path / "wardkeep-server-key").write_text(TEXT)
    assert CredentialSource(tmp_path, tmp_path / "none").read() == TEXT
    with pytest.raises(KeyAbsentError):
        CredentialSource(None, tmp_path / "none").read()


def test_a_credential_is_encrypted_and_opened_by_systemd(tmp_path: Path) -> None:
    assert shutil.which("systemd-creds"), "the tests need Debian's systemd"
    if os.geteuid():
        pytest.xfail("the host's key of systemd-creds is root's")
    source = CredentialSource(None, tmp_path / "wardkeep-server-key")
    source.write(TEXT)
    assert source.read() == TEXT
    assert b"AGE-SECRET" not in (tmp_path / "wardkeep-server-key").read_bytes()
    (tmp_path / "wardkeep-server-key").write_bytes(b"no credential")
    with pytest.raises(KeyMissingError, match="systemd-creds"):
        source.read()
