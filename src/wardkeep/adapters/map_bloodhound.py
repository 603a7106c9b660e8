"""The files of a BloodHound collection: a zip file, or the JSON files that were in one."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from wardkeep.adapters.zip_limits import check_zip
from wardkeep.hospital.map.reading import UnreadableSourceError

MOST_UNPACKED = 2 * 1024 * 1024 * 1024
MOST_FILES = 1_000
_ZIP = b"PK\x03\x04"


def read_files(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each JSON file, one at a time; raises UnreadableSourceError."""
    if not content.startswith(_ZIP):
        yield name, content
        return
    check_zip(content, MOST_UNPACKED, MOST_FILES)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for each in archive.namelist():
                if each.casefold().endswith(".json"):
                    yield each, archive.read(each)
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        NotImplementedError,
        OSError,
        EOFError,
    ) as fault:
        raise UnreadableSourceError(f"the zip file is damaged: {fault}") from fault
