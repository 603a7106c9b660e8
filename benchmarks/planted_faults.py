"""Whether each fault planted in the ledgers is found and named, and none in sound ones.

    .venv/bin/python benchmarks/planted_faults.py [--folder DIR] [--faults N] [--seed S]

Makes a hospital folder as a server leaves it (three ledgers, three days over the end of a
month, heads of the ledgers beside a pack), copies of it from earlier, and one with the logs of
a running writer. Then one fault at a time is planted in a copy at a place drawn by chance, and
`verify` must name it: the right ledger and kind, and the file or the entry.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import apsw
import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from wardkeep.adapters.chained_file import key_path, seal_of
from wardkeep.adapters.encrypted_database import open_for_writing
from wardkeep.adapters.heads_seen import WITNESS_SUFFIX, encode_witness, signed_heads
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.app.folder import open_folder
from wardkeep.app.founding import found
from wardkeep.app.ledger_verdict import Verdict, verify
from wardkeep.app.settings import load_site
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.app.site_keys import open_keys
from wardkeep.app.writer_process import Ledgers
from wardkeep.kernel.times import DAY, SECOND
from wardkeep.ledger.arrival import Arrival, Kind
from wardkeep.ledger.chain import link
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import LookEntry, OperationsEvent
from wardkeep.ledger.verification import FaultKind as Found

NAMES = ("clinical", "operations", "access")
BEGIN = 1_653_881_400_000_000
"""2022-05-30T03:30Z: the second day after it is another month."""
PAGE = 4_096
EVIDENT = frozenset(Found)


class Expected(msgspec.Struct, frozen=True):
    """What `verify` must say of a planted fault: a fault of one of these kinds in this place.

    The place is the file, or the entries from `first` to `last`; any of them is enough.
    """

    ledger: str
    kinds: frozenset[Found]
    file: str = ""
    first: int = 0
    last: int = 0
    printed: tuple[Head, ...] = ()


class Hospital:
    """The folders that faults are planted in: sound, live (with logs), and earlier ones."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.base, self.live = work / "base", work / "live"
        self.earlier: list[Path] = []
        settings = default_settings_toml("Planted", 2_575, 8_443)
        founded = found(work / "site", settings, "aegis", BEGIN)
        self.folder = open_folder(founded.folder)
        self.ring = open_keys(self.folder)
        self._number = 0
        for day in range(3):
            self._run(BEGIN + day * DAY, 6)
            self._copy(work / f"earlier-{day}")
            self.earlier.append(work / f"earlier-{day}")
            self._run(BEGIN + day * DAY + 100 * SECOND, 8)
        self._shelve(self.folder.path)
        self._copy(self.base)
        self._run(BEGIN + 2 * DAY + 200 * SECOND, 8, copy=self.live)

    def _run(self, at: int, seconds: int, copy: Path | None = None) -> None:
        """Live some seconds of a hospital; `copy` is taken before the ledgers are closed."""
        ledgers = Ledgers(self.folder, load_site(self.folder), self.ring)
        for second in range(seconds):
            now = at + second * SECOND
            ledgers.append([self._message(now + n) for n in range(25)])
            ledgers.decide([self._decision(now) for _ in range(6)])
            ledgers.look([LookEntry(now, "nurse", str(n), "ward", "") for n in range(8)])
            ledgers.witness(now)
        if copy is not None:
            self._copy(copy)
        ledgers.close(at + seconds * SECOND)

    def _message(self, at: int) -> Arrival:
        self._number += 1
        control = b"M%08d" % self._number
        body = b"MSH|^~\\&|ADT|H|WK|H|||ADT^A08|" + control + b"|P|2.5\r" + b"x" * 300
        return Arrival("main", at, Kind.HL7, b"ADT", b"H", control, body)

    def _decision(self, at: int) -> OperationsEvent:
        return OperationsEvent("pack", "PackBuilt", 1, at, "packs", b"{}" + b" " * 150)

    def _copy(self, to: Path) -> None:
        shutil.copytree(self.folder.path, to, ignore=shutil.ignore_patterns("*-shm"))

    def _shelve(self, folder: Path) -> None:
        ward = folder / "packs" / "ward-A"
        ward.mkdir(parents=True)
        heads = encode_witness(signed_heads(self.folder.ledgers, self.ring))
        (ward / f"{1:012}{WITNESS_SUFFIX}").write_bytes(heads)

    def database(self, path: Path) -> apsw.Connection:
        """Open a store as one who has the site's keys."""
        return open_for_writing(path, self.ring.open_key(key_path(path)))


