"""Charts are made anew beside those that are read: nobody ever reads charts half folded."""

from pathlib import Path

import msgspec
import pytest
from tests.adapters.ledgers import Ledgers
from tests.chart.sending import SITE

from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.chart_carrier import ChartCarrier
from wardkeep.adapters.chart_carrying import carried_of
from wardkeep.adapters.chart_database import successor_of
from wardkeep.adapters.chart_follower import nothing_recalled
from wardkeep.adapters.chart_succession import ChartSuccession
from wardkeep.adapters.encrypted_database import open_for_writing
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.hospital.site import Site
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.ledger.errors import StoreFailedError

OTHER = msgspec.structs.replace(
    SITE, rules=msgspec.structs.replace(SITE.rules, timezone="Europe/Luxembourg")
)


def admission(number: int) -> Entry:
    body = (
        f"MSH|^~\\&|ADT|H|WK|H|20220514033000||ADT^A01^ADT_A01|M{number}|P|2.5\r"
        f"EVN||20220514033000\rPID|||{number}^^^H^MR||Peeters^An||19340307|F\r"
        "PV1||I|A2^12^2^H\r"
    ).encode()
    return Entry(number, "adt", number, Kind.HL7, b"", b"", b"M", body, id_reused=False)


class Place:
    """A chart store with keys in a folder of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.ledgers = Ledgers(folder)
        (folder / "chart").mkdir()
        self.path = folder / "chart" / "chart.db"

    def succession(self, site: Site = SITE, first: int = 1) -> ChartSuccession:
        """Open the charts; `first` is the first entry that the ledger still holds."""
        return ChartSuccession(
            self.path, self.ledgers.ring, site, nothing_recalled, lambda: first
        )

    def screen(self) -> StoredCharts:
        clinical = self.ledgers.folder / "clinical"
        return StoredCharts(self.path, clinical, self.ledgers.ring, SITE)

    def damage(self) -> None:
        """Overwrite every page behind the first: it opens, but its tables are gone."""
        content = self.path.read_bytes()
        self.path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))

    def carry(self, through: int) -> None:
        """Carry over the days up to an entry, as if these were to be erased."""
        charts = self.succession()
        carrier = ChartCarrier(self.path, self.ledgers.ring, SITE, nothing_recalled)
        while not carrier.advance(Admissions(through), through):
            pass
        carrier.settle(charts, through, 0)
        charts.close()

    def damage_carried_table(self, name: str) -> None:
        """Overwrite the first page of a table or index of the carried charts."""
        ring, path = self.ledgers.ring, carried_of(self.path)
        carried = open_for_writing(path, ring.open_key(key_path(path)))
        root = carried.execute("select rootpage from sqlite_schema where name = ?", (name,)).get
        carried.close()
        self.damage_carried(path.stat().st_size // 4096 - int(str(root)) + 1)

    def damage_carried(self, page: int) -> None:
        """Overwrite one page of the carried charts, counted from the last."""
        path = carried_of(self.path)
        content = bytearray(path.read_bytes())
        begin = len(content) - page * 4096
        content[begin : begin + 4096] = b"\xa5" * 4096
        path.write_bytes(content)


class Admissions:
    """A ledger of admissions alone (port: ledger.arrival.ClinicalReader)."""

    def __init__(self, last: int) -> None:
        self.last = last

    def after(self, sequence: int, limit: int) -> list[Entry]:
        return [admission(n) for n in range(sequence + 1, self.last + 1)][:limit]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def fold(charts: ChartSuccession, *numbers: int) -> None:
    charts.follower.fold([admission(n) for n in numbers])
    charts.follower.commit()


def patients(screen: StoredCharts) -> list[str]:
    return [chart.record for chart in screen.ward("A2")]


def test_with_other_rules_screens_read_the_old_charts_until_the_new_ones_are_whole(
    place: Place,
) -> None:
    old = place.succession()
    fold(old, 1, 2, 3)
    old.close()
    screen = place.screen()
    new = place.succession(OTHER)
    fold(new, 1)
    assert patients(screen) == ["1", "2", "3"]
    fold(new, 2, 3, 4)
    new.caught_up()
    assert (new.is_renewing, new.follower.cursor) == (False, 4)
    assert patients(screen) == ["1", "2", "3", "4"]
    new.close()
    screen.close()


def test_what_is_folded_after_the_new_charts_took_their_place_reaches_open_screens(
    place: Place,
) -> None:
    old = place.succession()
    fold(old, 1)
    old.close()
    screen = place.screen()
    new = place.succession(OTHER)
    fold(new, 1)
    new.caught_up()
    fold(new, 2)
    assert patients(screen) == ["1", "2"]
    fold(new, 3)
    # The screen has closed the old store by now: the new one's log must have outlived that.
    assert patients(screen) == ["1", "2", "3"]
    new.close()
    again = place.succession(OTHER)
    assert again.follower.cursor == 3
    again.close()
    screen.close()


def test_a_process_killed_on_the_way_goes_on_with_the_new_charts(place: Place) -> None:
    old = place.succession()
    fold(old, 1, 2)
    old.close()
    killed = place.succession(OTHER)
    fold(killed, 1)
    killed.close()
    again = place.succession(OTHER)
    assert (again.is_renewing, again.follower.cursor) == (True, 1)
    again.close()


def test_when_the_old_rules_come_back_the_begun_charts_are_dropped(place: Place) -> None:
    old = place.succession()
    fold(old, 1)
    old.close()
    place.succession(OTHER).close()
    assert successor_of(place.path).exists()
    back = place.succession()
    assert (back.is_renewing, back.follower.cursor) == (False, 1)
    assert not successor_of(place.path).exists()
    back.close()


def test_damage_behind_the_stores_head_makes_the_charts_anew(place: Place) -> None:
    charts = place.succession()
    fold(charts, *range(1, 40))
    charts.close()
    place.damage()
    again = place.succession()
    assert again.follower.cursor == 0
    fold(again, 1, 2)
    again.caught_up()
    screen = place.screen()
    assert patients(screen) == ["1", "2"]
    screen.close()
    again.close()


def test_damage_that_comes_back_is_the_disk_and_said(place: Place) -> None:
    charts = place.succession()
    charts.renew()
    with pytest.raises(StoreFailedError, match="damaged again"):
        charts.renew()
    charts.close()


def test_where_nothing_was_carried_new_charts_go_on_from_the_old_ones(place: Place) -> None:
    old = place.succession()
    fold(old, 1, 2, 3)
    old.close()
    new = place.succession(OTHER, first=3)
    assert (new.is_renewing, new.follower.cursor) == (True, 3)
    fold(new, 4)
    new.caught_up()
    assert not new.lacks
    new.close()
    screen = place.screen()
    assert patients(screen) == ["1", "2", "3", "4"]
    assert not any(ward.lacks for ward in screen.wards())
    assert not screen.lacks()
    screen.close()


def test_damaged_charts_without_what_was_carried_begin_anew_and_say_what_they_lack(
    place: Place,
) -> None:
    old = place.succession()
    fold(old, 1, 2, 3)
    old.close()
    place.damage()
    new = place.succession(first=3)
    assert new.follower.cursor == 0
    new.note_lacking(2)
    fold(new, 3)
    new.caught_up()
    assert new.lacks == 2
    new.close()
    screen = place.screen()
    assert patients(screen) == ["3"]
    assert [ward.lacks for ward in screen.wards()] == [True]
    assert screen.lacks()
    screen.close()


@pytest.mark.parametrize("page", [1, 2, 3, 4])
def test_damage_on_a_late_page_of_what_was_carried_stops_no_charts(
    place: Place, page: int
) -> None:
    old = place.succession()
    fold(old, *range(1, 51))
    old.close()
    place.carry(50)
    place.damage_carried(page)
    new = place.succession(OTHER, first=51)
    # A page that is not needed does no harm; from any other the old charts go on.
    assert (new.is_renewing, new.follower.cursor) == (True, 50)
    fold(new, 51)
    new.caught_up()
    new.close()
    screen = place.screen()
    assert len(patients(screen)) == 51
    screen.close()


@pytest.mark.parametrize("table", ["record", "unread_about", "asked"])
def test_of_carried_charts_that_are_damaged_nothing_is_taken_and_they_count_as_gone(
    place: Place, table: str
) -> None:
    old = place.succession()
    fold(old, *range(1, 51))
    old.close()
    place.carry(50)
    place.damage_carried_table(table)
    place.damage()
    new = place.succession(first=51)
    assert (new.follower.cursor, new.carried, new.has_carried) == (0, 0, False)
    assert new.store.execute("select count(*) from record").get == 0
    new.note_lacking(50)
    fold(new, 51)
    new.caught_up()
    new.close()
    screen = place.screen()
    assert patients(screen) == ["51"]
    assert [ward.lacks for ward in screen.wards()] == [True]
    screen.close()


def test_sound_charts_stay_where_the_carried_ones_that_are_ahead_are_damaged(
    place: Place,
) -> None:
    old = place.succession()
    fold(old, *range(1, 51))
    old.close()
    place.carry(50)
    old = place.succession()
    # Killed before these let go of what the carried ones let go of.
    old.store.execute("update meta set value = 0 where name = 'carried'")
    old.close()
    place.damage_carried_table("sqlite_autoindex_record_1")
    again = place.succession(first=51)
    assert (again.is_renewing, again.follower.cursor) == (False, 50)
    assert not again.has_carried
    again.close()
