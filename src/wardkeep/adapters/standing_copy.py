"""A copy of a hospital folder as it stands at one moment, made while a server goes on writing.

Rules kept here:
- stores that may be written now are copied page by page under a read transaction (SQLite backup
  API), all begun within one moment; every other file is a second name (hard link) of its own;
- files that keep heads of ledgers (packs, witnesses) are linked before the stores are begun:
  they know of nothing later;
- no ledger in the copy knows of an entry of another that is not in the copy, else it is begun
  anew: so what is restored passes `wardkeep verify`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import apsw
import msgspec

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.errors import NoStandingCopyError
from wardkeep.adapters.files import make_private_folder
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.ledger import witness
from wardkeep.ledger.checkpoint import Head, decode
from wardkeep.ledger.encoding import UNDECODABLE, decode_operations
from wardkeep.ledger.errors import KeyMissingError, LedgerFaultError

# One try in some hundred meets the second's witness between two stores.
_TRIES = 50
_PAGES_AT_ONCE = 2_560  # 10 MiB
_OF_SQLITE = ("-wal", "-shm")
_CHECKPOINT = "select body from checkpoint order by sequence desc limit 1"
_WITNESSED = "select payload from entry where name = ? order by sequence desc limit 1"
_LAST = "select max(sequence) from entry"

Tell = Callable[[str], None]


class _Held(msgspec.Struct, frozen=True):
    """A store under a read transaction."""

    path: Path
    key: bytes
    connection: apsw.Connection


def copy_standing(
    source: Path,
    ledgers: Mapping[str, Path],
    left_out: Callable[[Path], bool],
    ring: KeyRing,
    into: Path,
    tell: Tell,
) -> None:
    """Copy the folder `source` to the new folder `into`, on the same file system.

    `left_out` is asked with paths within `source`, for folders too. Raises NoStandingCopyError
    where the stores do not stand still long enough, OSError.
    """
    make_private_folder(into)
    for path in _files(source, left_out):
        if not _is_of_a_store(path):
            _link(path, into / path.relative_to(source))
    with ExitStack() as stack:
        held = _hold(source, ledgers, left_out, ring, stack)
        done = {store.path for store in held}
        for path in _files(source, left_out):
            if _is_of_a_store(path) and not _is_of_a_held_store(path, done):
                _link(path, into / path.relative_to(source))
        for number, store in enumerate(held, start=1):
            tell(f"store {number} of {len(held)}: {store.path.relative_to(source)}")
            target = into / store.path.relative_to(source)
            _link(key_path(store.path), key_path(target))
            _copy_pages(store, target)


def _hold(
    source: Path,
    ledgers: Mapping[str, Path],
    left_out: Callable[[Path], bool],
    ring: KeyRing,
    stack: ExitStack,
) -> list[_Held]:
    for _ in range(_TRIES):
        with ExitStack() as trying:
            paths = _written_now(source, ledgers.values(), left_out)
            held = [each for path in paths if (each := _begin(path, ring, trying))]
            if _agree(held, ledgers):
                stack.push(trying.pop_all())
                return held
    raise NoStandingCopyError(f"the stores of {source} do not stand still")


def _written_now(
    source: Path, ledgers: Iterable[Path], left_out: Callable[[Path], bool]
) -> list[Path]:
    newest = [files[-1] for ledger in ledgers if (files := files_of(ledger))]
    with_log = [
        path
        for path in _files(source, left_out)
        if path.suffix == ".db" and (encrypted_database.has_log(path) or _is_beside(path))
    ]
    # Operations last: it witnesses the others, and is the one that is written each second.
    return sorted({*newest, *with_log}, key=lambda path: (path.stem == "operations", path))


def _begin(path: Path, ring: KeyRing, stack: ExitStack) -> _Held | None:
    """Begin to read a store; None where it is damaged: then its file is copied as it is."""
    try:
        key = ring.open_key(key_path(path))
        connection = encrypted_database.open_for_reading(path, key)
    except (KeyMissingError, LedgerFaultError):
        return None
    stack.callback(connection.close)
    try:
        connection.execute("begin")
        connection.execute("select count(*) from sqlite_master").fetchall()
    except apsw.Error:
        return None
    return _Held(path, key, connection)


def _agree(held: Sequence[_Held], ledgers: Mapping[str, Path]) -> bool:
    """Tell whether no ledger knows of an entry of another that is not held."""
    of = {name: [s for s in held if s.path.parent == place] for name, place in ledgers.items()}
    last = {name: _last(stores) for name, stores in of.items() if stores}
    seen = [head for stores in of.values() for store in stores for head in _known(store)]
    return all(head.sequence <= last.get(head.ledger, head.sequence) for head in seen)


def _last(stores: Sequence[_Held]) -> int:
    found = [_one(store.connection, _LAST) for store in stores]
    return max((each for each in found if isinstance(each, int)), default=0)


def _known(store: _Held) -> Iterator[Head]:
    body = _one(store.connection, _CHECKPOINT)
    event = _one(store.connection, _WITNESSED, witness.PART.encode())
    try:
        if isinstance(body, bytes):
            yield from decode(body).others
        if isinstance(event, bytes):
            said = witness.from_event(decode_operations(0, event))
            if isinstance(said, witness.HeadsWitnessed):
                yield from said.heads
    except (*UNDECODABLE, LedgerFaultError):
        return


def _one(connection: apsw.Connection, query: str, *values: bytes) -> object:
    try:
        row = connection.execute(query, values).fetchone()
    except apsw.Error:
        return None  # damaged, or a store of another kind
    return row[0] if row else None


def _copy_pages(store: _Held, target: Path) -> None:
    cipher = encrypted_database.cipher_of(store.path)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    encrypted_database.cipher_file(target).unlink(missing_ok=True)
    copy = encrypted_database.create(target, store.key, cipher)
    try:
        copy.pragma("journal_mode", "delete")
        with copy.backup("main", store.connection, "main") as pages:
            while not pages.done:
                pages.step(_PAGES_AT_ONCE)
    except apsw.Error as fault:
        raise NoStandingCopyError(f"{store.path.name}: {fault}") from fault
    finally:
        copy.close()


def _files(source: Path, left_out: Callable[[Path], bool]) -> Iterator[Path]:
    for folder, folders, names in os.walk(source):
        here = Path(folder)
        folders[:] = [name for name in folders if not left_out(here.relative_to(source) / name)]
        for name in names:
            path = here / name
            plain = path.is_file() and not path.is_symlink()
            if plain and not left_out(path.relative_to(source)):
                yield path


def _is_beside(path: Path) -> bool:
    """Tell whether a store is none of a ledger: its process may begin to write at any time."""
    return path.parent.name in {"chart", "digests"}


def _is_of_a_store(path: Path) -> bool:
    return path.suffix == ".db" or path.name.endswith(_OF_SQLITE)


def _is_of_a_held_store(path: Path, held: set[Path]) -> bool:
    return any(
        path.name.endswith(end) and path.with_name(path.name.removesuffix(end)) in held
        for end in ("", *_OF_SQLITE)
    )


def _link(path: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.link(path, target)
    except FileExistsError:
        return
    except FileNotFoundError:
        return  # was taken away just now: erased, or an older pack
    except OSError:
        shutil.copy2(path, target)
