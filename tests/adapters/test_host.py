"""The machine is asked, and what it does not say is said as such."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from wardkeep.adapters import host


def test_a_port_is_free_until_somebody_listens_on_it() -> None:
    port = host.free_port()
    assert host.port_is_free("127.0.0.1", port)
    with socket.create_server(("127.0.0.1", port)):
        assert not host.port_is_free("127.0.0.1", port)
    assert host.port_is_free("127.0.0.1", port)


def test_of_many_ports_asked_for_no_two_are_the_same() -> None:
    assert len(set(host.free_ports(400))) == 400


def test_swap_on_a_disk_is_named_and_compressed_memory_is_none(tmp_path: Path) -> None:
    listed = tmp_path / "swaps"
    listed.write_text(
        "Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n"
        "/dev/zram0 partition 8388604 0 100\n"
        "/swapfile file 2097148 512 -2\n"
    )
    assert host.swaps(listed) == ["/swapfile"]
    assert host.swaps(tmp_path / "none") == []


def test_an_address_that_is_not_ours_has_no_free_port() -> None:
    assert not host.port_is_free("192.0.2.1", 0)
    assert not host.port_is_free("2001:db8::1", 0)


def test_nobody_answers_on_a_socket_that_nobody_serves(tmp_path: Path) -> None:
    path = tmp_path / "s"
    assert not host.answers(path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        assert host.answers(path)
    assert not host.answers(path)


def test_a_socket_is_heard_however_long_its_path(tmp_path: Path) -> None:
    path = tmp_path / ("deep" * 30) / "s"
    assert not host.answers(path)
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        with host.reachable(path) as name:
            server.bind(name)
        server.listen()
        assert host.answers(path)
    assert not host.answers(path)


def test_why_a_port_cannot_be_opened_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert host.why_port_is_shut("127.0.0.1", port) == "address already in use"


def test_rights_of_others_are_seen(tmp_path: Path) -> None:
    (tmp_path / "f").touch(mode=0o600)
    assert not host.open_to_others(tmp_path / "f")
    (tmp_path / "f").chmod(0o604)
    assert host.open_to_others(tmp_path / "f")
    assert host.free_bytes(tmp_path) > 0


@pytest.mark.parametrize(
    ("script", "answer"),
    [("echo yes", True), ("echo no", False), ("exit 1", None), (None, None)],
)
def test_the_clock_is_asked_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, answer: bool | None
) -> None:
    if script is not None:
        program = tmp_path / "timedatectl"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert host.clock_is_synchronised() is answer


def group(at: Path, most: str, used: int, **stat: int) -> None:
    """Lay out what the kernel tells of a control group, of version 2 unless named otherwise."""
    at.mkdir(parents=True, exist_ok=True)
    names = ("limit_in_bytes", "usage_in_bytes") if "memory" in at.parts else ("max", "current")
    for name, told in zip(names, (most, str(used)), strict=True):
        (at / f"memory.{name}").write_text(f"{told}\n")
    (at / "memory.stat").write_text("".join(f"{key} {value}\n" for key, value in stat.items()))


def test_the_fullest_control_group_around_a_server_counts_without_pages_of_files(
    tmp_path: Path,
) -> None:
    listed = tmp_path / "cgroup"
    listed.write_text("0::/system.slice/wardkeep.service\n")
    own = tmp_path / "v2" / "system.slice" / "wardkeep.service"
    group(own, "max", 900, anon=800)
    assert host.memory_use(tmp_path / "v2", listed) is None
    group(own, "1000", 950, anon=500, inactive_file=300, active_file=100)
    assert host.memory_use(tmp_path / "v2", listed) == (550, 1000)
    group(own.parent, "2000", 1900, anon=1900)
    assert host.memory_use(tmp_path / "v2", listed) == (1900, 2000)


def test_control_groups_of_the_first_version_are_read_too(tmp_path: Path) -> None:
    listed = tmp_path / "cgroup"
    listed.write_text("4:memory:/docker/1\n3:cpuset:/\n0::/\n")
    # Within a container the group is mounted at the top.
    group(tmp_path / "memory", "500", 450, total_inactive_file=100, inactive_file=7)
    assert host.memory_use(tmp_path, listed) == (350, 500)
    group(tmp_path / "memory", "9223372036854771712", 450)
    assert host.memory_use(tmp_path, listed) is None
    assert host.memory_use(tmp_path, tmp_path / "none") is None
