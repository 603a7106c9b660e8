"""How much each feed has sent today, in a file that a restart goes on from.

What came in the last seconds before a kill is missing in it: a quota is a bound, no account.
"""

from __future__ import annotations

import contextlib

import msgspec

from wardkeep.adapters.files import write_private
from wardkeep.adapters.rations import Taken
from wardkeep.app.folder import HospitalFolder
from wardkeep.kernel.times import DAY

_NAME = "feed-days.json"
_decoder = msgspec.json.Decoder(Taken)


def read(folder: HospitalFolder, at: int) -> Taken:
    """Return what was taken of each feed on the day of `at`, nothing where none is known."""
    try:
        known = _decoder.decode((folder.run / _NAME).read_bytes())
    except (OSError, msgspec.DecodeError):
        return Taken(at // DAY)
    return known if known.day == at // DAY else Taken(at // DAY)


def write(folder: HospitalFolder, taken: Taken) -> None:
    """Put the present state where `read` finds it; on a full disk it stays as it was."""
    with contextlib.suppress(OSError):
        write_private(folder.run / _NAME, msgspec.json.encode(taken))
