"""What stands in the way of serving is found before the night it matters."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import msgspec
import pytest
from tests.stories.site_server import free_port

from wardkeep.adapters.files import write_private
from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.app import inspection
from wardkeep.app.control import Body, ControlServer
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.app.inspection import Finding, Outcome, inspect
from wardkeep.app.listening import told_doors
from wardkeep.app.site_keys import open_keys
from wardkeep.hospital.site import Copies, Feed, Site

LATER = 2_000_000_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> HospitalFolder:
    made = lay_out(tmp_path / "h", 'name = "x"')
    make_key_ring(made.keys)
    return made


@pytest.fixture
def site() -> Site:
    return Site(name="x", feeds=(Feed(name="adt", port=free_port()),), web_port=free_port())


def faults_of(folder: HospitalFolder, site: Site) -> list[Finding]:
    return [each for each in inspect(folder, site) if each.outcome is Outcome.FAULT]


def test_a_new_folder_is_fit_to_serve(folder: HospitalFolder, site: Site) -> None:
    assert faults_of(folder, site) == []
    subjects = {each.subject for each in inspect(folder, site)}
    looked_at = {"settings", "keys", "disk", "ports", "reach", "memory", "clock"}
    left_open = {"wards", "printers", "paper", "deliveries", "copies", "backup"}
    assert subjects == looked_at | left_open


def test_screens_that_no_ward_can_open_are_a_warning(
    folder: HospitalFolder, site: Site
) -> None:
    (reach,) = [each for each in inspect(folder, site) if each.subject == "reach"]
    assert reach.outcome is Outcome.WARNING
    assert "web_host is 127.0.0.1" in reach.text
    copied = msgspec.structs.replace(site, copies=Copies())
    texts = [each.text for each in inspect(folder, copied) if each.subject == "reach"]
    assert any("[copies] host" in text for text in texts)


def test_swap_is_a_warning(
    folder: HospitalFolder, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection.host, "swaps", lambda: ["/swapfile"])
    [memory] = [each for each in inspect(folder, site) if each.subject == "memory"]
    assert memory.outcome is Outcome.WARNING
    assert "/swapfile" in memory.text


def test_a_key_that_others_may_read_is_a_fault(folder: HospitalFolder, site: Site) -> None:
    (folder.keys / "server.key").chmod(0o640)
    (fault,) = faults_of(folder, site)
    assert fault.subject == "keys"
    assert fault.remedy == f"chmod 600 {folder.keys / 'server.key'}"


@pytest.mark.parametrize("lost", ["server.key", "recovery.pub"])
def test_a_lost_key_is_brought_back_by_the_words_of_the_envelope(
    folder: HospitalFolder, site: Site, lost: str
) -> None:
    write_private(folder.operations / "operations.db", b"the ledger")
    (folder.keys / lost).unlink()
    (fault,) = faults_of(folder, site)
    assert (fault.subject, fault.text) == ("keys", f"no {lost} in {folder.keys}")
    assert f"recover-key {folder.path}" in fault.remedy


def test_with_all_keys_lost_nobody_is_told_to_make_new_ones(
    folder: HospitalFolder, site: Site
) -> None:
    write_private(folder.operations / "operations.db", b"the ledger")
    shutil.rmtree(folder.keys)
    (fault,) = faults_of(folder, site)
    assert "recover-key" in fault.remedy
    assert "mkdir" not in fault.remedy
    assert "init" not in fault.remedy


def test_where_nothing_was_kept_yet_new_keys_are_made(
    folder: HospitalFolder, site: Site
) -> None:
    (folder.keys / "server.key").unlink()
    assert "wardkeep init" in faults_of(folder, site)[0].remedy


def test_an_old_server_key_that_was_put_back_is_a_fault(
    folder: HospitalFolder, site: Site, tmp_path: Path
) -> None:
    make_key_ring(lay_out(tmp_path / "other", 'name = "y"').keys)
    shutil.copy(tmp_path / "other" / "keys" / "server.key", folder.keys)
    write_private(folder.operations / "operations.db", b"the ledger")
    (fault,) = faults_of(folder, site)
    assert "opens no store" in fault.text
    assert "recover-key" in fault.remedy


@pytest.mark.parametrize("lost", ["signing.key", "clinical/2026-11-23.key"])
def test_a_wrapped_key_that_opens_no_more_is_a_fault(
    folder: HospitalFolder, site: Site, lost: str
) -> None:
    open_keys(folder).make_key(folder.clinical / "2026-11-23.key")
    assert faults_of(folder, site) == []
    for damage in (b"", b"garbage", open_keys(folder).wrap(b"")):
        (folder.path / lost).write_bytes(damage)
        if damage[:3] == b"age" and lost != "signing.key":
            continue  # opens: whether it is the day's, its ledger says
        (fault,) = faults_of(folder, site)
        assert fault.text == f"{folder.path / lost} cannot be opened with the server's key"
        assert "Nothing makes the lost one again" in fault.remedy


@pytest.fixture
def ordinary_user() -> Iterator[None]:
    before = os.geteuid()
    if before == 0:
        os.seteuid(65_534)
    yield
    os.seteuid(before)


@pytest.mark.usefixtures("ordinary_user")
def test_a_folder_in_which_nothing_may_be_written_is_a_fault(site: Site) -> None:
    found = [each.text for each in faults_of(HospitalFolder(Path("/")), site)]
    assert "nothing may be written in /" in found


def test_a_folder_that_is_open_or_gone_is_a_fault(folder: HospitalFolder, site: Site) -> None:
    folder.clinical.chmod(0o755)
    folder.packs.rmdir()
    assert [each.text for each in faults_of(folder, site)] == [
        f"others may enter {folder.clinical}",
        f"{folder.packs} is missing",
    ]


@contextmanager
def a_server_that_opened(folder: HospitalFolder, site: Site) -> Iterator[None]:
    """A server that answers at the folder's control socket as the writer does."""
    opened, ending = Event(), Event()

    async def status(_: Body) -> Body:
        return told_doors(site)

    async def serve() -> None:
        control = ControlServer(folder.control_socket, {"status": status})
        await control.start()
        opened.set()
        await asyncio.to_thread(ending.wait)
        await control.close()

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    opened.wait()
    yield
    ending.set()
    thread.join()


