"""What can be known of a hospital folder and its machine before a server is started on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from wardkeep.adapters import clock, host
from wardkeep.adapters.authority import days_left
from wardkeep.adapters.files import may_write
from wardkeep.adapters.key_ring import NEEDED, RECOVERY_RECIPIENT
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.own_authority import server_certificate_of
from wardkeep.app.site_keys import open_keys
from wardkeep.hospital.reach import (
    BOXES_REMEDY,
    WARDS_REMEDY,
    why_no_box_can_reach,
    why_wards_cannot_reach,
)
from wardkeep.hospital.site import Keys, Site
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.errors import KeyMissingError

# 1,000 inpatients send some 300,000 messages of 2 kB a day; with the 7 days of
# the duplicate horizon, packs and chart that is about 6 GB. Below a tenth of it, one bad night
# fills the disk.
_DISK_WANTED = 6 * 10**9
DISK_NEEDED = _DISK_WANTED // 10
_RENEW_BEFORE_DAYS = 30
# The first commit of this version: a clock before it is wrong whatever a time source says.
_EARLIEST_CREDIBLE = 1_763_000_000 * SECOND


class Outcome(StrEnum):
    """How a finding weighs."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at; `remedy` is empty where nothing needs doing."""

    subject: str
    outcome: Outcome
    text: str
    remedy: str = ""


def inspect(folder: HospitalFolder, site: Site) -> list[Finding]:
    """Look at everything a server on `folder` will need; opens no store and changes nothing."""
    running = host.answers(folder.control_socket)
    return [
        Finding("settings", Outcome.OK, f"{site.name}: {_feeds(len(site.feeds))}"),
        *_folders(folder),
        *_keys(folder, site.keys),
        *_certificates(site),
        *_own_certificate(folder, clock.now()),
        _disk(host.free_bytes(folder.path)),
        *_ports(site, running=running),
        *_reach(site),
        _swap(host.swaps()),
        _clock(clock.now(), host.clock_is_synchronised()),
    ]


def _feeds(count: int) -> str:
    return f"{count} feed" if count == 1 else f"{count} feeds"


def _folders(folder: HospitalFolder) -> Iterator[Finding]:
    for each in (folder.path, *folder.folders):
        if not each.is_dir():
            if each == folder.keys:
                continue  # told with the keys: an empty folder would bring none of them back
            text = f"{each} is missing"
            yield Finding("folder", Outcome.FAULT, text, f"Make it: mkdir -m 700 {each}")
            continue
        if host.open_to_others(each):
            text = f"others may enter {each}"
            yield Finding("folder", Outcome.FAULT, text, f"chmod 700 {each}")
        if not may_write(each):
            yield Finding(
                "folder",
                Outcome.FAULT,
                f"nothing may be written in {each}",
                "Run as the user that owns it, or mend the disk: it may be mounted read-only.",
            )


def _keys(folder: HospitalFolder, keys: Keys) -> Iterator[Finding]:
    needed = NEEDED if keys.source == "file" else (RECOVERY_RECIPIENT,)
    lost = [name for name in needed if not (folder.keys / name).is_file()]
    if lost:
        text = f"no {' and no '.join(lost)} in {folder.keys}"
        yield Finding("keys", Outcome.FAULT, text, _way_back(folder))
    for path in sorted(path for path in folder.keys.glob("*") if path.is_file()):
        yield _private_file("keys", path)
    if keys.source == "passphrase":
        text = "the server's key is behind a passphrase, which was not asked for"
        yield Finding("keys", Outcome.OK, text)
    elif not lost:
        yield from _fitting(folder)


def _way_back(folder: HospitalFolder) -> str:
    if any(folder.path.glob("*/*.db")):
        return (
            f"Never make new ones: run `wardkeep recover-key {folder.path}` with the words of"
            f" the sealed envelope, or put the lost files back into {folder.keys}."
        )
    return "The folder holds no ledger: make another with `wardkeep init`."


def _fitting(folder: HospitalFolder) -> Iterator[Finding]:
    try:
        open_keys(folder)
    except KeyMissingError as fault:
        yield Finding("keys", Outcome.FAULT, str(fault), _way_back(folder))


