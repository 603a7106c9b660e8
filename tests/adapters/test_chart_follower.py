from pathlib import Path
from random import Random

import msgspec
import pytest
from tests.adapters.ledgers import Ledgers

from wardkeep.adapters.chart_database import open_to_fold
from wardkeep.adapters.chart_follower import ChartFollower, fold_name
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.chart.memory import MemoryCharts
from wardkeep.chart.model import PatientChart
from wardkeep.chart.plain import plain
from wardkeep.chart.reading import Reading, ReadingContext, read_entry
from wardkeep.chart.record import Record
from wardkeep.hospital.site import Rules, Site
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import TINY
from wardkeep.sample.site import FEEDS, demo_site

START = 1_652_499_000_000_000
SITE = demo_site(dict.fromkeys(FEEDS, 1), 1, wards=TINY.wards)


@pytest.fixture(scope="module")
def night() -> list[Entry]:
    """A night of the tiny hospital, as the ledger keeps it."""
    hospital = Hospital(7, START, TINY)
    sent = [*hospital.first_fill(), *hospital.live(START + 3_600_000_000)]
    return [
        Entry(n, each.feed, each.at, Kind.HL7, b"", b"", b"%d" % n, each.body, id_reused=False)
        for n, each in enumerate(sent, 1)
    ]


class Charted:
    """A chart store in a folder, folded in pieces."""

    def __init__(self, folder: Path, site: Site = SITE) -> None:
        self.ledgers = Ledgers(folder)
        self.site = site
        (folder / "chart").mkdir(exist_ok=True)
        self.path = folder / "chart" / "chart.db"

    @property
    def ring(self) -> KeyRing:
        return self.ledgers.ring

    def open(self) -> ChartFollower:
        connection = open_to_fold(self.path, self.ring, "aegis", fold_name(self.site))
        return ChartFollower(connection, self.site)

    def everything(self) -> dict[str, object]:
        charts = StoredCharts(self.path, self.ledgers.folder / "clinical", self.ring, self.site)
        wards = charts.wards()
        found = {
            chart.record: msgspec.json.encode(plain(chart))
            for ward in wards
            for chart in charts.ward(ward.ward)
        }
        charts.close()
        counted = [(w.ward, w.patients, w.charted_up_to) for w in wards]
        return {"charts": found, "wards": counted}


def folded(folder: Path, pieces: list[list[Entry]], *, restart: bool = False) -> Charted:
    charted = Charted(folder)
    follower = charted.open()
    for piece in pieces:
        follower.fold(piece)
        follower.commit()
        if restart:
            follower.close()
            follower = charted.open()
    follower.close()
    return charted


def cut(entries: list[Entry], seed: int) -> list[list[Entry]]:
    chance = Random(seed)
    places = sorted(chance.sample(range(1, len(entries)), 12))
    return [entries[a:b] for a, b in zip([0, *places], [*places, len(entries)], strict=True)]


def test_how_entries_were_cut_into_batches_leaves_no_trace(
    tmp_path: Path, night: list[Entry]
) -> None:
    whole = folded(tmp_path / "whole", [night]).everything()
    assert whole["charts"]
    assert folded(tmp_path / "cut", cut(night, 1)).everything() == whole


def test_restarts_leave_no_trace(tmp_path: Path, night: list[Entry]) -> None:
    whole = folded(tmp_path / "whole", [night]).everything()
    assert folded(tmp_path / "again", cut(night, 2), restart=True).everything() == whole


def test_the_store_holds_what_the_fold_in_memory_holds(
    tmp_path: Path, night: list[Entry]
) -> None:
    memory = MemoryCharts(SITE)
    for entry in night:
        memory.add(entry)
    known = {
        chart.record: msgspec.json.encode(plain(chart))
        for ward in memory.wards()
        for chart in memory.ward(ward.ward)
    }
    assert folded(tmp_path, cut(night, 3)).everything()["charts"] == known


