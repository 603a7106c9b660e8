"""Which wards' packs cannot be made, in a file that screens read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from wardkeep.adapters.files import write_private
from wardkeep.app.folder import HospitalFolder

_NAME = "failing-packs.json"
_decoder = msgspec.json.Decoder(dict[str, int])


def write(folder: HospitalFolder, failing: Mapping[str, int]) -> None:
    """Put the present state where `read` finds it; raises OSError.

    `failing` tells by ward since when its pack could not be made (UTC microseconds).
    """
    path = folder.run / _NAME
    if failing:
        write_private(path, msgspec.json.encode(failing))
    else:
        # Nothing has to be written: also a full disk lets it go.
        path.unlink(missing_ok=True)


def read(folder: HospitalFolder) -> dict[str, int]:
    """Return what was written last, nothing where nothing fails."""
    try:
        return _decoder.decode((folder.run / _NAME).read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
