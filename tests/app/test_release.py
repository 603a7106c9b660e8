from pathlib import Path

import msgspec
import pytest

import wardkeep
from wardkeep.app.errors import NoReleaseError
from wardkeep.app.release import Release, this_release


def test_a_checkout_is_the_release_of_its_commit() -> None:
    release = this_release()
    assert release.name == f"{wardkeep.__version__}-{release.commit}"
    assert len(release.commit) == 12


def test_an_installed_release_says_what_it_was_made_of(tmp_path: Path) -> None:
    told = Release(name="0.2.0-abc", version="0.2.0", commit="abc", made=1, data_format=9)
    (tmp_path / "release.json").write_bytes(
        msgspec.json.encode(msgspec.to_builtins(told) | {"debian": "bookworm"})
    )
    assert this_release(tmp_path) == told


def test_what_is_neither_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(NoReleaseError):
        this_release(tmp_path)
    (tmp_path / "release.json").write_text("{")
    with pytest.raises(NoReleaseError, match="cannot be read"):
        this_release(tmp_path)
