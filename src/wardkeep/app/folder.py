"""Where everything of one hospital site lies on disk: the folder that `wardkeep init` makes."""

from __future__ import annotations

from pathlib import Path

import msgspec

from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.heads_seen import LedgerPlaces
from wardkeep.app.errors import (
    FolderTakenError,
    NewerFolderError,
    NotAHospitalFolderError,
)

DATA_FORMAT = 2
"""The newest format of a hospital folder that this release reads and writes.

1 is release 0.1.0's, which wrote no number. It grows when an earlier release could no longer
read what this one writes (docs/design.md, "Data formats").
"""
_LONGEST_NUMBER = 8


class HospitalFolder(msgspec.Struct, frozen=True):
    """Paths of a hospital folder (layout: docs/operating.md, "The hospital folder")."""

    path: Path

    @property
    def settings(self) -> Path:
        """The settings, read by app.settings."""
        return self.path / "wardkeep.toml"

    @property
    def data_format(self) -> Path:
        """The number of the newest data format that was written here, in clear."""
        return self.path / "data-format"

    @property
    def keys(self) -> Path:
        """Keys of the site, 0700; every file in it 0600."""
        return self.path / "keys"

    @property
    def clinical(self) -> Path:
        """The clinical ledger: YYYY-MM-DD.db and its key file, one a day (UTC)."""
        return self.path / "clinical"

    @property
    def operations(self) -> Path:
        """The operations ledger."""
        return self.path / "operations"

    @property
    def access(self) -> Path:
        """The access ledger: YYYY-MM.db, one a month (UTC)."""
        return self.path / "access"

    @property
    def chart(self) -> Path:
        """The chart store, which can be rebuilt from the clinical ledger."""
        return self.path / "chart"

    @property
    def chart_database(self) -> Path:
        """The file of the chart store."""
        return self.chart / "chart.db"

    @property
    def packs(self) -> Path:
        """The shelf of ward packs."""
        return self.path / "packs"

    @property
    def lists(self) -> Path:
        """The shelf of lists of the whole house."""
        return self.path / "lists"

    @property
    def pack_keys(self) -> Path:
        """The wrapped keys that open ward packs: of each ward, crisis team and pharmacy."""
        return self.path / "pack-keys"

    @property
    def deliveries(self) -> Path:
        """Packs encrypted for the wards, their signed manifest, what came of each delivery."""
        return self.path / "deliveries"

    @property
    def ca(self) -> Path:
        """The site's own certificate authority: its root and the root's wrapped key."""
        return self.path / "ca"

    @property
    def backup(self) -> Path:
        """The wrapped password of the repository of backups, and what the last one came to."""
        return self.path / "backup"

    @property
    def map(self) -> Path:
        """The map of the hospital, a wrapped file a source; made by the first import."""
        return self.path / "map"

    @property
    def foresight(self) -> Path:
        """What is kept of forecasts, wrapped as the map; made by the first."""
        return self.path / "foresight"

    @property
    def funding(self) -> Path:
        """The funding calls that the site keeps (TOML); else those that come along are told."""
        return self.path / "funding.toml"

    @property
    def run(self) -> Path:
        """What lives only while a server runs: control socket, process ids, locks."""
        return self.path / "run"

    @property
    def copies(self) -> Path:
        """For followers: this box's certificate and what they witnessed."""
        return self.path / "copies"

    @property
    def following(self) -> Path:
        """Of a second box: whom it follows, how far, and its own ledgers meanwhile."""
        return self.path / "following"

    @property
    def first_settings(self) -> Path:
        """Of a second box: what the first's settings say of charts and paper."""
        return self.following / "first.toml"

    @property
    def own_operations(self) -> Path:
        """The operations ledger of a second box itself, while it follows."""
        return self.following / "operations"

    @property
    def own_access(self) -> Path:
        """Looks at patients on a second box, while it follows."""
        return self.following / "access"

    @property
    def others(self) -> Path:
        """The group's other sites, each a folder that follows the site server there."""
        return self.path / "others"

    @property
    def control_socket(self) -> Path:
        """The Unix socket (0600) by which verbs reach a running server."""
        return self.run / "control.sock"

    @property
    def handover_socket(self) -> Path:
        """The Unix socket (0600) by which FHIR requests reach the writer."""
        return self.run / "handover.sock"

    @property
    def door_figures(self) -> Path:
        """What the door counted of its senders, for whoever lists their tokens."""
        return self.run / "door.json"

    @property
    def poll_places(self) -> Path:
        """How far each FHIR server of `[[polls]]` was asked."""
        return self.run / "polls.json"

    @property
    def pid_file(self) -> Path:
        """The process id of the running supervisor."""
        return self.run / "serve.pid"

    @property
    def writer_lock(self) -> Path:
        """Held by whoever may write the ledgers."""
        return self.run / "writer.lock"

    @property
    def serve_lock(self) -> Path:
        """Held by the one supervisor that may serve the folder."""
        return self.run / "serve.lock"

    @property
    def charts_lock(self) -> Path:
        """Held by whoever folds the ledger into the chart store."""
        return self.run / "charts.lock"

    @property
    def witness(self) -> Path:
        """Signed heads of the ledgers that others kept: a second box, or a copy."""
        return self.path / "witness"

    @property
    def looks(self) -> Path:
        """Looks at patients while the folder was served read-only."""
        return self.path / "looks"

    @property
    def ledgers(self) -> LedgerPlaces:
        """The ledgers and who keeps their heads."""
        return LedgerPlaces(
            clinical=self.clinical,
            operations=self.operations,
            access=self.access,
            packs=self.packs,
            witness=self.witness,
        )

    @property
    def since_format_2(self) -> tuple[Path, ...]:
        """What no folder of data format 1 has."""
        return (
            self.ca,
            self.copies,
            self.deliveries,
            self.following,
            self.lists,
            self.map,
            self.pack_keys,
            self.path / "digests",
        )

    @property
    def folders(self) -> tuple[Path, ...]:
        """Every folder that a laid out hospital folder has."""
        return (
            self.keys,
            self.clinical,
            self.operations,
            self.access,
            self.chart,
            self.packs,
            self.run,
        )


