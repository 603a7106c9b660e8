"""The web process of a site server: `python -m wardkeep.web.process DIR`."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from wardkeep.access.events import AccessEvent, decode
from wardkeep.access.look import Look
from wardkeep.adapters import authority, clock
from wardkeep.adapters.key_ring import KeyRing, forbid_core_dumps
from wardkeep.adapters.oidc import OidcProvider
from wardkeep.adapters.operations_store import AccessLedger, open_access_ledger, read_operations
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.passwords import hash_password, new_token, password_fits
from wardkeep.adapters.session_file import SessionFile
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.app import failing_packs, processes, read_only
from wardkeep.app.alarms import without_writer
from wardkeep.app.child import die_with_parent, say_ready
from wardkeep.app.control import call
from wardkeep.app.first import is_copy, read_following
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.app.governance import decided
from wardkeep.app.group import other_folders
from wardkeep.app.own_authority import root_of
from wardkeep.app.pack_ledger import delivery_ledger
from wardkeep.app.settings import load_site
from wardkeep.app.site_keys import open_keys, open_neighbours_keys
from wardkeep.app.slips import address_of
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.kernel.times import SECOND
from wardkeep.pack.events import PackBuilt
from wardkeep.pack.house_lists import looks_like_list
from wardkeep.pack.state import Hold
from wardkeep.web.application import create_app
from wardkeep.web.door.opening import door_of
from wardkeep.web.folder_bedside import FolderBedside
from wardkeep.web.folder_deliveries import FolderDeliveries
from wardkeep.web.folder_forecast import FolderForecast
from wardkeep.web.folder_map import FolderMap
from wardkeep.web.folder_printing import FolderPrinting
from wardkeep.web.folder_receipts import FolderReceipts
from wardkeep.web.folder_settings import FolderSettings
from wardkeep.web.ports import (
    CopyStanding,
    MapStanding,
    Neighbour,
    Pack,
    ProcessStatus,
    RootCertificate,
    ServerStatus,
    WebDependencies,
)
from wardkeep.web.remote import LedgerAccounts, RemoteServer
from wardkeep.web.serving import serve

# A page waits this long for the writer: to record a look before it shows a patient.
_PATIENCE_SECONDS = 2.0
# Reading a message again waits until the charts have done it.
_REPLAY_PATIENCE_SECONDS = 25.0


class Argon2Passwords:
    """Password hashing by adapters.passwords."""

    def hash(self, password: str) -> str:
        """Return a new hash."""
        return hash_password(password)

    def fits(self, password_hash: str | None, password: str) -> bool:
        """Say whether the password fits; takes as long for None."""
        return password_fits(password_hash, password)


class Supervisor:
    """What the server knows of itself: the writer's word, or what was known when it ended."""

    def __init__(self, server: RemoteServer, folder: HospitalFolder) -> None:
        self._server, self._folder = server, folder

    def status(self) -> ServerStatus | None:
        """Return processes and alarms; None when neither writer nor supervisor is there."""
        if (told := self._server.status()) is not None:
            return told
        known = processes.read(self._folder)
        if not known:
            return None
        return ServerStatus(
            processes=msgspec.convert(msgspec.to_builtins(known), tuple[ProcessStatus, ...]),
            alarms=tuple(without_writer(self._folder, clock.now())),
        )


class AccessReader:
    """The access ledger as the auditor's page asks for it."""

    def __init__(self, ledger: AccessLedger) -> None:
        self._ledger = ledger

    def looks(self, before: int, limit: int) -> tuple[Sequence[Look], int]:
        """Return looks before an entry, the newest first, and where to ask on."""
        found, further = self._ledger.before(before, limit)
        return [
            Look(at=k.at, who=k.who, record=k.record, page=k.page, why=k.why) for k in found
        ], further


class Shelf:
    """The packs that adapters.pack_shelf keeps, as pages ask for them."""

    def __init__(self, shelf: PackShelf, folder: HospitalFolder) -> None:
        self._shelf, self._folder = shelf, folder
        self._newest: tuple[int, Mapping[str, PackBuilt]] = (0, {})

    def latest(self, ward: str) -> Pack | None:
        """Return the newest pack of a ward, in the ward's own language."""
        found = self._shelf.newest(ward)
        return Pack(found[1], found[0].at, found[0]) if found else None

    def made(self) -> Mapping[str, int]:
        """Return when the newest pack of each ward was made."""
        return {ward: built.at for ward, built in self.newest().items()}

    def newest(self) -> Mapping[str, PackBuilt]:
        """Return the newest pack of each ward as noted; looked up once in two seconds."""
        at, newest = self._newest
        if not 0 <= clock.now() - at < 2 * SECOND:
            standing = self._shelf.standing().newest
            # A ward that is called as a list is would have the list printed in its place.
            newest = {w: built for w, built in standing.items() if not looks_like_list(w)}
            self._newest = (clock.now(), newest)
        return newest

    def held(self) -> Mapping[str, Hold]:
        """Return the wards whose pack is held, and why."""
        return self._shelf.held()

    def beside(self, ward: str) -> Pack | None:
        """Return what the feeds say now of a held ward."""
        found = self._shelf.beside(ward)
        return Pack(found[1], found[0].at) if found else None

    def failing(self) -> Mapping[str, int]:
        """Return the wards whose newest pack could not be made, and since when."""
        return failing_packs.read(self._folder)


