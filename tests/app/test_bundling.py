import subprocess
from pathlib import Path

import pytest
from tests.stories.small_release import SmallRelease

from wardkeep.adapters import minisign
from wardkeep.app.bundling import Bundled
from wardkeep.app.errors import FolderTakenError


@pytest.fixture
def release(tmp_path: Path) -> SmallRelease:
    return SmallRelease(tmp_path / "made")


def names(made: Bundled) -> set[str]:
    return {str(p.relative_to(made.folder)) for p in made.folder.rglob("*") if p.is_file()}


def test_every_file_is_named_with_its_sum_and_the_names_are_signed(
    release: SmallRelease,
) -> None:
    made = release.bundle("one")
    manifest = (made.folder / "MANIFEST").read_bytes()
    named = {line[66:] for line in manifest.decode().splitlines()}
    assert named == names(made) - {"MANIFEST", "MANIFEST.minisig"}
    assert len(named) == made.files
    signature = (made.folder / "MANIFEST.minisig").read_text()
    comment = minisign.check(manifest, signature, release.key.public_key())
    assert comment == f"wardkeep {made.release} {made.files} files"
    check = ["sha256sum", "--check", "--strict", "--quiet", "MANIFEST"]
    subprocess.run(check, cwd=made.folder, check=True)


def test_the_same_release_gives_the_same_bundle_byte_for_byte(release: SmallRelease) -> None:
    one = release.bundle("one")
    first = (one.folder / "MANIFEST").read_bytes()
    one.folder.rename(release.place / "kept")
    wish_again = release.bundle
    release.git("reset", "-q", "--soft", "HEAD")
    again = wish_again("one", release.key)
    again_lines = (again.folder / "MANIFEST").read_text().splitlines()
    differ = {line[66:] for line in set(first.decode().splitlines()) ^ set(again_lines)}
    # The second has a commit of its own: what tells the commit differs, and nothing else.
    assert differ <= {"bundle.pub", "release.json", "sbom.cdx.json", "wardkeep.tar"}


def test_a_place_that_is_taken_or_not_there_is_refused(release: SmallRelease) -> None:
    (release.place / "one").mkdir()
    with pytest.raises(FolderTakenError, match="already there"):
        release.bundle("one")
    with pytest.raises(FolderTakenError, match="no folder"):
        release.bundle("nowhere/one")


def test_what_fails_half_way_leaves_nothing(release: SmallRelease) -> None:
    (release.packages / "bad.deb").write_text("no package")
    before = set(release.place.iterdir())
    with pytest.raises(Exception, match="dpkg-deb"):
        release.bundle("one")
    assert set(release.place.iterdir()) == before
