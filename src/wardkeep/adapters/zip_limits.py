"""Looks at a zip file's directory before anything of it is unpacked."""

from __future__ import annotations

import io
import zipfile

from wardkeep.hospital.map.reading import UnreadableSourceError


def check_zip(content: bytes, most_bytes: int, most_members: int) -> tuple[str, ...]:
    """Return the names in a zip file that stays within limits once unpacked.

    A member that holds more than the directory says is cut there and fails its checksum when
    it is read. Raises UnreadableSourceError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as fault:
        raise UnreadableSourceError(f"this is no zip file: {fault}") from fault
    if len(members) > most_members:
        raise UnreadableSourceError(f"the zip file holds more than {most_members} files")
    if sum(each.file_size for each in members) > most_bytes:
        raise UnreadableSourceError(f"the zip file unpacks to more than {most_bytes} bytes")
    if any(each.flag_bits & 1 for each in members):
        raise UnreadableSourceError("the zip file is encrypted", "Unpack it, and pack it anew.")
    return tuple(each.filename for each in members)
