from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.adapters import map_bloodhound
from wardkeep.adapters.map_bloodhound import read_files
from wardkeep.hospital.map.reading import UnreadableSourceError

SAMPLE = (Path(__file__).parent / "map_samples" / "bloodhound.zip").read_bytes()


def test_files_come_out_of_the_zip_or_stand_alone() -> None:
    names = [name for name, _ in read_files("a.zip", SAMPLE)]
    assert len(names) == 5
    assert list(read_files("users.json", b"{}")) == [("users.json", b"{}")]


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_bloodhound, "MOST_UNPACKED", 100)
    with pytest.raises(UnreadableSourceError, match="unpacks to more"):
        list(read_files("a.zip", SAMPLE))


@given(at=st.integers(4, len(SAMPLE)), put=st.binary(max_size=8))
def test_a_torn_zip_is_read_or_refused(at: int, put: bytes) -> None:
    with contextlib.suppress(UnreadableSourceError):
        list(read_files("a.zip", SAMPLE[:at] + put + SAMPLE[at + len(put) :]))