Plant = Callable[[Hospital, Path, random.Random], Expected | None]
"""Plants a fault in a copy of the hospital's folder; None where chance found no place."""


def span(hospital: Hospital, path: Path) -> tuple[int, int]:
    """Return the first and the last entry of a file."""
    connection = hospital.database(path)
    try:
        return connection.execute("select min(sequence), max(sequence) from entry").get
    finally:
        connection.close()


def _any_file(folder: Path, chance: random.Random) -> tuple[str, Path]:
    ledger = chance.choice(NAMES)
    return ledger, chance.choice(files_of(folder / ledger))


def page_rolled_back(h: Hospital, folder: Path, chance: random.Random) -> Expected | None:
    ledger, path = _any_file(folder, chance)
    older = [each / ledger / path.name for each in h.earlier]
    before = chance.choice([each for each in older if each.exists()])
    then, now = before.read_bytes(), path.read_bytes()
    pages = range(0, min(len(then), len(now)), PAGE)
    changed = [at for at in pages if then[at : at + PAGE] != now[at : at + PAGE]]
    if not changed:
        return None
    at = chance.choice(changed)
    path.write_bytes(now[:at] + then[at : at + PAGE] + now[at + PAGE :])
    return Expected(ledger, EVIDENT, path.name)


def _logged(folder: Path, chance: random.Random) -> tuple[str, Path, Path]:
    ledger = chance.choice(NAMES)
    path = files_of(folder / ledger)[-1]
    return ledger, path, path.with_name(f"{path.name}-wal")


def _entries(h: Hospital, path: Path, log: bytes) -> list[tuple[object, ...]] | None:
    """Return what a store tells with this log; None where it tells nothing."""
    trial = h.work / "trial"
    shutil.copytree(path.parent, trial)
    (trial / f"{path.name}-wal").write_bytes(log)
    try:
        connection = h.database(trial / path.name)
        rows = connection.execute("select sequence, head from entry").fetchall()
        connection.close()
    except apsw.Error:
        return None
    finally:
        shutil.rmtree(trial)
    return rows


def bit_flipped_in_log(h: Hospital, folder: Path, chance: random.Random) -> Expected | None:
    ledger, path, log = _logged(folder, chance)
    whole = log.read_bytes()
    content = bytearray(whole)
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    # The last commits hold signatures alone: without them every entry is still there, and it
    # reads like a power cut just before (docs/design.md, "The last second").
    if _entries(h, path, bytes(content)) == _entries(h, path, whole):
        return None
    log.write_bytes(content)
    return Expected(ledger, EVIDENT, path.name)


