"""Puts a release, and all that it needs, into one signed folder that installs offline.

Rules kept here:
- the folder is made under another name and renamed when whole: there is never half a bundle;
- MANIFEST names every file with its SHA-256, in the form that `sha256sum --check` reads, and
  MANIFEST.minisig signs it: what is not named in it is not part of the bundle.
"""

from __future__ import annotations

import io
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wardkeep.adapters import debian_packages, minisign, wheel_house
from wardkeep.adapters.files import sync_folder, write_private
from wardkeep.adapters.host import distribution, machine
from wardkeep.app.errors import FolderTakenError, NoReleaseError
from wardkeep.app.parts_list import parts_list
from wardkeep.app.release import HOME, Release, git, this_release

MANIFEST, SIGNATURE, PUBLIC_KEY = "MANIFEST", "MANIFEST.minisig", "bundle.pub"
_PUBLIC_FILE = 0o644
_SOURCE_LEFT_OUT = frozenset({".venv", ".venv.lock", "__pycache__", "var", ".git"})

Tell = Callable[[str], None]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a bundle; folders that are None are fetched from the registries."""

    out: Path
    pythons: tuple[str, ...]
    wheels: Path | None = None
    packages: Path | None = None
    home: Path = HOME


class Bundled(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle that was made; both numbers are what is compared by telephone."""

    folder: Path
    release: str
    files: int
    bytes: int
    manifest_sha256: str
    fingerprint: str


def bundle(wish: Wish, key: Ed25519PrivateKey, tell: Tell) -> Bundled:
    """Make a bundle; `tell` hears each step.

    Raises FolderTakenError, NoReleaseError, ProgramFailedError, ProgramMissingError or OSError;
    then nothing lies at `wish.out`.
    """
    out = wish.out.absolute()
    if out.exists():
        raise FolderTakenError(f"{out} is already there; nothing was changed.")
    if not out.parent.is_dir():
        raise FolderTakenError(f"there is no folder {out.parent} to make it in.")
    release = this_release(wish.home)
    unfinished = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        _fill(unfinished, wish, release, tell)
        made = _seal(unfinished, key, release)
        unfinished.rename(out)
        sync_folder(out.parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return msgspec.structs.replace(made, folder=out)


def _fill(place: Path, wish: Wish, release: Release, tell: Tell) -> None:
    for each in ("wheels", "debian"):
        (place / each).mkdir(parents=True)
    tell(f"source of {release.name}")
    (place / "wardkeep.tar").write_bytes(_source(wish.home, release))
    _copy_public(wish.home, place)
    # The extra is carried: offline it could not be had later.
    locks = [wish.home / "requirements" / name for name in ("base.txt", "foresight.txt")]
    if wish.wheels is None:
        wheel_house.fetch(locks, wish.pythons, place / "wheels", tell)
    else:
        wheel_house.take(locks, wish.wheels, place / "wheels")
    if wish.packages is None:
        debian_packages.fetch(_needed(wish.home), place / "debian", tell)
    else:
        debian_packages.take(wish.packages, place / "debian")
    tell("list of parts")
    wheels = wheel_house.told(place / "wheels")
    packages = debian_packages.told(place / "debian")
    (place / "debian" / debian_packages.INDEX).write_text(
        debian_packages.index(packages), encoding="utf-8"
    )
    parts = parts_list(release, wheels, packages, distribution())
    (place / "sbom.cdx.json").write_text(parts, encoding="utf-8")
    (place / "release.json").write_bytes(_facts(release, wish, _needed(wish.home)))


def _facts(release: Release, wish: Wish, packages: list[str]) -> bytes:
    # One key a line: install.sh reads it before there is a Python.
    told = msgspec.to_builtins(release) | {
        "pythons": " ".join(wish.pythons),
        "machine": machine(),
        "debian": distribution(),
        "packages": " ".join(packages),
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def _copy_public(home: Path, place: Path) -> None:
    shutil.copyfile(home / "deploy" / "install.sh", place / "install.sh")
    shutil.copytree(home / "deploy", place / "deploy", ignore=shutil.ignore_patterns("*.sh"))
    documents = ("README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md")
    for name in documents:
        shutil.copyfile(home / name, place / name)
    shutil.copytree(home / "docs", place / "docs", ignore=shutil.ignore_patterns("*.pyc"))


def _needed(home: Path) -> list[str]:
    """Return the Debian packages that a site server runs on (packages.txt, "run")."""
    lines = (home / "packages.txt").read_text(encoding="utf-8").splitlines()
    return [words[1] for line in lines if (words := line.split())[:1] == ["run"]]


def _source(home: Path, release: Release) -> bytes:
    """Return the release's files as a tar archive, the same bytes for the same release."""
    if not (home / "release.json").is_file():
        return git(home, "archive", "--format=tar", f"--prefix={release.name}/", "HEAD")
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in _installed(home):
            entry = archive.gettarinfo(path, f"{release.name}/{path.relative_to(home)}")
            entry.uid = entry.gid = 0
            entry.uname, entry.gname, entry.mtime = "root", "root", release.made
            with path.open("rb") as stream:
                archive.addfile(entry, stream)
    return target.getvalue()


def _installed(home: Path) -> Iterator[Path]:
    if not (home / "packages.txt").is_file():
        raise NoReleaseError(f"{home} holds no release")
    for path in sorted(home.rglob("*")):
        inside = path.relative_to(home).parts
        if path.is_file() and not path.is_symlink() and not _SOURCE_LEFT_OUT & set(inside):
            yield path


def _seal(place: Path, key: Ed25519PrivateKey, release: Release) -> Bundled:
    for path in (each for each in place.rglob("*") if each.is_file()):
        path.chmod(_PUBLIC_FILE)
    public = key.public_key()
    comment = f"wardkeep {release.name}"
    write_private(
        place / PUBLIC_KEY, minisign.public_text(public, comment).encode(), _PUBLIC_FILE
    )
    files = sorted(str(p.relative_to(place)) for p in place.rglob("*") if p.is_file())
    lines = [f"{wheel_house.sha256_of(place / name)}  {name}\n" for name in files]
    manifest = "".join(lines).encode()
    write_private(place / MANIFEST, manifest, _PUBLIC_FILE)
    signature = minisign.sign(manifest, key, f"{comment} {len(files)} files")
    write_private(place / SIGNATURE, signature.encode(), _PUBLIC_FILE)
    return Bundled(
        folder=place,
        release=release.name,
        files=len(files),
        bytes=sum((place / name).stat().st_size for name in files),
        manifest_sha256=wheel_house.sha256_of(place / MANIFEST),
        fingerprint=minisign.fingerprint(public),
    )