def _private_file(subject: str, path: Path) -> Finding:
    try:
        with path.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        text = f"{path} cannot be read: {error.strerror or error}"
        return Finding(subject, Outcome.FAULT, text, "Give it to the user that serves.")
    if host.open_to_others(path):
        return Finding(subject, Outcome.FAULT, f"others may read {path}", f"chmod 600 {path}")
    return Finding(subject, Outcome.OK, f"{path.name} is private")


def _certificates(site: Site) -> Iterator[Finding]:
    private = [site.web_key, *(feed.tls_key for feed in site.feeds)]
    for poll in site.polls:
        private += [poll.token_file, poll.client_key]
    public = [site.web_certificate]
    for feed in site.feeds:
        public += [feed.tls_certificate, feed.tls_client_ca]
    for poll in site.polls:
        public += [poll.certificate_authority, poll.client_certificate]
    for name in filter(None, private):
        yield _private_file("certificates", Path(name))
    for name in filter(None, public):
        if not Path(name).is_file():
            yield Finding(
                "certificates", Outcome.FAULT, f"{name} is missing", "Put it there, as PEM."
            )


def _own_certificate(folder: HospitalFolder, now: int) -> Iterator[Finding]:
    found = server_certificate_of(folder)
    if found is None:
        return
    left = days_left(found, now)
    text = f"the server's own certificate is good for {left} days"
    if left > _RENEW_BEFORE_DAYS:
        yield Finding("certificates", Outcome.OK, text)
        return
    grave = Outcome.WARNING if left > 0 else Outcome.FAULT
    remedy = f"`wardkeep ca renew {folder.path}`, then start the server again."
    yield Finding("certificates", grave, text, remedy)


def _swap(used: Sequence[str]) -> Finding:
    if not used:
        return Finding("memory", Outcome.OK, "nothing of it is swapped to a disk")
    return Finding(
        "memory",
        Outcome.WARNING,
        f"swap is on ({', '.join(used)}): keys and patients may come to lie there in clear",
        "Turn it off (swapoff -a and /etc/fstab), or encrypt it with a key made at each start.",
    )


def _disk(free: int) -> Finding:
    text = f"{free / 10**9:.1f} GB free"
    if free < DISK_NEEDED:
        return Finding("disk", Outcome.FAULT, text, "Free at least 0.6 GB; 6 GB is wanted.")
    if free < _DISK_WANTED:
        return Finding("disk", Outcome.WARNING, text, "A week of 1,000 inpatients takes 6 GB.")
    return Finding("disk", Outcome.OK, text)


def _ports(site: Site, *, running: bool) -> Iterator[Finding]:
    wanted = [(f"feed {feed.name}", feed.host, feed.port) for feed in site.listeners]
    wanted.append(("web", site.web_host, site.web_port))
    for name, address, port in wanted:
        text = f"{name} on {address} port {port}"
        if running:
            yield Finding("ports", Outcome.OK, f"{text}: a server runs on this folder")
        elif host.port_is_free(address, port):
            yield Finding("ports", Outcome.OK, f"{text}: free")
        else:
            yield Finding(
                "ports",
                Outcome.FAULT,
                f"{text} cannot be opened",
                "Stop what listens there, or set another port or address of this machine.",
            )


def _reach(site: Site) -> Iterator[Finding]:
    if why := why_wards_cannot_reach(site):
        yield Finding("reach", Outcome.WARNING, why, WARDS_REMEDY)
    if site.copies is not None and (why := why_no_box_can_reach(site.copies)):
        yield Finding("reach", Outcome.WARNING, why, BOXES_REMEDY)


def _clock(now: int, synchronised: bool | None) -> Finding:  # noqa: FBT001  three states
    if now < _EARLIEST_CREDIBLE:
        return Finding(
            "clock", Outcome.FAULT, "the clock is years behind", "Set the machine's clock."
        )
    if synchronised is None:
        return Finding(
            "clock",
            Outcome.WARNING,
            "the system does not say whether the clock follows a time source",
            "See `timedatectl`, or compare it by hand: every as-of time is told by this clock.",
        )
    if not synchronised:
        return Finding(
            "clock",
            Outcome.WARNING,
            "the clock follows no time source",
            "Give the machine one that works in the dark: a GPS receiver, a radio clock.",
        )
    return Finding("clock", Outcome.OK, "synchronised")
