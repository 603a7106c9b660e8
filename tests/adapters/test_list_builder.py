"""A list that cannot be made keeps neither another list nor a ward from its paper."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.pack.handmade import NOW, SITE, patient, streams
from tests.stories import site_server

from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.list_builder import ListBuilder
from wardkeep.adapters.pack_shelf import PackShelf, folder_name
from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import StreamStatus, Unread, WardSummary
from wardkeep.hospital.lists import Lists
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import MINUTE
from wardkeep.ledger.errors import StoreFailedError
from wardkeep.pack.events import PackEvent

KITCHEN, THEATRE = "list+kitchen", "list+theatre"
SITE_OF_TWO: Site = msgspec.structs.replace(
    SITE, lists=Lists(kinds=("theatre", "kitchen"), first_after_minutes=0)
)


class OneWard:
    """A ward of one patient; `fault` is raised by the charts as long as it is set."""

    fault: Exception | None = None

    def wards(self) -> list[WardSummary]:
        return [WardSummary(ward="4B", changed=1, patients=1)]

    def ward(self, code: str) -> list[PatientChart]:
        if self.fault:
            raise self.fault
        return [patient(code)]

    def streams(self, now: int, ward: str | None = None) -> list[StreamStatus]:
        assert ward in {None, "4B"}
        return list(streams(now))

    def unread(self, ward: str, since: int) -> Unread:
        assert (ward, since > 0) == ("4B", True)
        return Unread()

    def records(self) -> list[str]:
        return ["4B"]

    def patient(self, record: str) -> PatientChart | None:
        return patient(record)


@pytest.fixture
def shelf(tmp_path: Path) -> PackShelf:
    (tmp_path / "keys").mkdir()
    (tmp_path / "lists").mkdir()
    return PackShelf(tmp_path / "lists", make_key_ring(tmp_path / "keys")[0])


def builder_of(
    charts: OneWard, shelf: PackShelf, record: Callable[[PackEvent], object] = lambda _: None
) -> ListBuilder:
    return ListBuilder(charts, shelf, SITE_OF_TWO, record, lambda: "ledger 1", NOW - MINUTE)


def await_that(builder: ListBuilder, now: int, is_so: Callable[[], bool]) -> None:
    def came() -> bool:
        builder.step(now, wards_wait=False)
        return is_so()

    try:
        site_server.await_that(came)
    except AssertionError as fault:
        raise AssertionError(builder.failing()) from fault


def test_a_list_that_fails_is_told_and_the_next_one_is_made_meanwhile(
    shelf: PackShelf, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "lists" / folder_name(THEATRE)
    in_the_way.touch()
    builder = builder_of(OneWard(), shelf)
    await_that(builder, NOW, lambda: KITCHEN in shelf.standing().newest)
    assert list(builder.failing()) == [THEATRE]
    in_the_way.unlink()
    await_that(builder, NOW + 10 * MINUTE, lambda: THEATRE in shelf.standing().newest)
    assert builder.failing() == {}
    builder.close()


@pytest.mark.parametrize("fault", [StoreFailedError("x"), ValueError("Janssens"), KeyError(1)])
def test_no_fault_of_a_list_ends_the_making_of_packs_and_its_words_are_not_told(
    shelf: PackShelf, capsys: pytest.CaptureFixture[str], fault: Exception
) -> None:
    charts = OneWard()
    charts.fault = fault
    builder = builder_of(charts, shelf)
    for _ in range(3):
        builder.step(NOW, wards_wait=False)
    builder.close()
    told = type(fault).__name__
    assert builder.failing() == {THEATRE: told, KITCHEN: told}
    said = capsys.readouterr().err
    assert said.count("a list was not made") == 2, "each is tried again later, not at once"
    assert "Janssens" not in said


def test_a_ledger_that_takes_nothing_makes_no_list_fail(shelf: PackShelf) -> None:
    def refuse(_: PackEvent) -> None:
        raise StoreFailedError("full")

    builder = builder_of(OneWard(), shelf, refuse)
    await_that(builder, NOW, lambda: {KITCHEN, THEATRE} <= shelf.standing().newest.keys())
    assert builder.failing() == {}
    builder.close()


def test_a_list_stands_though_what_it_was_made_of_could_not_be_kept(
    shelf: PackShelf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lists" / folder_name(THEATRE) / "sound.age").mkdir(parents=True)
    recorded: list[PackEvent] = []
    builder = builder_of(OneWard(), shelf, recorded.append)
    await_that(builder, NOW, lambda: {KITCHEN, THEATRE} <= shelf.standing().newest.keys())
    assert (builder.failing(), len(recorded)) == ({}, 2)
    assert f"what {THEATRE} was made of was not kept" in capsys.readouterr().err
    assert (shelf.sound(THEATRE), shelf.sound(KITCHEN) is None) == (None, False)
    builder.close()