def test_work_that_was_not_committed_is_done_again_after_a_crash(
    tmp_path: Path, night: list[Entry]
) -> None:
    charted = Charted(tmp_path)
    follower = charted.open()
    follower.fold(night[:100])
    follower.commit()
    follower.fold(night[100:200])
    follower.close()
    again = charted.open()
    assert again.cursor == night[99].sequence
    again.fold(night[100:])
    again.commit()
    again.close()
    assert charted.everything() == folded(tmp_path / "whole", [night]).everything()


def test_a_changed_rule_of_the_site_folds_everything_anew(
    tmp_path: Path, night: list[Entry]
) -> None:
    charted = folded(tmp_path, [night])
    rules = msgspec.structs.replace(SITE.rules, timezone="Europe/Luxembourg")
    charted.site = msgspec.structs.replace(SITE, rules=rules)
    follower = charted.open()
    assert follower.cursor == 0
    follower.close()


def test_nothing_of_a_patient_stands_in_clear_in_the_chart_store(
    tmp_path: Path, night: list[Entry]
) -> None:
    charted = folded(tmp_path, [night])
    charts = StoredCharts(charted.path, tmp_path / "clinical", charted.ring, SITE)
    names = {
        chart.name.value.family.encode()
        for ward in charts.wards()
        for chart in charts.ward(ward.ward)
        if chart.name and len(chart.name.value.family) > 6
    }
    charts.close()
    assert names
    for path in (tmp_path / "chart").iterdir():
        content = path.read_bytes()
        assert not any(name in content for name in names)


def test_a_message_that_no_reader_foresaw_is_held_and_the_next_ones_are_read(
    tmp_path: Path, night: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = len(night) // 2

    def read_all_but_one(entry: Entry, context: ReadingContext) -> Reading:
        if entry.sequence == bad:
            raise RecursionError("PID|1||4711||Mueller")
        return read_entry(entry, context)

    monkeypatch.setattr("wardkeep.adapters.guarded_reading.read_entry", read_all_but_one)
    charted = Charted(tmp_path)
    follower = charted.open()
    follower.fold(night)
    follower.commit()
    held = follower.held(bad)
    assert follower.cursor == len(night)
    follower.close()
    assert held is not None
    assert held.reason == "reading it failed in a way nobody foresaw: RecursionError"


def test_a_chart_that_cannot_be_made_is_told_and_stops_no_other(
    tmp_path: Path, night: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    from wardkeep.adapters import chart_follower

    whole = folded(tmp_path / "whole", [night]).everything()["charts"]
    assert isinstance(whole, dict)
    victim = min(whole)
    make = chart_follower.chart_of

    def fail_for_one(group: list[Record], rules: Rules) -> PatientChart:
        if group[0].number == victim:
            raise KeyError
        return make(group, rules)

    monkeypatch.setattr(chart_follower, "chart_of", fail_for_one)
    charted = folded(tmp_path / "hurt", [night])
    found = charted.everything()["charts"]
    assert isinstance(found, dict)
    assert found.keys() == whole.keys() - {victim}
    charts = StoredCharts(charted.path, tmp_path / "clinical", charted.ring, SITE)
    assert "KeyError" in charts.quarantine()[0].reason
    charts.close()


def test_a_message_that_names_nobody_is_told_to_every_ward_once_an_hour(
    tmp_path: Path, night: list[Entry]
) -> None:
    charted = folded(tmp_path, [night])
    follower = charted.open()

    def counts() -> list[int]:
        charts = StoredCharts(charted.path, tmp_path / "clinical", charted.ring, charted.site)
        found = [each.changed for each in charts.wards() if each.patients]
        charts.close()
        return found

    seen = [counts()]
    for number, later in enumerate((0, 20 * MINUTE, HOUR), start=night[-1].sequence + 1):
        at = night[-1].received + later
        lost = Entry(number, "mar", at, Kind.HL7, b"", b"", b"", b"lost", id_reused=False)
        follower.fold([lost])
        follower.commit()
        seen.append(counts())
    follower.close()
    assert [
        [now - before for before, now in zip(seen[0], each, strict=True)] for each in seen
    ] == [
        [0] * len(seen[0]),
        [1] * len(seen[0]),
        [1] * len(seen[0]),
        [2] * len(seen[0]),
    ]
