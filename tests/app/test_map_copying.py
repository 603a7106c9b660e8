"""A second box copies the map over its line: whole parts, in pieces, and only what is given."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from wardkeep.adapters.errors import FirstRefusedError, FirstSilentError
from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.adapters.map_store import MapStore
from wardkeep.adapters.operations_store import open_operations, read_operations
from wardkeep.app import copies_desk, map_copying
from wardkeep.app.copies_desk import CopiesDesk, FollowerVisit
from wardkeep.app.first import GIVEN, MapCopied
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.app.follower_book import FollowerBook
from wardkeep.app.group import is_of_another_site
from wardkeep.app.map_copying import MapCopier
from wardkeep.app.map_forget import forget
from wardkeep.app.map_import import Asked, carry_out, plan
from wardkeep.copies.events import FollowerInvited, FollowerPaired, MapCopyDecided
from wardkeep.foresight.events import PART
from wardkeep.hospital.map.whole import Layer
from wardkeep.hospital.site import Site
from wardkeep.wire.copying import (
    LENGTH_BYTES,
    LONGEST_PIECE,
    Answer,
    AskPiece,
    Greet,
    Greeting,
    Refused,
    Request,
    frame,
    read_answer,
    read_request,
)

SHOWN = "c0ffee"
SITE = Site(name="Saint Elisabeth")


def made(path: Path) -> tuple[HospitalFolder, KeyRing]:
    folder = lay_out(path, 'name = "Saint Elisabeth"\n')
    return folder, make_key_ring(folder.keys)[0]


class Pair:
    """A first and its second box; the line between them may be cut after some answers."""

    def __init__(self, path: Path) -> None:
        self.first, self.ring = made(path / "first")
        self.second, self.its_ring = made(path / "second")
        self.book = FollowerBook(self.first, self.ring)
        for event in (
            FollowerInvited(name="box-2", secret_hash="0", until=9, at=1, by="it"),
            FollowerPaired(name="box-2", certificate=SHOWN, signer="", at=2, by="box-2"),
        ):
            self.book.append(event)
        self.give(given=True)
        self.desk = CopiesDesk(self.first, SITE, self.ring)
        self.visit: FollowerVisit = self.desk.visit(SHOWN)
        self.asked: list[Request] = []
        self.cut_after = 1_000
        self.meanwhile: Callable[[], None] = lambda: None
        self._copied = 0
        self.copier = self.started_again()

    def started_again(self) -> MapCopier:
        stopping = threading.Event()
        known = MapCopied(offer=GIVEN)
        return MapCopier(self.second, self.its_ring, lambda: self, stopping, known)

    def give(self, *, given: bool) -> None:
        self.book.append(MapCopyDecided(name="box-2", given=given, at=3, by="it"))

    def ask(self, request: Request) -> Answer:
        """Answer as the first does, by the bytes of both messages."""
        if len(self.asked) >= self.cut_after:
            raise FirstSilentError("the first was cut off")
        self.asked.append(request)
        answer = asyncio.run(self.visit.answer(read_request(frame(request)[LENGTH_BYTES:])))
        self.meanwhile()
        if isinstance(answer, Refused):
            raise FirstRefusedError(f"{answer.code}: {answer.what}")
        return read_answer(frame(answer)[LENGTH_BYTES:])

    def close(self) -> None:
        return

    def imports(self, path: Path, ids: int, note: str = "") -> None:
        rows = "\n".join(f"db{number};{note}" for number in range(ids))
        path.write_text(f"id;note\n{rows}\n")
        asked = Asked(by="it", kind="server", source="cmdb")
        store = MapStore(self.first.map, self.ring)
        carry_out(self.first, self.ring, plan(store, [path], asked), "it")

    def forgets(self) -> None:
        layers = MapStore(self.first.map, self.ring).layers()
        forget(self.first, self.ring, layers, "it")

    def copy_ledger(self) -> None:
        """Do what the copier of the operations ledger does."""
        told = read_operations(self.first.operations, self.ring)
        events = told.after(self._copied, PART)
        told.close()
        self._copied = events[-1][0] if events else self._copied
        here = open_operations(self.second.operations, self.its_ring)
        here.append([event for _, event in events])
        here.close()

    def step(self) -> MapCopied:
        self.copier.step(self)
        return self.copier.stood

    @property
    def pieces(self) -> int:
        return sum(isinstance(each, AskPiece) for each in self.asked)

    @property
    def there(self) -> tuple[Layer, ...]:
        return MapStore(self.first.map, self.ring).layers()

    @property
    def here(self) -> tuple[Layer, ...]:
        return MapStore(self.second.map, self.its_ring).layers()


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "servers.csv"


def test_a_map_is_taken_changed_and_forgotten_as_at_the_first(pair: Pair, table: Path) -> None:
    assert pair.step().parts == 0
    assert pair.copier.stood.as_of, "there is no map at the first: that is known as of now"
    for ids in (3, 2):
        pair.imports(table, ids)
        pair.copy_ledger()
        assert pair.step() == MapCopied(offer=GIVEN, as_of=pair.copier.stood.as_of, parts=1)
        assert pair.here == pair.there
    pair.forgets()
    pair.copy_ledger()
    pair.step()
    assert pair.here == ()
    fetched = pair.pieces
    pair.step()
    assert pair.pieces == fetched, "what is even is not fetched again"


def test_a_part_larger_than_an_answer_comes_in_pieces_and_the_first_lets_go_of_it(
    pair: Pair, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.imports(table, 3_000, "n" * 2_000)
    pair.copy_ledger()
    pair.step()
    [part] = pair.desk.map.found().parts
    assert part.size > LONGEST_PIECE
    assert pair.pieces == -(-part.size // LONGEST_PIECE) == 2
    assert pair.here == pair.there
    assert pair.visit._part == (b"", b"")


def test_a_line_that_is_cut_within_a_part_leaves_the_old_one_as_it_was(
    pair: Pair, table: Path
) -> None:
    pair.imports(table, 3)
    pair.copy_ledger()
    before = pair.step()
    held = pair.here
    pair.imports(table, 3_000, "n" * 2_000)
    pair.copy_ledger()
    pair.cut_after = len(pair.asked) + 2
    with pytest.raises(FirstSilentError):
        pair.step()
    assert pair.here == held
    assert pair.copier.stood == before, "it is as of then that it is whole"
    pair.cut_after = 1_000
    pair.step()
    assert pair.here == pair.there


def test_a_part_that_is_imported_again_while_it_is_fetched_comes_with_the_next_list(
    pair: Pair, table: Path
) -> None:
    pair.imports(table, 3_000, "n" * 2_000)
    pair.copy_ledger()

    def once() -> None:
        if pair.pieces == 1:
            pair.meanwhile = lambda: None
            pair.visit = pair.desk.visit(SHOWN)  # whatever it kept of the part is gone
            pair.imports(table, 2)
            pair.copy_ledger()

    pair.meanwhile = once
    pair.step()
    assert pair.here == ()
    pair.step()
    assert pair.here == pair.there


def test_an_import_that_the_ledger_does_not_tell_yet_is_fetched_once_and_taken_when_it_does(
    pair: Pair, table: Path
) -> None:
    pair.imports(table, 3)
    for _ in range(3):
        assert not pair.step().as_of
    assert pair.here == ()
    assert pair.pieces == 1
    pair.copy_ledger()
    assert pair.step().as_of
    assert pair.here == pair.there


def test_what_is_not_taken_is_told_once_an_import_had_its_time_and_no_longer_than_it_stands(
    pair: Pair, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.imports(table, 3)
    assert pair.step().trouble == ""
    assert pair.step().trouble == ""
    monkeypatch.setattr(map_copying, "_PATIENCE", 0)
    assert "map/cmdb.server: the ledger does not say" in pair.step().trouble
    pair.copy_ledger()
    assert pair.step().trouble == ""


def test_a_wiped_damaged_or_older_map_at_the_first_takes_nothing_from_the_second_box(
    pair: Pair, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_copying, "_PATIENCE", 0)
    pair.imports(table, 2)
    [path] = pair.first.map.iterdir()
    older = path.read_bytes()
    pair.imports(table, 3)
    pair.copy_ledger()
    as_of, held = pair.step().as_of, pair.here
    for content, why in (
        (older, "does not say that it was imported so"),
        (older[:-1], "the first cannot open it"),
        (None, "never said that it was forgotten"),
    ):
        path.unlink()
        if content:
            path.write_bytes(content)
        pair.step()
        assert why in pair.step().trouble
        assert pair.copier.stood.as_of == as_of
        assert pair.here == held


def test_a_box_that_was_given_no_map_is_told_so_and_told_nothing_of_it(
    pair: Pair, table: Path
) -> None:
    pair.imports(table, 3)
    pair.copy_ledger()
    pair.give(given=False)
    with pytest.raises(FirstRefusedError, match="map-withheld"):
        pair.step()
    with pytest.raises(FirstRefusedError, match="map-withheld"):
        pair.ask(AskPiece("map/cmdb.server", bytes(32), 0))
    greeting = pair.ask(Greet())
    assert isinstance(greeting, Greeting)
    assert greeting.map == "withheld"
    pair.give(given=True)
    greeting = pair.ask(Greet())
    assert isinstance(greeting, Greeting)
    assert greeting.map == GIVEN
    pair.step()
    assert pair.here == pair.there


@pytest.mark.parametrize("name", ["keys/server.key", "map/../keys/server", "map/cmdb.service"])
def test_no_other_file_of_the_first_can_be_asked_for(
    pair: Pair, table: Path, name: str
) -> None:
    pair.imports(table, 3)
    answer = pair.ask(AskPiece(name, pair.desk.map.found().parts[0].digest, 0))
    assert answer.content == b""  # type: ignore[union-attr]  # a Piece


def test_a_map_that_is_given_no_longer_leaves_no_alarm_behind(
    pair: Pair, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_copying, "_PATIENCE", 0)
    pair.imports(table, 3)
    pair.step()
    assert pair.step().trouble
    pair.copier.offered(GIVEN)
    assert pair.copier.stood.trouble
    pair.copier.offered("withheld")
    assert (pair.copier.stood.offer, pair.copier.stood.trouble) == ("withheld", "")


def test_a_part_that_was_cut_off_on_the_way_is_asked_for_again(
    pair: Pair, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.imports(table, 3)
    pair.copy_ledger()
    with monkeypatch.context() as patched:
        patched.setattr(pair.desk.map, "content", lambda _name: b"")
        pair.step()
        assert pair.here == ()
    pair.step()
    assert pair.here == pair.there


@pytest.mark.parametrize(
    ("given", "why"), [(True, "the map has more than 0 parts"), (False, "")]
)
def test_a_first_that_cannot_tell_its_map_is_told_of_and_one_that_withholds_it_is_not(
    pair: Pair, table: Path, monkeypatch: pytest.MonkeyPatch, given: bool, why: str
) -> None:
    monkeypatch.setattr(map_copying, "_EVERY_SECONDS", 0.0)
    monkeypatch.setattr(copies_desk, "MOST_PARTS", 0)
    pair.imports(table, 3)
    pair.give(given=given)
    stopping = threading.Event()

    def refused(request: Request) -> Answer:
        stopping.set()
        return pair.ask(request)

    line = SimpleNamespace(ask=refused, close=pair.close)
    known = MapCopied(offer=GIVEN, trouble="of a step before")
    copier = MapCopier(pair.second, pair.its_ring, lambda: line, stopping, known)
    copier.run()
    assert (why in copier.stood.trouble) if why else copier.stood.trouble == ""
    assert len(pair.asked) == 1


def test_a_map_of_more_parts_than_a_list_holds_is_refused_by_name(
    pair: Pair, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies_desk, "MOST_PARTS", 0)
    pair.imports(table, 3)
    with pytest.raises(FirstRefusedError, match="more than 0 parts"):
        pair.step()


def test_a_folder_that_follows_another_site_is_told_from_a_second_box(tmp_path: Path) -> None:
    home, _ = made(tmp_path / "home")
    assert is_of_another_site(HospitalFolder(home.others / "JOS"))
    assert not is_of_another_site(home)
    assert not is_of_another_site(HospitalFolder(tmp_path / "others" / "JOS"))
