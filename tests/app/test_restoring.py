from pathlib import Path

import pytest

from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.restic import Snapshot
from wardkeep.adapters.share_dealing import deal
from wardkeep.app.errors import NoRepositoryError, UnknownNumberError
from wardkeep.app.restoring import choose, password_by_words, path_below_root
from wardkeep.ledger.errors import RecoveryWordsError


class Known:
    def __init__(self, *names: str) -> None:
        self.names = names

    def snapshots(self) -> list[Snapshot]:
        return [
            Snapshot(id=name, time=f"2026-05-{n:02}T00:00:00Z", hostname="h", paths=("/a",))
            for n, name in enumerate(self.names, start=1)
        ]


def test_the_newest_backup_is_taken_or_the_one_that_is_meant() -> None:
    known = Known("abc1", "abd2", "eee3")
    assert choose(known, None).id == "eee3"  # type: ignore[arg-type]
    assert choose(known, "abd").id == "abd2"  # type: ignore[arg-type]
    for asked in ("ab", "f"):
        with pytest.raises(UnknownNumberError) as told:
            choose(known, asked)  # type: ignore[arg-type]
        assert "eee3 of 2026-05-03T00:00" in told.value.advice
    with pytest.raises(UnknownNumberError):
        choose(Known(), None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "paths", [("/srv/../..",), ("/../etc",), ("/",), ("etc",), ("",), (), ("/srv/a", "/srv/b")]
)
def test_a_backup_whose_path_leads_elsewhere_is_not_laid_out(paths: tuple[str, ...]) -> None:
    made = Snapshot(id="abc1", time="2026-05-01T00:00:00Z", hostname="h", paths=paths)
    with pytest.raises(NoRepositoryError, match="not of one folder"):
        path_below_root(made)


def test_a_backup_is_laid_out_from_the_folder_that_it_is_of() -> None:
    made = Snapshot(id="a", time="2026-05-01T00:00:00Z", hostname="h", paths=("/srv/w/run/c",))
    assert path_below_root(made) == Path("srv/w/run/c")


def test_the_words_open_the_password_that_lies_beside_the_repository(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    ring, words = make_key_ring(tmp_path / "keys")
    made = ring.make_key(tmp_path / "wardkeep-password.age")
    assert password_by_words(str(tmp_path), None, words) == made.hex()
    (tmp_path / "other").mkdir()
    _, other = make_key_ring(tmp_path / "other")
    with pytest.raises(RecoveryWordsError):
        password_by_words(str(tmp_path), None, other)
    with pytest.raises(RecoveryWordsError, match="the sheets open nothing") as told:
        password_by_words(str(tmp_path), None, "\n\n".join(deal(bytes(32), 2, 3)[:2]))
    assert "24 words" not in told.value.advice
    assert "another ceremony" in told.value.advice
    for address in ("rest:https://host/", str(tmp_path / "other")):
        with pytest.raises(NoRepositoryError, match="wrapped copy"):
            password_by_words(address, None, words)
    with pytest.raises(NoRepositoryError, match="there is no folder") as told:
        password_by_words(str(tmp_path / "nowhere"), None, words)
    assert "Plug the stick in" in told.value.advice
