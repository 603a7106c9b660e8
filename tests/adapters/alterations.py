"""Random alterations of delivered packs and of a shelf, each from a number."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

Chance = random.Random


def of_share(chance: Chance, share: Path, old: Path) -> list[Path]:
    """Alter a share once; `old` is what lay there an hour ago. Return what was touched."""
    ways: list[Callable[[Chance, Path, Path], list[Path]]] = [
        _bits, _bits, _cut, _insert, _drop, _swap, _swap_within, _replay_list, _replay_file,
    ]  # fmt: skip
    return chance.choice(ways)(chance, share, old)


def of_page(chance: Chance, folder: Path) -> list[Path]:
    """Alter the one page in a folder: bits, a cut, more or fewer bytes."""
    return chance.choice([_bits, _bits, _cut, _insert, _drop])(chance, folder, folder)


def of_shelf(chance: Chance, packs: Path) -> list[Path]:
    """Alter a shelf once; return what was touched."""
    ways = [_bits, _cut, _insert, _drop, _swap, _other_generation]
    return chance.choice(ways)(chance, packs, packs)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _one(chance: Chance, folder: Path) -> Path:
    return chance.choice(_files(folder))


def _bits(chance: Chance, share: Path, _: Path) -> list[Path]:
    path = _one(chance, share)
    content = bytearray(path.read_bytes())
    for _each in range(chance.choice((1, 1, 1, 2, 8, 64))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    return [path]


def _cut(chance: Chance, share: Path, _: Path) -> list[Path]:
    path = _one(chance, share)
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])
    return [path]


def _insert(chance: Chance, share: Path, _: Path) -> list[Path]:
    path = _one(chance, share)
    content, more = path.read_bytes(), chance.randbytes(chance.randint(1, 40))
    at = chance.randint(0, len(content))
    path.write_bytes(content[:at] + more + content[at:])
    return [path]


def _drop(chance: Chance, share: Path, _: Path) -> list[Path]:
    path = _one(chance, share)
    content = path.read_bytes()
    begin = chance.randrange(len(content))
    path.write_bytes(content[:begin] + content[begin + chance.randint(1, 400) :])
    return [path]


def _swap(chance: Chance, share: Path, _: Path) -> list[Path]:
    """Put one file in the place of another of its kind, as another ward's."""
    path = _one(chance, share)
    kind = "".join(path.suffixes)
    alike = [each for each in _files(share) if "".join(each.suffixes) == kind and each != path]
    if not alike:
        return _bits(chance, share, share)
    shutil.copyfile(chance.choice(alike), path)
    return [path]


def _swap_within(chance: Chance, share: Path, old: Path) -> list[Path]:
    """Put what one page carries into another page: of another ward, or of an hour ago."""
    path = chance.choice(sorted(share.glob("*.html")))
    other = chance.choice([*share.glob("*.html"), *old.glob("*.html")])
    slot = chance.choice((b"sheets", b"manifest", b"signature", b"signer"))
    content = path.read_bytes()
    mark = b'id="wardkeep-' + slot + b'">'
    begin = content.index(mark) + len(mark)
    end = content.index(b"<", begin)
    theirs = other.read_bytes()
    there = theirs.index(mark) + len(mark)
    made = content[:begin] + theirs[there : theirs.index(b"<", there)] + content[end:]
    path.write_bytes(made)
    return [path]


def _replay_list(chance: Chance, share: Path, old: Path) -> list[Path]:
    """Put the manifest of an hour ago back, with or without its signature."""
    names = chance.choice((("manifest.json", "manifest.json.minisig"), ("manifest.json",)))
    for name in names:
        shutil.copyfile(old / name, share / name)
    return [share / name for name in names]


def _replay_file(chance: Chance, share: Path, old: Path) -> list[Path]:
    """Put a ward's page of an hour ago back, or everything of then."""
    if chance.random() < 0.5:
        path = chance.choice(sorted(old.glob("*.html")))
        shutil.copyfile(path, share / path.name)
        return [share / path.name]
    for path in old.iterdir():
        shutil.copyfile(path, share / path.name)
    return [share / path.name for path in old.iterdir()]


def _other_generation(chance: Chance, packs: Path, _: Path) -> list[Path]:
    """Put an earlier generation in the place of a later one, file by file or whole."""
    ward = chance.choice(sorted(path for path in packs.iterdir() if path.is_dir()))
    kinds = chance.choice(
        ((".pdf.age",), (".html.age",), (".note.json",), (".pdf.age", ".html.age"))
    )
    for kind in kinds:
        shutil.copyfile(ward / f"{1:012}{kind}", ward / f"{2:012}{kind}")
    return [ward / f"{2:012}{kind}" for kind in kinds]
