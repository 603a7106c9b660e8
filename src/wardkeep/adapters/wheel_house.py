"""Fetches the locked wheels for several Pythons, and tells what each says of itself."""

from __future__ import annotations

import email.parser
import platform
import re
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from wardkeep.adapters.errors import ProgramFailedError
from wardkeep.adapters.programs import run

# Debian 12 has glibc 2.36; a wheel for that version or an earlier one runs there (PEP 600).
_GLIBC = range(36, 4, -1)
_LARGEST_METADATA = 4 * 1024 * 1024
_LICENCE_CLASSIFIER = "License :: OSI Approved :: "


class Wheel(msgspec.Struct, frozen=True, kw_only=True):
    """One wheel: its file and what its METADATA says (core metadata 2.4)."""

    path: Path
    name: str
    version: str
    licence: str
    """An SPDX expression, or the words of the package; empty if it says nothing."""


def fetch(
    locks: Sequence[Path], pythons: Sequence[str], into: Path, tell: Callable[[str], None]
) -> None:
    """Download every wheel that `locks` pin, by its hash, for each of `pythons` ("3.11").

    From the package index that pip is set up for. Raises ProgramFailedError, with pip's words.
    """
    for number, python in enumerate(pythons, start=1):
        tell(f"wheels for Python {python} ({number} of {len(pythons)})")
        tags = ["cp" + python.replace(".", ""), "abi3", "none"]
        kinds = [*(f"manylinux_2_{n}" for n in _GLIBC), "manylinux2014"]
        run(
            [
                *_pip("download", locks),
                *("--python-version", python, "--implementation", "cp"),
                *(word for tag in tags for word in ("--abi", tag)),
                *(w for kind in kinds for w in ("--platform", f"{kind}_{platform.machine()}")),
                *("--dest", into),
            ]
        )


def take(locks: Sequence[Path], given: Path, into: Path) -> None:
    """Copy the wheels of a folder; each must be one that `locks` pin, by its hash."""
    pins = "".join(lock.read_text(encoding="utf-8") for lock in locks)
    pinned = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", pins))
    for path in sorted(given.glob("*.whl")):
        if sha256_of(path) not in pinned:
            raise ProgramFailedError(f"{path.name} is not what the lock pins")
        shutil.copyfile(path, into / path.name)


def told(folder: Path) -> list[Wheel]:
    """Return the wheels of a folder in the order of their names."""
    return [_wheel(path) for path in sorted(folder.glob("*.whl"))]


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    import hashlib

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _pip(verb: str, locks: Sequence[Path]) -> list[str | Path]:
    quiet = ("-qq", "--disable-pip-version-check", "--no-input")
    return [
        *(sys.executable, "-m", "pip", verb, *quiet),
        *("--require-hashes", "--no-deps", "--only-binary", ":all:"),
        *(word for lock in locks for word in ("-r", lock)),
    ]


def _wheel(path: Path) -> Wheel:
    name, version = path.name.split("-")[:2]
    with zipfile.ZipFile(path) as archive:
        inside = next(
            each
            for each in archive.infolist()
            if each.filename.endswith(".dist-info/METADATA")
            and each.file_size < _LARGEST_METADATA
        )
        said = email.parser.BytesParser().parsebytes(archive.read(inside), headersonly=True)
    return Wheel(
        path=path,
        name=str(said.get("Name", name)).lower().replace("_", "-"),
        version=str(said.get("Version", version)),
        licence=_licence(
            said.get("License-Expression"), said.get_all("Classifier", []), said.get("License")
        ),
    )


def _licence(expression: str | None, classifiers: Iterable[str], words: str | None) -> str:
    if expression:
        return expression.strip()
    named = [c.removeprefix(_LICENCE_CLASSIFIER) for c in classifiers if "License ::" in c]
    if named:
        return " AND ".join(sorted(set(named)))
    return (words or "").strip().splitlines()[0][:200] if (words or "").strip() else ""