def open_folder(path: Path) -> HospitalFolder:
    """Return the hospital folder at `path`, made absolute.

    Raises NotAHospitalFolderError if it has no settings, NewerFolderError if a later release
    has written to it.
    """
    folder = HospitalFolder(path.absolute())
    if not folder.settings.is_file():
        raise NotAHospitalFolderError(
            f"{path} is not a hospital folder: no wardkeep.toml in it."
        )
    written = format_of(folder)
    if written > DATA_FORMAT:
        raise NewerFolderError(
            f"{path} is in data format {written}, this release knows {DATA_FORMAT}."
        )
    return folder


def format_of(folder: HospitalFolder) -> int:
    """Return the data format of a folder; 1 where no number, or none that can be read, lies."""
    said = said_format(folder) or ""
    return int(said) if said.isdecimal() else 1


def said_format(folder: HospitalFolder) -> str | None:
    """Return what `data-format` says, a number or not; None where it cannot be read."""
    try:
        return folder.data_format.read_text(encoding="ascii", errors="replace")[
            :_LONGEST_NUMBER
        ].strip()
    except OSError:
        return None


def take_over(folder: HospitalFolder) -> None:
    """Say that this release writes to the folder from now on; raises OSError."""
    if format_of(folder) < DATA_FORMAT:
        write_private(folder.data_format, f"{DATA_FORMAT}\n".encode())


def lay_out(path: Path, settings: str) -> HospitalFolder:
    """Make a new hospital folder at `path` (0700) with `settings` as its wardkeep.toml.

    The settings are written last: a folder without them was never finished.
    Raises FolderTakenError if anything already lies there.
    """
    folder = HospitalFolder(path.absolute())
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FolderTakenError(f"{path} already holds something; nothing was changed.")
    make_private_folder(folder.path)
    for each in folder.folders:
        make_private_folder(each)
    take_over(folder)
    write_private(folder.settings, settings.encode())
    return folder
