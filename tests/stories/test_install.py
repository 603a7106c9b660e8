"""A release is installed, updated and rolled back from its bundle; no other bundle is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.stories.small_release import SmallRelease

from wardkeep.app.bundling import Bundled


class Machine:
    """A prefix on this machine, on which no index of packages can be reached."""

    def __init__(self, place: Path) -> None:
        self.prefix, self.data = place / "opt", place / "srv"
        self.data.mkdir()

    def install(self, *words: str | Path, status: int = 0, script: Path | None = None) -> str:
        """Run the installer to its end and return what it said."""
        done = subprocess.run(
            [
                *("sh", script or self.prefix / "current" / "deploy" / "install.sh"),
                *("--no-system", "--prefix", self.prefix, "--data", self.data, *words),
            ],
            capture_output=True,
            check=False,
            env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
            text=True,
            timeout=300,
        )
        assert done.returncode == status, done.stderr
        return done.stderr

    def first(self, made: Bundled, *words: str | Path, status: int = 0) -> str:
        """Install for the first time, from the bundle's own script."""
        return self.install(*words, status=status, script=made.folder / "install.sh")

    def says(self) -> str:
        """Return what the current release prints."""
        launcher = self.prefix / "current" / "wardkeep"
        done = subprocess.run([launcher, "x"], capture_output=True, check=True, text=True)
        return done.stdout.strip()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def release(tmp_path: Path) -> SmallRelease:
    return SmallRelease(tmp_path / "made")


def test_a_release_is_installed_updated_and_rolled_back_offline(
    machine: Machine, release: SmallRelease
) -> None:
    one = release.bundle("one")
    machine.first(one, "--key", one.fingerprint)
    assert machine.says() == "release one x"
    strange = release.bundle("strange", Ed25519PrivateKey.generate())
    said = machine.install("--from", strange.folder, status=1)
    assert "signed by another key" in said
    assert machine.says() == "release one x"
    on_purpose = ("--new-key", "--key", strange.fingerprint)
    machine.install("verify", "--from", strange.folder, *on_purpose)
    two = release.bundle("two")
    said = machine.install("--from", two.folder)
    assert "MANIFEST is signed by" in said, "the update is checked by the key of the first"
    assert machine.says() == "release two x"
    (machine.data / "data-format").write_text("2\n")
    machine.install("rollback")
    assert machine.says() == "release one x"
    machine.install("rollback")
    assert machine.says() == "release two x", "and forward again"
    (machine.data / "data-format").write_text("3\n")
    said = machine.install("rollback", status=1)
    assert "cannot read" in said
    assert "restore a backup" in said
    assert machine.says() == "release two x"


def test_without_a_number_that_came_by_telephone_nothing_is_installed(
    machine: Machine, release: SmallRelease
) -> None:
    one = release.bundle("one")
    assert "by telephone" in machine.first(one, status=1)
    other = "0" * 64
    assert "not the one that was given" in machine.first(one, "--key", other, status=1)
    assert "not the one that was given" in machine.first(one, "--manifest", other, status=1)
    assert not machine.prefix.exists()
    machine.first(one, "verify", "--manifest", one.manifest_sha256)
    assert not machine.prefix.exists(), "to verify changes nothing"


def altered(made: Bundled) -> None:
    archive = made.folder / "wardkeep.tar"
    content = bytearray(archive.read_bytes())
    content[1500] ^= 1
    archive.write_bytes(content)


def added(made: Bundled) -> None:
    (made.folder / "deploy" / "extra.service").write_text("[Service]\n")


def missing(made: Bundled) -> None:
    (made.folder / "sbom.cdx.json").unlink()


def linked(made: Bundled) -> None:
    (made.folder / "deploy" / "more").symlink_to("/etc")


def manifest_altered(made: Bundled) -> None:
    altered(made)
    manifest = made.folder / "MANIFEST"
    manifest.write_text(manifest.read_text().replace("a", "b"))


@pytest.mark.parametrize("fault", [altered, added, missing, linked, manifest_altered])
def test_a_bundle_that_is_not_as_it_was_signed_is_refused(
    fault: object, machine: Machine, release: SmallRelease
) -> None:
    one = release.bundle("one")
    assert callable(fault)
    fault(one)
    said = machine.first(one, "--key", one.fingerprint, status=1)
    assert "What to do" in said
    assert not machine.prefix.exists()


def test_without_openssl_the_manifest_is_compared_by_telephone(
    machine: Machine, release: SmallRelease, tmp_path: Path
) -> None:
    one = release.bundle("one")
    programs = tmp_path / "programs"
    programs.mkdir()
    for folder in ("/usr/bin", "/bin"):
        for path in Path(folder).iterdir():
            if path.name != "openssl" and not (programs / path.name).exists():
                (programs / path.name).symlink_to(path)

    def verify(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", one.folder / "install.sh", "verify", "--prefix", machine.prefix, *words],
            capture_output=True,
            check=False,
            env={"PATH": str(programs)},
            text=True,
        )

    refused = verify("--key", one.fingerprint)
    assert refused.returncode == 1
    assert f"--manifest {one.manifest_sha256}" in refused.stderr
    assert verify("--manifest", one.manifest_sha256).returncode == 0