def test_a_taken_port_is_a_fault_unless_our_own_server_holds_it(
    folder: HospitalFolder, site: Site
) -> None:
    with socket.create_server(("127.0.0.1", site.web_port)):
        (fault,) = faults_of(folder, site)
        assert "web on 127.0.0.1" in fault.text
        with a_server_that_opened(folder, site):
            ports = [each for each in inspect(folder, site) if each.subject == "ports"]
            assert {each.outcome for each in ports} == {Outcome.OK}


def test_a_feed_that_the_running_server_does_not_listen_on_is_not_called_ok(
    folder: HospitalFolder, site: Site
) -> None:
    moved = msgspec.structs.replace(site, feeds=(Feed(name="adt", port=free_port()),))
    with a_server_that_opened(folder, site):
        ports = [each for each in inspect(folder, moved) if each.subject == "ports"]
    assert [each.outcome for each in ports] == [Outcome.WARNING, Outcome.WARNING]
    assert "nothing listens here" in ports[0].text
    assert "Start the server again" in ports[0].remedy


def test_feeds_of_the_first_that_a_second_box_leaves_out_are_a_warning(
    folder: HospitalFolder, site: Site
) -> None:
    folder.following.mkdir()
    write_private(
        folder.first_settings, b'[[feeds]]\nname = "adt"\n[[feeds]]\nname = "laboratory"\n'
    )
    (left,) = [each for each in inspect(folder, site) if each.subject == "feeds"]
    assert left.outcome is Outcome.WARNING
    assert left.text.endswith("leave out: laboratory")


def test_an_address_of_another_machine_is_a_fault(folder: HospitalFolder, site: Site) -> None:
    # 192.0.2.0/24 is nobody's (RFC 5737).
    elsewhere = msgspec.structs.replace(site, feeds=(Feed(name="adt", host="192.0.2.1"),))
    assert [each.subject for each in faults_of(folder, elsewhere)] == ["ports"]


def test_certificates_must_be_there_and_their_keys_private(
    folder: HospitalFolder, site: Site
) -> None:
    key = folder.keys / "web.key"
    with_tls = msgspec.structs.replace(
        site, web_certificate=str(folder.keys / "web.pem"), web_key=str(key)
    )
    found = faults_of(folder, with_tls)
    assert [each.subject for each in found] == ["certificates", "certificates"]
    write_private(key, b"k")
    write_private(folder.keys / "web.pem", b"c")
    assert faults_of(folder, with_tls) == []


@pytest.mark.parametrize(
    ("free", "outcome"),
    [(0, Outcome.FAULT), (10**9, Outcome.WARNING), (10**10, Outcome.OK)],
)
def test_a_small_disk_is_told_before_it_is_full(free: int, outcome: Outcome) -> None:
    assert inspection._disk(free).outcome is outcome


@pytest.mark.parametrize(
    ("now", "synchronised", "outcome"),
    [
        (0, True, Outcome.FAULT),
        (LATER, False, Outcome.WARNING),
        (LATER, None, Outcome.WARNING),
        (LATER, True, Outcome.OK),
    ],
)
def test_a_clock_that_cannot_be_right_is_a_fault(
    now: int, synchronised: bool | None, outcome: Outcome
) -> None:
    assert inspection._clock(now, synchronised).outcome is outcome
