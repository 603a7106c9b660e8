"""Fetches Debian packages with all that they need; lists them as a source for apt.

apt itself chooses, from the machine's own sources and as if nothing were installed: what comes
is enough for the barest Debian of the same release.
"""

from __future__ import annotations

import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import msgspec

from wardkeep.adapters.programs import run
from wardkeep.adapters.wheel_house import sha256_of

INDEX = "Packages"
_LICENCE = re.compile(r"^License:[ \t]*(\S.*)$", re.MULTILINE)
_LARGEST_COPYRIGHT = 1024 * 1024


class DebianPackage(msgspec.Struct, frozen=True, kw_only=True):
    """One package: its file and what its control file says (deb-control(5))."""

    path: Path
    name: str
    version: str
    architecture: str
    control: str
    licences: tuple[str, ...] = ()
    """Short names of its machine-readable copyright file (DEP 5); none where it has none."""


def fetch(names: Sequence[str], into: Path, tell: Callable[[str], None]) -> None:
    """Download `names` and everything they depend on, recommendations left out.

    Raises ProgramFailedError with apt's words, ProgramMissingError where there is no apt.
    """
    tell(f"Debian packages: {' '.join(names)} and what they need")
    with tempfile.TemporaryDirectory(prefix="wardkeep-apt-") as scratch:
        place = Path(scratch)
        for each in ("archives/partial", "state"):
            (place / each).mkdir(parents=True)
        (place / "status").touch()
        settings = {
            "Dir::State::status": place / "status",
            "Dir::Cache::archives": place / "archives",
            "Debug::NoLocking": "1",
            "APT::Sandbox::User": "root",
            "APT::Install-Recommends": "0",
        }
        options = [w for key, value in settings.items() for w in ("-o", f"{key}={value}")]
        words = ["apt-get", "-qq", "-y", *options, "--download-only", "install", *names]
        run([*words], more={"DEBIAN_FRONTEND": "noninteractive"})
        for path in sorted((place / "archives").glob("*.deb")):
            shutil.move(path, into / _plain_name(path.name))


def take(given: Path, into: Path) -> None:
    """Copy the packages of a folder."""
    for path in sorted(given.glob("*.deb")):
        shutil.copyfile(path, into / _plain_name(path.name))


def told(folder: Path) -> list[DebianPackage]:
    """Return the packages of a folder in the order of their files' names."""
    return [_package(path) for path in sorted(folder.glob("*.deb"))]


def index(packages: Sequence[DebianPackage]) -> str:
    """Return the text of the `Packages` file that makes their folder a source for apt."""
    stanzas = [
        f"{each.control.strip()}\nFilename: ./{each.path.name}\n"
        f"Size: {each.path.stat().st_size}\nSHA256: {sha256_of(each.path)}\n"
        for each in packages
    ]
    return "\n".join(stanzas)


def _plain_name(name: str) -> str:
    # apt writes an epoch as "1%3a2.0", which needs quoting in addresses: left out of the name.
    return re.sub(r"_[0-9]+%3a", "_", name)


def _package(path: Path) -> DebianPackage:
    control = run(["dpkg-deb", "--field", path]).decode()
    fields = dict(re.findall(r"^(Package|Version|Architecture): (.*)$", control, re.MULTILINE))
    return DebianPackage(
        path=path,
        name=fields["Package"],
        version=fields["Version"],
        architecture=fields["Architecture"],
        control=control,
        licences=_licences(path, fields["Package"]),
    )


def _licences(path: Path, name: str) -> tuple[str, ...]:
    inside = f"./usr/share/doc/{name}/copyright"
    content = run(["dpkg-deb", "--fsys-tarfile", path])
    with tarfile.open(fileobj=BytesIO(content)) as archive:
        try:
            member = archive.extractfile(inside)
        except KeyError:
            return ()  # a link to another package's
        if member is None:
            return ()
        text = member.read(_LARGEST_COPYRIGHT).decode(errors="replace")
    return tuple(sorted({found.strip() for found in _LICENCE.findall(text)}))
