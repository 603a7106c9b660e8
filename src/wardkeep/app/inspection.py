"""What can be known of a hospital folder and its machine before a server is started on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from wardkeep.adapters import clock, host
from wardkeep.adapters.authority import days_left
from wardkeep.adapters.files import may_write
from wardkeep.adapters.key_ring import NEEDED, RECOVERY_RECIPIENT, SIGNING_KEY
from wardkeep.adapters.rewrapping import wrapped_files
from wardkeep.app.first import is_copy
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.gaps import gaps
from wardkeep.app.listening import doors_of, feeds_left_out, open_doors
from wardkeep.app.own_authority import server_certificate_of
from wardkeep.app.site_keys import open_keys
from wardkeep.hospital.reach import (
    BOXES_REMEDY,
    WARDS_REMEDY,
    box_reach,
    ward_reach,
)
from wardkeep.hospital.site import Keys, Site
from wardkeep.kernel.times import SECOND
from wardkeep.kernel.wording import N_, Wording
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
    """One thing looked at; `to_do` is None where nothing needs doing."""

    subject: str
    outcome: Outcome
    what: Wording
    to_do: Wording | None = None

    @property
    def text(self) -> str:
        """What was found, in English."""
        return str(self.what)

    @property
    def remedy(self) -> str:
        """What to do about it, in English, empty where nothing needs doing."""
        return str(self.to_do) if self.to_do else ""


def inspect(folder: HospitalFolder, site: Site) -> list[Finding]:
    """Look at everything a server on `folder` will need; opens no store and changes nothing."""
    running, now = host.answers(folder.control_socket), clock.now()
    settings = Wording(N_("%(name)s, feeds: %(n)s"), {"name": site.name, "n": len(site.feeds)})
    today = datetime.fromtimestamp(now // SECOND, UTC).date()
    return [
        Finding("settings", Outcome.OK, settings),
        *(
            Finding(gap.subject, Outcome.WARNING, gap.what, gap.to_do)
            for gap in gaps(site, today)
        ),
        *_folders(folder),
        *_keys(folder, site.keys),
        *_certificates(site),
        *_own_certificate(folder, now),
        _disk(host.free_bytes(folder.path)),
        *_ports(folder, site, running=running),
        *_left_out(folder, site),
        *_reach(site),
        _swap(host.swaps()),
        _clock(now, host.clock_is_synchronised()),
    ]


def _folders(folder: HospitalFolder) -> Iterator[Finding]:
    for each in (folder.path, *folder.folders):
        path = {"path": str(each)}
        if not each.is_dir():
            # Keys are told below: an empty folder would bring none of them back. Any verb that
            # needs run/ makes it.
            if each in {folder.keys, folder.run}:
                continue
            missing = Wording(N_("%(path)s is missing"), path)
            to_do = Wording(N_("Make it: mkdir -m 700 %(path)s"), path)
            yield Finding("folder", Outcome.FAULT, missing, to_do)
            continue
        if host.open_to_others(each):
            entered = Wording(N_("others may enter %(path)s"), path)
            yield Finding("folder", Outcome.FAULT, entered, Wording("chmod 700 %(path)s", path))
        if not may_write(each):
            yield Finding(
                "folder",
                Outcome.FAULT,
                Wording(N_("nothing may be written in %(path)s"), path),
                Wording(
                    N_(
                        "Run as the user that owns it, or mend the disk: it may be mounted"
                        " read-only."
                    )
                ),
            )


def _keys(folder: HospitalFolder, keys: Keys) -> Iterator[Finding]:
    needed = NEEDED if keys.source == "file" else (RECOVERY_RECIPIENT,)
    lost = [name for name in needed if not (folder.keys / name).is_file()]
    if lost:
        values = {"names": " and no ".join(lost), "path": str(folder.keys)}
        text = Wording(N_("no %(names)s in %(path)s"), values)
        yield Finding("keys", Outcome.FAULT, text, _way_back(folder))
    for path in sorted(path for path in folder.keys.glob("*") if path.is_file()):
        yield _private_file("keys", path)
    if keys.source == "passphrase":
        asked = Wording(N_("the server's key is behind a passphrase, which was not asked for"))
        yield Finding("keys", Outcome.OK, asked)
    elif not lost:
        yield from _fitting(folder)


def _way_back(folder: HospitalFolder) -> Wording:
    if any(folder.path.glob("*/*.db")):
        return Wording(
            N_(
                "Never make new ones: run `wardkeep recover-key %(path)s` with the words of"
                " the sealed envelope, or put the lost files back into %(keys)s."
            ),
            {"path": str(folder.path), "keys": str(folder.keys)},
        )
    return Wording(N_("The folder holds no ledger: make another with `wardkeep init`."))


def _fitting(folder: HospitalFolder) -> Iterator[Finding]:
    try:
        ring = open_keys(folder)
    except KeyMissingError as fault:
        said = Wording("%(fault)s", {"fault": str(fault)})
        yield Finding("keys", Outcome.FAULT, said, _way_back(folder))
        return
    signing = folder.path / SIGNING_KEY
    wrapped = [each for each in wrapped_files(folder.path) if each.suffix == ".key"]
    for path in sorted({signing, *wrapped}):
        try:
            ring.signing_key() if path == signing else ring.unwrap(path)
        except KeyMissingError:
            values = {"path": str(path)}
            closed = Wording(N_("%(path)s cannot be opened with the server's key"), values)
            to_do = Wording(
                N_(
                    "Bring %(path)s back from a backup or a copy of the folder; where it is"
                    " older than the server's key, then run `wardkeep recover-key`. Nothing"
                    " makes the lost one again."
                ),
                values,
            )
            yield Finding("keys", Outcome.FAULT, closed, to_do)


def _private_file(subject: str, path: Path) -> Finding:
    values = {"path": str(path)}
    try:
        with path.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        why = {**values, "why": error.strerror or str(error)}
        text = Wording(N_("%(path)s cannot be read: %(why)s"), why)
        to_do = Wording(N_("Give it to the user that serves."))
        return Finding(subject, Outcome.FAULT, text, to_do)
    if host.open_to_others(path):
        text = Wording(N_("others may read %(path)s"), values)
        return Finding(subject, Outcome.FAULT, text, Wording("chmod 600 %(path)s", values))
    return Finding(subject, Outcome.OK, Wording(N_("%(name)s is private"), {"name": path.name}))


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
            missing = Wording(N_("%(path)s is missing"), {"path": name})
            to_do = Wording(N_("Put it there, as PEM."))
            yield Finding("certificates", Outcome.FAULT, missing, to_do)


def _own_certificate(folder: HospitalFolder, now: int) -> Iterator[Finding]:
    found = server_certificate_of(folder)
    if found is None:
        return
    left = days_left(found, now)
    text = Wording(N_("the server's own certificate is good for %(n)s days"), {"n": left})
    if left > _RENEW_BEFORE_DAYS:
        yield Finding("certificates", Outcome.OK, text)
        return
    grave = Outcome.WARNING if left > 0 else Outcome.FAULT
    to_do = Wording(
        N_("`wardkeep ca renew %(path)s`, then start the server again."),
        {"path": str(folder.path)},
    )
    yield Finding("certificates", grave, text, to_do)


def _swap(used: Sequence[str]) -> Finding:
    if not used:
        return Finding("memory", Outcome.OK, Wording(N_("nothing of it is swapped to a disk")))
    return Finding(
        "memory",
        Outcome.WARNING,
        Wording(
            N_("swap is on (%(places)s): keys and patients may come to lie there in clear"),
            {"places": ", ".join(used)},
        ),
        Wording(
            N_(
                "Turn it off (swapoff -a and /etc/fstab), or encrypt it with a key made at each"
                " start."
            )
        ),
    )


def _disk(free: int) -> Finding:
    text = Wording(N_("%(size)s GB free"), {"size": f"{free / 10**9:.1f}"})
    if free < DISK_NEEDED:
        to_do = Wording(N_("Free at least 0.6 GB; 6 GB is wanted."))
        return Finding("disk", Outcome.FAULT, text, to_do)
    if free < _DISK_WANTED:
        to_do = Wording(N_("A week of 1,000 inpatients takes 6 GB."))
        return Finding("disk", Outcome.WARNING, text, to_do)
    return Finding("disk", Outcome.OK, text)


def _ports(folder: HospitalFolder, site: Site, *, running: bool) -> Iterator[Finding]:
    serving = running and not is_copy(folder)
    doors = open_doors(folder) if serving else None
    for door in doors_of(site):
        values = _place(f"feed {door.feed}", door.host, door.port)
        if doors is not None:
            # Not tried: a port held for an instant could keep a feed that starts again from it.
            yield _held(values, is_open=door in doors)
            continue
        taken = _is_taken(door.host, door.port)
        yield _held(values, is_open=taken) if serving else _to_be_opened(values, taken=taken)
    taken, web = _is_taken(site.web_host, site.web_port), ("web", site.web_host, site.web_port)
    values = _place(*web)
    yield _held(values, is_open=taken) if running else _to_be_opened(values, taken=taken)


def _place(name: str, address: str, port: int) -> dict[str, str | int]:
    return {"name": name, "address": address, "port": port}


def _is_taken(address: str, port: int) -> bool:
    return not host.port_is_free(address, port)


def _held(values: dict[str, str | int], *, is_open: bool) -> Finding:
    if is_open:
        held = N_("%(name)s on %(address)s port %(port)s: a server runs on this folder")
        return Finding("ports", Outcome.OK, Wording(held, values))
    shut = N_(
        "%(name)s on %(address)s port %(port)s: nothing listens here, though a server runs on"
        " this folder"
    )
    to_do = N_(
        "Start the server again: it took its settings at its start, and takes nothing in where"
        " it was started with --read-only."
    )
    return Finding("ports", Outcome.WARNING, Wording(shut, values), Wording(to_do))


def _to_be_opened(values: dict[str, str | int], *, taken: bool) -> Finding:
    if not taken:
        free = N_("%(name)s on %(address)s port %(port)s: free")
        return Finding("ports", Outcome.OK, Wording(free, values))
    shut = N_("%(name)s on %(address)s port %(port)s cannot be opened")
    to_do = N_("Stop what listens there, or set another port or address of this machine.")
    return Finding("ports", Outcome.FAULT, Wording(shut, values), Wording(to_do))


def _left_out(folder: HospitalFolder, site: Site) -> Iterator[Finding]:
    if names := feeds_left_out(folder, site):
        left = N_("feeds of the first that the [[feeds]] of this box leave out: %(names)s")
        to_do = N_(
            "Add them to wardkeep.toml of this box: its own [[feeds]] stand in place of all the"
            " first's, and what is not among them is not taken here."
        )
        yield Finding(
            "feeds", Outcome.WARNING, Wording(left, {"names": ", ".join(names)}), Wording(to_do)
        )


def _reach(site: Site) -> Iterator[Finding]:
    if why := ward_reach(site):
        yield Finding("reach", Outcome.WARNING, why, Wording(WARDS_REMEDY))
    if site.copies is not None and (why := box_reach(site.copies)):
        yield Finding("reach", Outcome.WARNING, why, Wording(BOXES_REMEDY))


def _clock(now: int, synchronised: bool | None) -> Finding:  # noqa: FBT001  three states
    if now < _EARLIEST_CREDIBLE:
        return Finding(
            "clock",
            Outcome.FAULT,
            Wording(N_("the clock is years behind")),
            Wording(N_("Set the machine's clock.")),
        )
    if synchronised is None:
        return Finding(
            "clock",
            Outcome.WARNING,
            Wording(N_("the system does not say whether the clock follows a time source")),
            Wording(
                N_(
                    "See `timedatectl`, or compare it by hand: every as-of time is told by this"
                    " clock."
                )
            ),
        )
    if not synchronised:
        return Finding(
            "clock",
            Outcome.WARNING,
            Wording(N_("the clock follows no time source")),
            Wording(
                N_(
                    "Give the machine one that works in the dark: a GPS receiver, a radio"
                    " clock."
                )
            ),
        )
    return Finding("clock", Outcome.OK, Wording(N_("synchronised")))
