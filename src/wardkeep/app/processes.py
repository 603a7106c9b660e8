"""What the supervisor knows of its processes, in a file that screens read."""

from __future__ import annotations

import msgspec

from wardkeep.adapters.files import write_private
from wardkeep.app.folder import HospitalFolder


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """One process of the site server; times in UTC microseconds."""

    name: str
    running: bool
    since: int | None = None
    restarts: int = 0
    last_restart: int | None = None


_decoder = msgspec.json.Decoder(list[Process])


def write(folder: HospitalFolder, known: list[Process]) -> None:
    """Put the present state where `read` finds it."""
    write_private(folder.run / "processes.json", msgspec.json.encode(known))


def read(folder: HospitalFolder) -> list[Process]:
    """Return what the supervisor wrote last, nothing where none runs."""
    try:
        return _decoder.decode((folder.run / "processes.json").read_bytes())
    except (OSError, msgspec.DecodeError):
        return []