def log_removed(_h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path, log = _logged(folder, chance)
    log.unlink()
    return Expected(ledger, frozenset({Found.TAIL_REMOVED}), path.name)


def log_cut(_h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path, log = _logged(folder, chance)
    content = log.read_bytes()
    # Behind three quarters of it stand, at the very end, signatures alone.
    log.write_bytes(content[: chance.randrange(len(content) * 3 // 4)])
    return Expected(ledger, frozenset({Found.TAIL_REMOVED}), path.name)


def tail_removed(h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger = chance.choice(NAMES)
    path = files_of(folder / ledger)[-1]
    first, last = span(h, path)
    upto = chance.randrange(first, last)
    connection = h.database(path)
    for table in ("entry", "checkpoint"):
        connection.execute(f"delete from {table} where sequence > ?", (upto,))
    connection.close()
    return Expected(ledger, frozenset({Found.TAIL_REMOVED}), "", upto + 1, upto + 1)


def _take_away(path: Path, *, key: bool) -> None:
    for each in path.parent.glob(f"{path.stem}.*"):
        if key or each.suffix != ".key":
            each.unlink()


def day_deleted(h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path = _any_file(folder, chance)
    first, last = span(h, path)
    _take_away(path, key=chance.random() < 0.5)
    kinds = frozenset({Found.MISSING, Found.TAIL_REMOVED})
    return Expected(ledger, kinds, "", first, last)


def file_swapped(_h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger = chance.choice(("clinical", "access"))
    one, other = chance.sample(files_of(folder / ledger), 2)
    for suffix in (".db", ".key") if chance.random() < 0.5 else (".db",):
        aside = one.with_suffix(".aside")
        one.with_suffix(suffix).rename(aside)
        other.with_suffix(suffix).rename(one.with_suffix(suffix))
        aside.rename(other.with_suffix(suffix))
    return Expected(ledger, EVIDENT, min(one.name, other.name))


def file_of_another_ledger(_h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path = _any_file(folder, chance)
    other = chance.choice([name for name in NAMES if name != ledger])
    foreign = files_of(folder / other)[0]
    for suffix in (".db", ".key", ".cipher"):
        shutil.copyfile(foreign.with_suffix(suffix), path.with_suffix(suffix))
    return Expected(ledger, EVIDENT, path.name)


def old_copy_of_a_ledger(h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger = chance.choice(NAMES)
    older = chance.choice(h.earlier) / ledger
    _, newest = span(h, files_of(older)[-1])
    shutil.rmtree(folder / ledger)
    shutil.copytree(older, folder / ledger)
    return Expected(ledger, frozenset({Found.TAIL_REMOVED}), "", newest + 1, newest + 1)


def old_copy_of_a_file(h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger = chance.choice(NAMES)
    day = chance.randrange(3)
    older = files_of(h.earlier[day] / ledger)[-1]
    _, newest = span(h, older)
    shutil.copyfile(older, folder / ledger / older.name)
    kinds = frozenset({Found.MISSING, Found.TAIL_REMOVED})
    return Expected(ledger, kinds, "", newest + 1, newest + 1)


def old_copy_of_everything(h: Hospital, folder: Path, chance: random.Random) -> Expected:
    """Found by the heads beside a pack, or by a page that somebody types off."""
    older = chance.choice(h.earlier)
    ledger = chance.choice(NAMES)
    _, newest = span(h, files_of(older / ledger)[-1])
    path = files_of(folder / ledger)[-1]
    _, known = span(h, path)
    connection = h.database(path)
    head = connection.execute("select head from entry where sequence = ?", (known,)).get
    connection.close()
    for name in NAMES:
        shutil.rmtree(folder / name)
        shutil.copytree(older / name, folder / name)
    printed: tuple[Head, ...] = ()
    if chance.random() < 0.5:
        shutil.rmtree(folder / "packs")
        printed = (Head(ledger, known, bytes(head)[:8]),)
    kinds = frozenset({Found.TAIL_REMOVED})
    return Expected(ledger, kinds, "", newest + 1, newest + 1, printed)


def _rows(h: Hospital, folder: Path, chance: random.Random) -> tuple[str, Path, int]:
    ledger, path = _any_file(folder, chance)
    first, last = span(h, path)
    return ledger, path, chance.randrange(first, last)


def _changed(h: Hospital, path: Path, statement: str, *values: object) -> None:
    connection = h.database(path)
    connection.execute(statement, values)  # type: ignore[arg-type]
    connection.close()


def rows_swapped(h: Hospital, folder: Path, chance: random.Random) -> Expected | None:
    ledger, path, one = _rows(h, folder, chance)
    first, last = span(h, path)
    other = chance.choice([n for n in range(first, last) if n != one])
    connection = h.database(path)
    query = "select name, sender, fingerprint, payload from entry where sequence = ?"
    change = (
        "update entry set name = ?, sender = ?, fingerprint = ?, payload = ? where sequence = ?"
    )
    here, there = (connection.execute(query, (n,)).fetchone() for n in (one, other))
    connection.execute(change, (*here, other))
    connection.execute(change, (*there, one))
    connection.close()
    if here == there:
        return None
    kinds = frozenset({Found.REORDERED, Found.ALTERED})
    return Expected(ledger, kinds, "", min(one, other), max(one, other))


def payload_altered(h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path, place = _rows(h, folder, chance)
    _changed(
        h,
        path,
        "update entry set payload = cast(x'c0' || payload as blob) where sequence = ?",
        place,
    )
    return Expected(ledger, frozenset({Found.ALTERED}), "", place, place)


def head_altered(h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path, place = _rows(h, folder, chance)
    _changed(h, path, "update entry set head = randomblob(32) where sequence = ?", place)
    return Expected(ledger, EVIDENT, "", place, place + 1)


def row_deleted(h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path, place = _rows(h, folder, chance)
    _changed(h, path, "delete from entry where sequence = ?", place)
    return Expected(ledger, frozenset({Found.MISSING}), "", place, place)


def history_rewritten(h: Hospital, folder: Path, chance: random.Random) -> Expected:
    """By somebody with every key of the site: chained anew and signed anew to the end."""
    ledger = chance.choice(NAMES)
    path = files_of(folder / ledger)[-1]
    first, last = span(h, path)
    place = chance.randrange(first, last)
    connection = h.database(path)
    head = connection.execute("select head from entry where sequence = ?", (place - 1,)).get
    head = head or connection.execute("select head from beginning").get
    rows = connection.execute(
        "select sequence, payload from entry where sequence >= ?", (place,)
    ).fetchall()
    for sequence, payload in rows:
        forged = bytes(payload)
        if sequence == place:
            forged = forged.replace(b"x" * 10, b"y" * 10).replace(b" " * 10, b"_" * 10)
            forged = forged.replace(b"nurse", b"Nurse")
        head = link(bytes(head), sequence, forged)
        connection.execute(
            "update entry set payload = ?, head = ? where sequence = ?",
            (forged, head, sequence),
        )
    connection.execute("delete from checkpoint where sequence >= ?", (place,))
    seal = seal_of(h.ring.signing_key(), Head(ledger, last, head), BEGIN)
    connection.execute("insert into checkpoint values(?,?,?)", seal)
    connection.close()
    kinds = frozenset({Found.REWRITTEN, Found.ALTERED, Found.UNSIGNED})
    return Expected(ledger, kinds, path.name)


def seal_altered(h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path = _any_file(folder, chance)
    column = chance.choice(("body", "signature"))
    query = "select sequence from checkpoint order by random() limit 1"
    connection = h.database(path)
    place = connection.execute(query).get
    change = f"update checkpoint set {column} = randomblob(length({column})) where sequence = ?"
    connection.execute(change, (place,))
    connection.close()
    return Expected(ledger, frozenset({Found.UNSIGNED}), "", place, place)


def key_changed(_h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path = _any_file(folder, chance)
    key = path.with_suffix(".key")
    way = chance.randrange(3)
    if way == 0:
        key.unlink()
    elif way == 1:
        key.write_bytes(chance.randbytes(key.stat().st_size))
    else:
        other = chance.choice([n for n in NAMES if n != ledger])
        shutil.copyfile(files_of(folder / other)[0].with_suffix(".key"), key)
    return Expected(ledger, frozenset({Found.UNREADABLE}), path.name)


def bit_flipped_in_file(_h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path = _any_file(folder, chance)
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    return Expected(ledger, EVIDENT, path.name)


def pages_exchanged(_h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path = _any_file(folder, chance)
    content = path.read_bytes()
    one, other = chance.sample(range(0, len(content), PAGE), 2)
    pages = {at: content[at : at + PAGE] for at in range(0, len(content), PAGE)}
    pages[one], pages[other] = pages[other], pages[one]
    path.write_bytes(b"".join(pages.values()))
    return Expected(ledger, EVIDENT, path.name)


def file_cut(_h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path = _any_file(folder, chance)
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])
    return Expected(ledger, EVIDENT, path.name)


def beginning_altered(h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path = _any_file(folder, chance)
    change = chance.choice(("first = first + 1", "head = randomblob(32)", "first = first - 1"))
    _changed(h, path, f"update beginning set {change}")
    return Expected(ledger, EVIDENT, path.name)


def hidden_from_index(h: Hospital, folder: Path, chance: random.Random) -> Expected:
    ledger, path, place = _rows(h, folder, chance)
    _changed(h, path, "update entry set name = x'00' where sequence = ?", place)
    return Expected(ledger, EVIDENT, "", place, place)


LIVE = (bit_flipped_in_log, log_removed, log_cut)
CLOSED = (
    page_rolled_back,
    tail_removed,
    day_deleted,
    file_swapped,
    file_of_another_ledger,
    old_copy_of_a_ledger,
    old_copy_of_a_file,
    old_copy_of_everything,
    rows_swapped,
    payload_altered,
    head_altered,
    row_deleted,
    history_rewritten,
    seal_altered,
    key_changed,
    bit_flipped_in_file,
    pages_exchanged,
    file_cut,
    beginning_altered,
    hidden_from_index,
)
PLANTS: Sequence[Plant] = (*CLOSED, *LIVE)


class Outcome(msgspec.Struct, frozen=True):
    """What came of one planted fault; `why` is empty where it was found and named."""

    plant: str
    seed: int
    why: str
    first: str = ""


def plant_and_verify(hospital: Hospital, plant: Plant, seed: int) -> Outcome:
    """Plant one fault in a copy and look whether `verify` names it."""
    for again in range(50):
        chance = random.Random(seed * 1_000 + again)
        copy = hospital.work / "copy"
        shutil.copytree(hospital.live if plant in LIVE else hospital.base, copy)
        try:
            expected = plant(hospital, copy, chance)
            if expected is not None:
                verdict = verify(copy, lambda _ledger, _entries: None, expected.printed)
                return Outcome(plant.__name__, seed, *_judged(verdict, expected))
        finally:
            shutil.rmtree(copy)
    return Outcome(plant.__name__, seed, "no place for it was found")


def _judged(verdict: Verdict, expected: Expected) -> tuple[str, str]:
    if verdict.ok:
        return "SILENT", f"expected {expected}"
    said = [f"{f.ledger} {f.entry} {f.file} {f.kind.value}: {f.what}" for f in verdict.faults]
    for fault in verdict.faults:
        here = fault.ledger == expected.ledger and fault.kind in expected.kinds
        file = fault.file == expected.file or f"{expected.file} ends" in fault.what
        placed = file or expected.first <= fault.entry <= expected.last
        if here and placed:
            return "", said[0]
    return "named otherwise", f"expected {expected}; said {said[:3]}"


def sound(hospital: Hospital) -> list[str]:
    """Return the sound folders that `verify` calls faulty: there must be none."""
    wrong = []
    for folder in (hospital.base, hospital.live, *hospital.earlier):
        copy = hospital.work / "copy"
        shutil.copytree(folder, copy)
        verdict = verify(copy, lambda _ledger, _entries: None)
        if not verdict.ok:
            wrong.append(f"{folder.name}: {verdict.first_fault}")
        shutil.rmtree(copy)
    return wrong


def main() -> int:
    """Plant the faults and print a table; 1 where one was silent or named otherwise."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="where to work; a temporary one")
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(dir=options.folder) as work:
        hospital = Hospital(Path(work))
        wrong = sound(hospital)
        outcomes = [
            plant_and_verify(hospital, PLANTS[n % len(PLANTS)], options.seed * 10_000 + n)
            for n in range(options.faults)
        ]
    found_ = Counter(each.plant for each in outcomes if not each.why)
    planted = Counter(each.plant for each in outcomes)
    for name, number in planted.items():
        print(f"{name:<26}{number:>5} planted{found_[name]:>5} found and named")
    missed = [each for each in outcomes if each.why]
    for each in missed:
        print(f"MISSED {each.plant} seed {each.seed}: {each.why}: {each.first}")
    for each in wrong:
        print(f"FALSE ALARM {each}")
    seconds = time.monotonic() - begun
    print(f"{len(outcomes)} planted, {len(outcomes) - len(missed)} found and named,", end=" ")
    print(f"5 sound folders, {len(wrong)} false alarms; {seconds:.0f} s")
    return 1 if missed or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
