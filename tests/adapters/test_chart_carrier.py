"""Days are erased and charts stay: carried over them, they are as if nothing were missing."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from tests.adapters.ledgers import Ledgers
from tests.adapters.test_chart_follower import SITE, START

from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.chart_carrier import ChartCarrier
from wardkeep.adapters.chart_carrying import carried_of, let_go_of, meta
from wardkeep.adapters.chart_database import discard
from wardkeep.adapters.chart_succession import ChartSuccession
from wardkeep.adapters.encrypted_database import open_for_writing
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.chart.found import found_of
from wardkeep.chart.model import PatientChart
from wardkeep.chart.plain import plain
from wardkeep.hospital.site import Rules, Site
from wardkeep.kernel.times import DAY
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.ledger.errors import CarriedChartsLostError
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import TINY

HOURS_LATER = START + 1_800_000_000


@pytest.fixture(scope="module")
def days() -> list[Entry]:
    """Half an hour of the tiny hospital, and two messages that nobody can read."""
    hospital = Hospital(7, START, TINY)
    sent = [*hospital.first_fill(), *hospital.live(HOURS_LATER)]
    bodies = [(each.feed, each.at, each.body) for each in sent]
    bodies[3:3] = [("adt", START, b"MSH|^~\\&|ADT|H|WK|H|||ADT^A01|X1|P|2.5\rPID|||")]
    bodies += [("adt", HOURS_LATER, b"MSH|^~\\&|ADT|H|WK|H|||ADT^A01|X2|P|2.5\rPID|||")]
    return [
        Entry(n, feed, at, Kind.HL7, b"", b"", b"%d" % n, body, id_reused=False)
        for n, (feed, at, body) in enumerate(bodies, 1)
    ]


class Kept:
    """A ledger of which the oldest entries may be erased (port: ClinicalReader)."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = list(entries)

    def after(self, sequence: int, limit: int) -> list[Entry]:
        return [each for each in self.entries if each.sequence > sequence][:limit]

    def entry(self, sequence: int) -> Entry | None:
        return next((each for each in self.entries if each.sequence == sequence), None)

    def erase(self, through: int) -> None:
        self.entries = [each for each in self.entries if each.sequence > through]


class Charts:
    """The charts of a folder, and how they are carried over what is erased."""

    def __init__(self, folder: Path, entries: Sequence[Entry], site: Site = SITE) -> None:
        self.ledgers = Ledgers(folder)
        (folder / "chart").mkdir(exist_ok=True)
        self.path = folder / "chart" / "chart.db"
        self.kept = Kept(entries)
        self.site = site

    def fold(self) -> None:
        charts = self.open()
        charts.close()

    def open(self, upto: int = 10**9) -> ChartSuccession:
        charts = ChartSuccession(self.path, self.ledgers.ring, self.site, self.kept.entry)
        while found := self.kept.after(charts.follower.cursor, 700):
            wanted = [each for each in found if each.sequence <= upto]
            charts.follower.fold(wanted)
            charts.follower.commit()
            if len(wanted) < len(found):
                break
        charts.caught_up()
        return charts

    def carrier(self) -> ChartCarrier:
        return ChartCarrier(self.path, self.ledgers.ring, self.site, self.kept.entry)

    def carry(self, through: int) -> None:
        carrier = self.carrier()
        while not carrier.advance(self.kept, through):
            pass
        charts = self.open()
        carrier.settle(charts, through, HOURS_LATER)
        charts.close()

    def anew(self, site: Site | None = None) -> None:
        self.site = site or self.site
        discard(self.path)
        self.fold()

    def everything(self) -> dict[str, object]:
        ring, clinical = self.ledgers.ring, self.ledgers.folder / "clinical"
        charts = StoredCharts(self.path, clinical, ring, self.site)
        found = {chart.record: msgspec.json.encode(plain(chart)) for chart in self._all(charts)}
        told = {
            "charts": found,
            "wards": [(w.ward, w.patients, w.charted_up_to) for w in charts.wards()],
            "feeds": charts.feeds(HOURS_LATER),
            "streams": charts.streams(HOURS_LATER),
            "held": charts.quarantine(),
            "cursor": charts.cursor(),
        }
        charts.close()
        return told

    @staticmethod
    def _all(charts: StoredCharts) -> list[PatientChart]:
        found = [charts.patient(str(n)) for (n,) in charts._rows("select number from view")]
        return [chart for chart in found if chart is not None]

    def in_house(self) -> set[str]:
        ring, clinical = self.ledgers.ring, self.ledgers.folder / "clinical"
        charts = StoredCharts(self.path, clinical, ring, self.site)
        found = {c.record for ward in charts.wards() for c in charts.ward(ward.ward)}
        charts.close()
        return found


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_charts_of_all_days_are_those_carried_over_and_the_days_that_are_left(
    days: list[Entry], tmp_path: Path, share: float
) -> None:
    whole, parted = Charts(tmp_path / "a", days), Charts(tmp_path / "b", days)
    through = int(len(days) * share)
    for each in (whole, parted):
        each.fold()
        each.carry(through)
    house = whole.in_house()
    parted.kept.erase(through)
    parted.anew()
    assert parted.everything() == whole.everything()
    assert parted.in_house() == house
    assert len(house) > 5


