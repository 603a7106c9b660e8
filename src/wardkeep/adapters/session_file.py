"""Keeps the web's sessions over a restart of the web: one small private file."""

from __future__ import annotations

from pathlib import Path

from wardkeep.adapters.files import write_private

# A thousand open sessions are 200 kB; what is larger is not ours.
_LARGEST = 16 * 1024 * 1024


class SessionFile:
    """A file that holds hashes of session ids, never the ids."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> bytes | None:
        """Return the content, None where there is no usable file."""
        try:
            if self._path.stat().st_size > _LARGEST:
                return None
            return self._path.read_bytes()
        except OSError:
            return None

    def save(self, content: bytes) -> None:
        """Replace the content in one step; a full disk costs a login after the next restart."""
        try:
            write_private(self._path, content)
        except OSError:
            return
