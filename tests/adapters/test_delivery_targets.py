"""Packs at their targets: whole or not at all, on a disk, and over a real sshd."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.stories.site_server import PATIENCE_SECONDS, free_port

from wardkeep.adapters.delivery_targets import (
    FolderTarget,
    Parcel,
    SftpTarget,
    parcel_of,
    target_of,
)
from wardkeep.adapters.errors import DeliveryFailedError
from wardkeep.hospital.deliveries import Delivery


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "out [1]*?"
    folder.mkdir()
    for name in ("4B.html", "A%2F2.html", "manifest.json"):
        (folder / name).write_bytes(name.encode() * 1_000)
    return folder


def parcel(source: Path, *goes: str) -> Parcel:
    return parcel_of(source, ["4B.html", "A%2F2.html"], ["manifest.json"], goes)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_gets_every_file_readable_and_loses_what_goes(
    source: Path, tmp_path: Path
) -> None:
    share = tmp_path / "share"
    (share / "wardkeep-H1").mkdir(parents=True)
    (share / "wardkeep-H1" / "old.pdf.age").touch()
    (share / "wardkeep-H1" / "holiday.jpg").touch()
    FolderTarget(share, "wardkeep-H1").put(parcel(source, "old.pdf.age", "never there"))
    there = share / "wardkeep-H1"
    assert names(there) == ["4B.html", "A%2F2.html", "holiday.jpg", "manifest.json"]
    assert (there / "4B.html").read_bytes() == b"4B.html" * 1_000
    assert (there / "4B.html").stat().st_mode & 0o777 == 0o644 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_the_manifest_comes_last_and_not_at_all_where_a_file_failed(
    source: Path, tmp_path: Path
) -> None:
    share = tmp_path / "share"
    there = share / "wardkeep-H1"
    (there / "A%2F2.html").mkdir(parents=True)  # a folder in the way
    with pytest.raises(DeliveryFailedError):
        FolderTarget(share, "wardkeep-H1").put(parcel(source))
    assert names(there) == ["4B.html", "A%2F2.html"]


def test_nothing_is_written_below_an_empty_mount_point(source: Path, tmp_path: Path) -> None:
    with pytest.raises(DeliveryFailedError, match="nothing is mounted"):
        FolderTarget(tmp_path, "wardkeep-H1", tmp_path).put(parcel(source))
    with pytest.raises(DeliveryFailedError, match="no folder"):
        FolderTarget(tmp_path / "none", "wardkeep-H1").put(parcel(source))
    assert not (tmp_path / "wardkeep-H1").exists()


def test_a_link_that_lies_in_the_way_is_not_followed(source: Path, tmp_path: Path) -> None:
    share, victim = tmp_path / "share", tmp_path / "victim"
    victim.write_text("precious")
    there = share / "wardkeep-H1"
    there.mkdir(parents=True)
    (there / ".4B.html.unfinished").symlink_to(victim)
    (there / "4B.html").symlink_to(victim)
    with pytest.raises(DeliveryFailedError):
        FolderTarget(share, "wardkeep-H1").put(parcel(source))
    (there / ".4B.html.unfinished").unlink(missing_ok=True)
    FolderTarget(share, "wardkeep-H1").put(parcel(source))
    assert victim.read_text() == "precious"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_target_is_told_and_the_pack_before_stands(source: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24k", "tmpfs", small], check=True)
    try:
        target = FolderTarget(small, "wardkeep-H1", small)
        (source / "4B.html").write_bytes(b"1" * 8_000)
        target.put(parcel_of(source, ["4B.html"], [], []))
        (source / "4B.html").write_bytes(b"2" * 60_000)
        with pytest.raises(DeliveryFailedError, match="No space"):
            target.put(parcel_of(source, ["4B.html"], [], []))
        assert names(small / "wardkeep-H1") == ["4B.html"]
        assert (small / "wardkeep-H1" / "4B.html").read_bytes() == b"1" * 8_000
    finally:
        subprocess.run(["umount", small], check=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Delivery]]:
    """A real sshd on a loopback port, with a key of its own and of ours."""
    folder = tmp_path_factory.mktemp("sshd")
    folder.chmod(0o755)
    for name in ("host", "user", "stranger"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True
        )
    port = free_port()
    shutil.copyfile(folder / "user.pub", folder / "authorized")
    (folder / "authorized").chmod(0o600)
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nUsePAM no\n"
        f"AuthorizedKeysFile {folder}/authorized\nPasswordAuthentication no\nStrictModes no\n"
        f"PermitRootLogin yes\nPidFile {folder}/pid\nSubsystem sftp internal-sftp\n"
    )
    Path("/run/sshd").mkdir(exist_ok=True)  # where sshd of Debian parts its privileges
    sshd = shutil.which("sshd", path="/usr/sbin:/usr/bin")
    assert sshd is not None
    process = subprocess.Popen(
        [sshd, "-D", "-e", "-f", folder / "config"], stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    while b"listening on" not in (line := process.stderr.readline()):
        assert line, "sshd ended"
    public = (folder / "host.pub").read_text()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {public}")
    yield (
        folder,
        Delivery(
            name="server", kind="sftp", path=str(folder / "pool"), host="127.0.0.1", port=port,
            user="root", key_file=str(folder / "user"), known_hosts_file=str(folder / "known"),
        ),
    )  # fmt: skip
    process.terminate()
    process.communicate(timeout=PATIENCE_SECONDS)


def changed(delivery: Delivery, **changes: object) -> Delivery:
    return msgspec.structs.replace(delivery, **changes)


def test_an_sftp_server_gets_the_files_in_place_of_earlier_ones(
    server: tuple[Path, Delivery], source: Path
) -> None:
    folder, delivery = server
    (folder / "pool").mkdir(exist_ok=True)
    target = target_of(delivery, "wardkeep-H1")
    assert isinstance(target, SftpTarget)
    target.put(parcel(source))
    (source / "4B.html").write_bytes(b"newer")
    target.put(parcel(source, "A%2F2.html", "never there"))
    there = folder / "pool" / "wardkeep-H1"
    assert names(there) == ["4B.html", "manifest.json"]
    assert (there / "4B.html").read_bytes() == b"newer"
    assert (there / "4B.html").stat().st_mode & 0o777 == 0o644


def test_what_lies_at_a_server_is_fetched_as_it_is_and_nothing_else(
    server: tuple[Path, Delivery], source: Path, tmp_path: Path
) -> None:
    folder, delivery = server
    (folder / "pool").mkdir(exist_ok=True)
    target = target_of(delivery, "wardkeep-H2")
    target.put(parcel(source))
    (folder / "pool" / "wardkeep-H2" / "A%2F2.html").write_bytes(b"altered there")
    limits = dict.fromkeys(["4B.html", "A%2F2.html", "gone.html"], 8_000)
    into = target.fetch(limits, tmp_path / "here")
    assert names(into) == ["4B.html", "A%2F2.html"]
    assert (into / "A%2F2.html").read_bytes() == b"altered there"
    with pytest.raises(DeliveryFailedError):
        target_of(changed(delivery, port=free_port()), "x").fetch({"a": 1}, tmp_path / "no")


def test_whoever_owns_a_server_fills_no_disk_here_and_hides_no_other_file(
    server: tuple[Path, Delivery], tmp_path: Path
) -> None:
    folder, delivery = server
    there = folder / "pool" / "wardkeep-H3"
    there.mkdir(parents=True)
    for name, size in (("a", 9_000), ("b", 1_000_000), ("c", 7_999), ("d", 5_000)):
        (there / name).write_bytes(b"x" * size)
    # "d" is above its own limit, and below that of the others that come in one call with it.
    limits = {"a": 8_000, "b": 8_000, "c": 8_000, "gone": 8_000, "d": 4_500, "e": 20}
    into = target_of(delivery, "wardkeep-H3").fetch(limits, tmp_path / "here")
    sizes = {path.name: path.stat().st_size for path in into.iterdir()}
    assert sizes == {"a": 0, "b": 0, "c": 7_999, "d": 0}


def test_a_server_that_is_not_the_one_known_gets_nothing(
    server: tuple[Path, Delivery], source: Path, tmp_path: Path
) -> None:
    _, delivery = server
    (tmp_path / "known").write_text("")
    other = changed(delivery, known_hosts_file=str(tmp_path / "known"))
    with pytest.raises(DeliveryFailedError, match="verification failed"):
        target_of(other, "wardkeep-H9").put(parcel(source))


def test_a_server_that_does_not_know_our_key_is_told_as_such(
    server: tuple[Path, Delivery], source: Path
) -> None:
    folder, delivery = server
    other = changed(delivery, key_file=str(folder / "stranger"))
    with pytest.raises(DeliveryFailedError, match="denied"):
        target_of(other, "wardkeep-H9").put(parcel(source))


def test_a_server_that_is_gone_is_told_and_nobody_is_asked(
    server: tuple[Path, Delivery], source: Path
) -> None:
    _, delivery = server
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = changed(delivery, port=closed.getsockname()[1])
        with pytest.raises(DeliveryFailedError, match=r"127\.0\.0\.1"):
            target_of(gone, "wardkeep-H9").put(parcel(source))
