from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.adapters.zip_limits import check_zip
from wardkeep.hospital.map.reading import UnreadableSourceError


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_a_bomb_is_refused_by_its_directory() -> None:
    bomb = zipped(a=bytes(5_000_000))
    assert len(bomb) < 10_000
    with pytest.raises(UnreadableSourceError, match="unpacks to more than 1000000 bytes"):
        check_zip(bomb, 1_000_000, 10)
    assert check_zip(bomb, 5_000_000, 10) == ("a",)


def test_too_many_files_are_refused() -> None:
    with pytest.raises(UnreadableSourceError, match="more than 1 files"):
        check_zip(zipped(a=b"", b=b""), 10, 1)


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(junk: bytes) -> None:
    with pytest.raises(UnreadableSourceError):
        check_zip(b"PK\x03\x04" + junk, 1_000, 10)