def test_nobody_in_the_house_or_spoken_of_since_is_let_go(
    days: list[Entry], tmp_path: Path
) -> None:
    charts = Charts(tmp_path, days)
    opened = charts.open()
    before = charts.everything()
    gone = let_go_of(opened.store, days[-1].sequence, HOURS_LATER)
    later = let_go_of(opened.store, days[-1].sequence, HOURS_LATER + 400 * DAY)
    assert let_go_of(opened.store, 0, HOURS_LATER) == set()
    opened.close()
    assert not gone & charts.in_house()
    assert gone < later
    charts.carry(days[-1].sequence)
    after = charts.everything()
    assert isinstance(before["charts"], dict)
    assert isinstance(after["charts"], dict)
    assert after["charts"] == {
        number: chart for number, chart in before["charts"].items() if number not in gone
    }
    assert after["held"] == []


def as_version_02_left_it(path: Path, ring: KeyRing) -> None:
    """Take from a store what version 0.2 did not write: what a search shows."""
    store = open_for_writing(path, ring.open_key(key_path(path)))
    store.execute("drop table found")
    store.close()


def test_charts_and_carried_charts_of_version_02_go_on_and_everybody_is_found(
    days: list[Entry], tmp_path: Path
) -> None:
    charts, sound = Charts(tmp_path / "a", days), Charts(tmp_path / "b", days)
    for each in (charts, sound):
        each.fold()
        each.carry(len(days) // 3)
    ring = charts.ledgers.ring
    for path in (charts.path, carried_of(charts.path)):
        as_version_02_left_it(path, ring)
    reader = StoredCharts(charts.path, tmp_path / "a" / "clinical", ring, charts.site)
    known = {chart.record: found_of(chart) for chart in charts._all(reader)}
    before = reader.find("a", 10**6)
    assert before == [known[each.record] for each in before]
    assert before
    for each in (charts, sound):
        each.fold()
        each.carry(len(days) // 2)
    # A screen that opened the store before the upgrade searches on in it.
    known = {chart.record: found_of(chart) for chart in charts._all(reader)}
    after = reader.find("a", 10**6)
    assert after == [known[each.record] for each in after]
    assert after
    reader.close()
    assert charts.everything() == sound.everything()


def test_who_is_let_go_of_is_gone_from_what_a_search_shows(
    days: list[Entry], tmp_path: Path
) -> None:
    charts = Charts(tmp_path, days)
    charts.fold()
    charts.carry(days[-1].sequence)
    opened = charts.open()
    stored = "select number from view order by 1"
    shown = "select number from found order by 1"
    assert opened.store.execute(shown).fetchall() == opened.store.execute(stored).fetchall()
    opened.close()


def test_erased_day_by_day_it_is_the_same(days: list[Entry], tmp_path: Path) -> None:
    at_once, daily = Charts(tmp_path / "a", days), Charts(tmp_path / "b", days)
    for each in (at_once, daily):
        each.fold()
    last = len(days) - 50
    for through in (last // 3, last // 2, last):
        daily.carry(through)
        daily.kept.erase(through)
    at_once.carry(last)
    at_once.kept.erase(last)
    assert daily.everything() == at_once.everything()
    for each in (at_once, daily):
        each.anew()
    assert daily.everything() == at_once.everything()


def test_cut_off_at_any_moment_it_goes_on_and_comes_out_the_same(
    days: list[Entry], tmp_path: Path
) -> None:
    whole, cut = Charts(tmp_path / "a", days), Charts(tmp_path / "b", days)
    through = len(days) // 2
    whole.fold()
    whole.carry(through)
    cut.fold()
    done = False
    while not done:
        carrier = cut.carrier()
        done = carrier.advance(cut.kept, through)
        carrier.close()
    # Let go of in the carried charts, and killed before the charts that are read do the same.
    charts = cut.open()
    carrier = cut.carrier()
    settled = ChartSuccession.let_go
    try:
        ChartSuccession.let_go = _killed  # type: ignore[method-assign]
        with pytest.raises(KeyboardInterrupt):
            carrier.settle(charts, through, HOURS_LATER)
    finally:
        ChartSuccession.let_go = settled  # type: ignore[method-assign]
    carrier.close()
    charts.close()
    charts = cut.open()
    assert charts.carried == through
    charts.close()
    assert cut.everything() == whole.everything()
    # Killed while charts were being made anew from the carried ones.
    cut.kept.erase(through)
    discard(cut.path)
    begun = ChartSuccession(cut.path, cut.ledgers.ring, cut.site)
    begun.store.execute("update meta set value = 0 where name = 'cursor'")
    begun.close()
    cut.fold()
    assert cut.everything() == whole.everything()


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_with_other_rules_charts_are_made_anew_from_the_carried_ones(
    days: list[Entry], tmp_path: Path
) -> None:
    charts = Charts(tmp_path, days)
    charts.fold()
    charts.carry(len(days) // 2)
    charts.kept.erase(len(days) // 2)
    house = charts.in_house()
    rules = msgspec.structs.replace(
        SITE.rules, charting_lag_minutes=SITE.rules.charting_lag_minutes + 1
    )
    assert isinstance(rules, Rules)
    charts.site = msgspec.structs.replace(SITE, rules=rules)
    charts.fold()
    assert charts.in_house() == house


def test_an_older_chart_store_that_was_put_back_begins_with_the_carried_charts(
    days: list[Entry], tmp_path: Path
) -> None:
    charts = Charts(tmp_path, days)
    half = len(days) // 2
    charts.open(upto=half // 2).close()
    kept = {p.name: p.read_bytes() for p in charts.path.parent.glob("chart.*")}
    charts.fold()
    charts.carry(half)
    charts.kept.erase(half)
    told = charts.everything()
    discard(charts.path)
    for name, content in kept.items():
        (charts.path.parent / name).write_bytes(content)
    charts.fold()
    assert charts.everything() == told


def test_carried_charts_that_are_lost_stop_the_erasing_and_not_the_screens(
    days: list[Entry], tmp_path: Path
) -> None:
    charts = Charts(tmp_path, days)
    charts.fold()
    charts.carry(10)
    told = charts.everything()
    carried_of(charts.path).with_suffix(".key").write_bytes(b"damaged")
    with pytest.raises(CarriedChartsLostError):
        charts.carry(20)
    charts.fold()
    assert charts.everything() == told


def test_what_was_carried_is_said_by_the_store(days: list[Entry], tmp_path: Path) -> None:
    charts = Charts(tmp_path, days)
    charts.fold()
    opened = charts.open()
    assert opened.carried == 0
    opened.close()
    charts.carry(10)
    opened = charts.open()
    assert meta(opened.store, "carried") == opened.carried == 10
    opened.close()