# The copying says every half second how it stands; a word older than this is none.
_COPY_WORD = 10 * SECOND
# Entries that come just now are no lag.
_LAG = 5 * SECOND


class FolderCopy:
    """How the copying of a folder stands (app.first), as pages ask for it."""

    def __init__(self, folder: HospitalFolder) -> None:
        self._folder = folder

    def standing(self, now: int) -> CopyStanding | None:
        """Return how the copy stands; a copying that is silent itself counts as cut off."""
        if not is_copy(self._folder):
            return None
        found = read_following(self._folder)
        if found is None:
            return CopyStanding(as_of=0, silent_since=now)
        silent = found.silent_since or (found.at if now - found.at > _COPY_WORD else 0)
        behind = sum(max(0, each.seen - each.held) for each in found.ledgers.values())
        late = now - found.as_of > _LAG
        return CopyStanding(
            as_of=found.as_of,
            silent_since=silent,
            behind=behind if late else 0,
            map=MapStanding(
                offer=found.map.offer, as_of=found.map.as_of, trouble=found.map.trouble
            ),
        )


def neighbour(folder: HospitalFolder) -> Neighbour:
    """Return another site of the group, read from the folder that follows it."""

    def ask(verb: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return call(folder.control_socket, verb, body, _PATIENCE_SECONDS)

    site, ring = load_site(folder), open_neighbours_keys(folder)
    return Neighbour(
        site=site,
        charts=StoredCharts(folder.chart_database, folder.clinical, ring, site),
        copy=FolderCopy(folder),
        looks=RemoteServer(ask),
    )


def _provider(site: Site) -> OidcProvider | None:
    if site.oidc is None:
        return None
    return OidcProvider(site.oidc, f"{address_of(site)}/oidc/return")


def _asked(folder: HospitalFolder, verb: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    slow = verb == "quarantine.replay"
    patience = _REPLAY_PATIENCE_SECONDS if slow else _PATIENCE_SECONDS
    return call(folder.control_socket, verb, body, patience)


def dependencies(folder: HospitalFolder, site: Site, ring: KeyRing) -> WebDependencies:
    """Return everything the pages are made from, read from a hospital folder."""
    server = RemoteServer(partial(_asked, folder))
    charts = StoredCharts(folder.chart_database, folder.clinical, ring, site)
    ledger, shelf = delivery_ledger(folder, ring), PackShelf(folder.packs, ring)
    return WebDependencies(
        site=site,
        charts=charts,
        accounts=LedgerAccounts(_followed(folder, ring), server.append),
        looks=server,
        recorded=AccessReader(open_access_ledger(folder.access, ring)),
        operations=server,
        supervision=Supervisor(server, folder),
        packs=(packs := Shelf(shelf, folder)),
        sessions=SessionFile(folder.run / "sessions.json"),
        passwords=Argon2Passwords(),
        clock=clock.now,
        new_token=new_token,
        sleep=asyncio.sleep,
        browser_secret=ring.open_or_make_key(folder.run / "browsers.key"),
        copy=FolderCopy(folder),
        printing=FolderPrinting(folder, site, ring, charts, server.print),
        deliveries=FolderDeliveries(folder, ledger, server.deliver),
        receipts=FolderReceipts(ledger, shelf, packs.newest, server.receive),
        bedside=FolderBedside(folder, ring, server.bedside),
        settings=FolderSettings(folder, site),
        map=FolderMap(folder, ring),
        forecast=FolderForecast(folder, ring),
        accepted=lambda: decided(folder, ring)[0],
        neighbours=tuple(neighbour(other) for other in other_folders(folder)),
        root_certificate=_root(folder),
        secure=site.web_certificate is not None,
        single_sign_on=_provider(site),
        read_only_since=read_only.since(folder),
    )


def _followed(
    folder: HospitalFolder, ring: KeyRing
) -> Callable[[int], tuple[Sequence[AccessEvent], int]]:
    """Return what reads the events of accounts behind a sequence, and the newest there is."""
    operations = read_operations(folder.operations, ring)

    def follow(after: int) -> tuple[Sequence[AccessEvent], int]:
        newest = operations.last_sequence()
        if newest <= after:
            return (), after
        found = operations.after(after, "access", newest - after)
        return [decode(event.body) for _sequence, event in found], newest

    return follow


def _root(folder: HospitalFolder) -> RootCertificate | None:
    found = root_of(folder)
    if found is None:
        return None
    name, _addresses = authority.covered(found)
    return RootCertificate(
        authority.pem(found), authority.der(found), authority.fingerprint(found), name
    )


def main() -> int:
    """Serve the folder named in the first argument until SIGTERM; return the exit status."""
    die_with_parent()
    forbid_core_dumps()
    try:
        folder = open_folder(Path(sys.argv[1]))
        site = load_site(folder)
        ring = open_keys(folder)
        # Charts are many small objects without cycles: looking through them all took 200 ms
        # in the middle of a page.
        gc.set_threshold(200_000, 50, 100)
        gc.freeze()
        app = create_app(dependencies(folder, site, ring))
        return serve(app, site, say_ready, door=door_of(folder, site, ring))
    except WardkeepError as fault:
        print(fault.diagnostics(), file=sys.stderr, flush=True)  # noqa: T201  # the log
        return fault.exit_status


if __name__ == "__main__":
    sys.exit(main())
