"""A release as small as one can be, with the real launcher and the real installer."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.conftest import PROJECT

from wardkeep.app.bundling import Bundled, Wish, bundle

MAIN = 'import sys\nprint("release", {name!r}, *sys.argv[1:])\n'
CONTROL = "Package: {0}\nVersion: 1.0\nArchitecture: all\nMaintainer: T\nDescription: small\n"
COPYRIGHT = "Format: 1.0\n\nFiles: *\nLicense: MIT\n Do as you like.\n"


def wheel(folder: Path) -> Path:
    """Make a wheel with one module (PEP 427)."""
    folder.mkdir(exist_ok=True)
    path = folder / "tiny-1.0-py3-none-any.whl"
    inside = {
        "tiny.py": "there = True\n",
        "tiny-1.0.dist-info/METADATA": (
            "Metadata-Version: 2.4\nName: tiny\nVersion: 1.0\nLicense-Expression: MIT\n"
        ),
        "tiny-1.0.dist-info/WHEEL": (
            "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        ),
        "tiny-1.0.dist-info/RECORD": "tiny.py,,\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in inside.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return path


def package(folder: Path, name: str = "tiny-package") -> Path:
    """Make a Debian package with a copyright file and nothing else."""
    tree = folder / f"{name}.tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(CONTROL.format(name))
    about = tree / "usr" / "share" / "doc" / name
    about.mkdir(parents=True)
    (about / "copyright").write_text(COPYRIGHT)
    path = folder / f"{name}_1.0_all.deb"
    build = ["dpkg-deb", "--root-owner-group", "--build", str(tree), str(path)]
    subprocess.run(build, check=True, capture_output=True)
    shutil.rmtree(tree)
    return path


class SmallRelease:
    """A checkout that changes from release to release, and a key that signs its bundles."""

    def __init__(self, place: Path) -> None:
        self.place, self.home = place, place / "checkout"
        self.key = Ed25519PrivateKey.generate()
        self.wheels, self.packages = place / "wheels", place / "packages"
        self.packages.mkdir(parents=True)
        digest = hashlib.sha256(wheel(self.wheels).read_bytes()).hexdigest()
        package(self.packages)
        (self.home / "requirements").mkdir(parents=True)
        lock = f"tiny==1.0 \\\n    --hash=sha256:{digest}\n"
        for name in ("base.txt", "test.txt"):
            (self.home / "requirements" / name).write_text(lock)
        (self.home / "requirements" / "foresight.txt").write_text("")
        shutil.copytree(PROJECT / "deploy", self.home / "deploy")
        shutil.copy(PROJECT / "wardkeep", self.home / "wardkeep")
        (self.home / "packages.txt").write_text("run python3 command:python3\n")
        (self.home / "docs").mkdir()
        for name in ("README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md", "docs/a.md"):
            (self.home / name).write_text("words\n")
        self.git("init", "-q")

    def git(self, *words: str) -> None:
        """Run git on the checkout."""
        who = ("-c", "user.name=T", "-c", "user.email=t@example.org")
        subprocess.run(
            ["git", "-C", str(self.home), *who, *words], check=True, capture_output=True
        )

    def bundle(self, name: str, key: Ed25519PrivateKey | None = None) -> Bundled:
        """Commit a release that says `name`, and make a bundle of it."""
        source = self.home / "src" / "wardkeep"
        source.mkdir(parents=True, exist_ok=True)
        (source / "__init__.py").write_text("")
        (source / "__main__.py").write_text(MAIN.format(name=name))
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", name)
        wish = Wish(
            out=self.place / name,
            pythons=("3.11",),
            wheels=self.wheels,
            packages=self.packages,
            home=self.home,
        )
        return bundle(wish, key or self.key, lambda _step: None)
