from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY, Ledgers, message

from wardkeep.adapters import standing_copy
from wardkeep.adapters.encrypted_database import has_log
from wardkeep.adapters.errors import NoStandingCopyError
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_check import LedgerCheck
from wardkeep.adapters.standing_copy import copy_standing
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.encoding import LookEntry

NAMES = ("clinical", "operations", "access")


def copied(site: Ledgers, into: Path) -> Path:
    copy_standing(
        site.folder,
        {name: site.folder / name for name in NAMES},
        lambda path: path.parts[0] in {"run", "chart"},
        site.ring,
        into,
        lambda _step: None,
    )
    return into


def faults(folder: Path, ring: KeyRing, scratch: Path) -> list[object]:
    check = LedgerCheck({name: folder / name for name in NAMES}, ring, scratch)
    walks = [check.walk(name, lambda _ledger, _entries: None) for name in NAMES]
    found = [fault for walk in walks for fault in walk.finish()]
    check.close()
    return [*found, *[0 for walk in walks if not walk.entries]]


@pytest.fixture
def site(tmp_path: Path) -> Ledgers:
    site = Ledgers(tmp_path / "site")
    site.clinical.append([message(n) for n in range(20)])
    site.access.append([LookEntry(SATURDAY, "anna", "4711", "patient", "")])
    site.witness.witness(SATURDAY)
    return site


def test_a_folder_that_is_written_is_copied_whole_and_sound(
    site: Ledgers, tmp_path: Path
) -> None:
    (site.folder / "run").mkdir()
    (site.folder / "run" / "serve.pid").write_text("1")
    assert has_log(next(iter((site.folder / "clinical").glob("*.db"))))
    copy = copied(site, tmp_path / "copy")
    assert not (copy / "run").exists()
    assert not list(copy.rglob("*-wal"))
    assert faults(copy, site.ring, tmp_path) == []
    assert (copy / "signing.key").stat().st_nlink == 2, "what nobody writes is not copied"
    assert copy.stat().st_mode & 0o077 == 0
    site.close()


def test_what_is_witnessed_between_two_stores_makes_it_begin_anew(
    site: Ledgers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, begun = standing_copy._begin, []

    def begin_and_write(*given: object) -> object:
        held = begin(*given)  # type: ignore[arg-type]
        begun.append(given[0])
        if len(begun) == 1:
            # Behind the back of the first store, the others hear of a newer head.
            site.clinical.append([message(n, SATURDAY + SECOND) for n in range(20, 30)])
            site.access.append([LookEntry(SATURDAY, "anna", "4712", "patient", "")])
            site.witness.witness(SATURDAY + 2 * SECOND)
        return held

    monkeypatch.setattr(standing_copy, "_begin", begin_and_write)
    copy = copied(site, tmp_path / "copy")
    assert len(begun) == 6, "the first try was given up"
    assert faults(copy, site.ring, tmp_path) == []
    site.close()


def test_stores_that_never_agree_are_not_copied(
    site: Ledgers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing_copy, "_agree", lambda _held, _ledgers: False)
    with pytest.raises(NoStandingCopyError):
        copied(site, tmp_path / "copy")
    site.close()


def test_a_damaged_store_is_copied_as_it_is(site: Ledgers, tmp_path: Path) -> None:
    site.close()
    (path,) = (site.folder / "access").glob("*.db")
    path.write_bytes(b"damaged" * 1000)
    copy = copied(site, tmp_path / "copy")
    assert (copy / "access" / path.name).read_bytes() == path.read_bytes()
