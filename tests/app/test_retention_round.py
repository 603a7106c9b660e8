"""Days are erased on purpose; killed at any step it never looks like a theft."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.adapters.ledgers import SATURDAY, message
from tests.stories.site_server import message as admission

from wardkeep.adapters.chart_succession import ChartSuccession
from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.encrypted_database import open_for_writing
from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.key_ring import (
    RECOVERY_RECIPIENT,
    KeyRing,
    make_follower_key_ring,
    make_key_ring,
    recover_key_ring,
)
from wardkeep.adapters.operations_store import open_access, open_operations, read_operations
from wardkeep.adapters.rewrapping import wrapped_files
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.adapters.witness import Witness
from wardkeep.app.chart_process import (
    CARRIED_GONE,
    NOT_CARRIED,
    ChartAlarms,
    details,
    open_chronicler,
)
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.app.ledger_verdict import verify
from wardkeep.app.retention_round import STOPPED, RetentionRound, carried
from wardkeep.app.retention_status import hold, release, status_of
from wardkeep.app.settings import load_site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.kernel.times import DAY, MINUTE
from wardkeep.ledger.encoding import LookEntry, OperationsEvent
from wardkeep.ledger.errors import HoldError

_SETTINGS = 'name = "H"\n[retention]\nclinical_days = 20\naccess_months = 2\n'
LATER = SATURDAY + 22 * DAY
NUMBERS = ("4711", "4712", "4713", "4714")


class KilledError(BaseException):
    """What stands for a kill within this process: nothing may catch it."""


class Site:
    """A folder with four days of messages, a patient a day, and three months of looks."""

    def __init__(self, path: Path) -> None:
        self.folder: HospitalFolder = lay_out(path, _SETTINGS)
        self.ring, self.words = make_key_ring(self.folder.keys)
        clinical = ClinicalStore(self.folder.clinical, self.ring)
        operations = open_operations(self.folder.operations, self.ring)
        access = open_access(self.folder.access, self.ring)
        witness = Witness(clinical, operations, access)
        for day, number in enumerate(NUMBERS):
            at = SATURDAY + day * DAY
            body = admission(day, number, at=f"202205{14 + day}033000")
            clinical.append([message(day, at, body=body)])
            access.append([LookEntry(SATURDAY - (3 - day) * 31 * DAY, "an", number, "p", "")])
            witness.witness(at)
        clinical.close(SATURDAY + 3 * DAY)
        operations.close()
        access.close()

    def decide(self, events: Sequence[OperationsEvent]) -> int:
        heads = given_out(self.folder.ledgers, self.ring)
        store = open_operations(
            self.folder.operations, self.ring, given_out=heads.get("operations")
        )
        try:
            return store.append(events)
        finally:
            store.close()

    def chart(self) -> None:
        """Let the charts' process do all that it finds to do."""
        chronicler = open_chronicler(self.folder, load_site(self.folder))
        for _ in range(20):
            chronicler.step()
        chronicler.close()

    def alarms(self) -> dict[str, str]:
        """Ask the charts' process which alarms it would raise, and with which words."""
        chronicler = open_chronicler(self.folder, load_site(self.folder))
        found = {code: words for code, words in details(chronicler).items() if words}
        chronicler.close()
        return found

    def round(self, killed_at: int = 0) -> RetentionRound:
        seen = 0
        self.stopped = ""

        def step(_name: str) -> None:
            nonlocal seen
            seen += 1
            if seen == killed_at:
                raise KilledError

        def tell(why: str, at: int) -> None:
            assert at
            self.stopped = why

        kept = load_site(self.folder).retention
        return RetentionRound(self.folder, self.ring, kept, self, step, tell)

    def events(self) -> list[tuple[int, OperationsEvent]]:
        ledger = read_operations(self.folder.operations, self.ring)
        found = ledger.after(0)
        ledger.close()
        return found

    def days(self) -> list[str]:
        return sorted(path.stem for path in self.folder.clinical.glob("*.db"))

    def wards_lack(self) -> bool:
        """Tell whether the ward's page and paper say that patients may be missing."""
        charts = StoredCharts(
            self.folder.chart_database, self.folder.clinical, self.ring, load_site(self.folder)
        )
        [found] = charts.wards()
        charts.close()
        return found.lacks

    def patients(self) -> list[str]:
        charts = StoredCharts(
            self.folder.chart_database, self.folder.clinical, self.ring, load_site(self.folder)
        )
        found = [number for number in NUMBERS if charts.patient(number)]
        charts.close()
        return found


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path / "site")
    made.chart()
    return made


def until_nothing_is_due(site: Site, *, now: int = LATER) -> None:
    for _ in range(4):
        site.round().go(now)
        site.chart()


def test_days_that_are_due_go_with_their_keys_and_whoever_is_in_the_house_stays(
    site: Site,
) -> None:
    until_nothing_is_due(site)
    assert site.days() == ["2022-05-16", "2022-05-17"]
    left = {path.name.split(".")[0] for path in site.folder.clinical.iterdir()}
    assert left == {"2022-05-16", "2022-05-17"}
    assert site.patients() == list(NUMBERS)
    for path in site.folder.chart.glob("chart.*"):
        path.unlink()
    site.chart()
    assert site.patients() == list(NUMBERS)
    assert verify(site.folder.path, lambda *_: None).ok
    months = {path.stem for path in site.folder.access.glob("*.db")}
    assert months == {"2022-04", "2022-05"}


def test_whole_charts_whose_carried_ones_are_gone_are_not_said_to_lack_anything(
    site: Site,
) -> None:
    assert site.alarms() == {}
    until_nothing_is_due(site)
    assert site.alarms() == {}
    carried_charts = site.folder.chart / "carried.db"
    kept = carried_charts.read_bytes()
    carried_charts.write_bytes(b"damaged" * 1000)
    assert list(site.alarms()) == [CARRIED_GONE]
    carried_charts.unlink()
    assert "the charts are whole: bring it back" in site.alarms()[CARRIED_GONE]
    assert not site.wards_lack()
    carried_charts.write_bytes(kept)
    assert site.alarms() == {}


def test_what_the_alarms_of_the_charts_say_is_looked_at_again_when_carrying_stops(
    site: Site,
) -> None:
    until_nothing_is_due(site)
    chronicler = open_chronicler(site.folder, load_site(site.folder))
    alarms = ChartAlarms(site.folder, chronicler)
    alarms.tell()
    assert not any(alarms.details.values())
    (site.folder.chart / "carried.db").unlink()
    chronicler.stopped = "carried.db is gone or too old: days are erased"
    alarms.tell()
    assert {code for code, words in alarms.details.items() if words} == {CARRIED_GONE, STOPPED}
    chronicler.close()


def test_a_ledger_that_cannot_be_read_stops_no_alarm_of_the_charts(site: Site) -> None:
    until_nothing_is_due(site)
    chronicler = open_chronicler(site.folder, load_site(site.folder))
    for path in site.folder.clinical.glob("*.db"):
        path.write_bytes(b"damaged" * 1000)
    alarms = ChartAlarms(site.folder, chronicler)
    chronicler.stopped = "a day cannot be read"
    alarms.tell()
    stands = {code: words for code, words in alarms.details.items() if words}
    assert stands == {STOPPED: "a day cannot be read"}
    assert NOT_CARRIED in alarms.details
    chronicler.close()


def test_killed_after_every_step_nothing_looks_stolen_and_it_goes_on(site: Site) -> None:
    for step in range(1, 8):
        try:
            site.round(step).go(LATER)
        except KilledError:
            assert verify(site.folder.path, lambda *_: None).ok, step
        site.chart()
        assert verify(site.folder.path, lambda *_: None).ok, step
        assert site.patients() == list(NUMBERS)
    until_nothing_is_due(site)
    assert site.days() == ["2022-05-16", "2022-05-17"]
    assert verify(site.folder.path, lambda *_: None).ok


def test_files_half_erased_at_a_power_cut_go_at_the_next_start(site: Site) -> None:
    until_nothing_is_due(site)
    for suffix in (".key", ".db-wal", ".cipher"):
        (site.folder.clinical / f"2022-05-15{suffix}").write_bytes(b"left")
    site.round()
    assert not list(site.folder.clinical.glob("2022-05-15*"))


def test_a_folder_that_does_not_let_go_of_erased_files_does_not_stop_the_writer(
    site: Site,
) -> None:
    until_nothing_is_due(site)
    left = site.folder.clinical / "2022-05-15.key"
    left.mkdir()
    rounds = site.round()
    left.rmdir()
    left.write_bytes(b"left")
    rounds.go(LATER)
    assert not left.exists()


def test_no_day_goes_before_the_charts_carry_what_it_said(site: Site) -> None:
    for _ in range(3):
        site.round().go(LATER)
    assert len(site.days()) == 4
    assert carried(site.folder, site.ring) == 0
    site.chart()
    assert carried(site.folder, site.ring) == 1


def test_under_a_hold_nothing_is_erased_not_even_what_was_ordered(site: Site) -> None:
    site.round().go(LATER)
    site.chart()
    hold(site.folder, "ransom note on ward A2", LATER, "os:an")
    with pytest.raises(HoldError):
        hold(site.folder, "again", LATER, "os:an")
    months = len(list(site.folder.access.glob("*.db")))
    until_nothing_is_due(site)
    assert len(site.days()) == 4
    assert len(list(site.folder.access.glob("*.db"))) == months
    status = status_of(site.folder, LATER)
    assert status.held_why == "ransom note on ward A2"
    assert status.ledgers[0].due == ["2022-05-14", "2022-05-15"]
    release(site.folder, "over", LATER, "os:an")
    until_nothing_is_due(site)
    assert site.days() == ["2022-05-16", "2022-05-17"]
    told = msgspec.to_builtins(status_of(site.folder, LATER))
    assert told["held_why"] == ""
    assert told["ledgers"][0]["erased_through"] == 2


def test_a_day_stolen_without_a_record_is_still_a_theft(site: Site) -> None:
    until_nothing_is_due(site)
    for path in site.folder.clinical.glob("2022-05-16*"):
        path.unlink()
    assert not verify(site.folder.path, lambda *_: None).ok


def test_what_stops_the_erasing_is_told_until_it_goes_on(site: Site) -> None:
    rounds = site.round()
    oldest = site.folder.clinical / "2022-05-14.key"
    kept = oldest.read_bytes()
    oldest.write_bytes(b"damaged")
    rounds.look(LATER)
    assert "2022-05-14 of clinical cannot be read" in site.stopped
    oldest.write_bytes(kept)
    signing = site.folder.operations / "operations.key"
    held = signing.read_bytes()
    signing.write_bytes(b"damaged")
    with pytest.raises(WardkeepError):
        rounds.look(LATER + MINUTE)
    assert site.stopped
    signing.write_bytes(held)
    rounds.look(LATER + 2 * MINUTE)
    assert site.stopped == ""


def test_charts_that_cannot_be_carried_say_so_and_nobody_is_let_go_of(site: Site) -> None:
    until_nothing_is_due(site)
    carried_charts = site.folder.chart / "carried.db"
    for lost in (lambda: carried_charts.write_bytes(b"damaged" * 1000), carried_charts.unlink):
        lost()
        site.round().go(LATER + 10 * DAY)
        chronicler = open_chronicler(site.folder, load_site(site.folder))
        assert chronicler.stopped == ""
        chronicler.step()
        assert "carried.db" in chronicler.stopped
        chronicler.close()
        site.round().go(LATER + 10 * DAY)
        assert site.days() == ["2022-05-16", "2022-05-17"]
        assert site.patients() == list(NUMBERS)


def damage_charts(site: Site) -> None:
    for path in site.folder.chart.glob("chart.*"):
        path.unlink()


def test_charts_begun_without_what_was_carried_lack_it_until_it_is_brought_back(
    site: Site,
) -> None:
    until_nothing_is_due(site)
    aside = site.folder.path / "aside"
    aside.mkdir()
    for path in site.folder.chart.glob("carried.*"):
        path.rename(aside / path.name)
    damage_charts(site)
    site.chart()
    assert site.patients() == ["4713", "4714"]
    assert site.wards_lack()
    assert site.alarms() == {NOT_CARRIED: "the charts lack entries to 2"}
    for path in aside.iterdir():
        path.rename(site.folder.chart / path.name)
    site.chart()
    assert site.patients() == list(NUMBERS)
    assert not site.wards_lack()
    assert site.alarms() == {}


def test_carried_charts_older_than_the_last_erased_day_count_as_lacking_it(site: Site) -> None:
    until_nothing_is_due(site, now=LATER - DAY)
    assert site.days() == ["2022-05-15", "2022-05-16", "2022-05-17"]
    old = {path: path.read_bytes() for path in site.folder.chart.glob("carried.*")}
    until_nothing_is_due(site)
    assert site.days() == ["2022-05-16", "2022-05-17"]
    for path, content in old.items():
        path.write_bytes(content)
    site.round().go(LATER + DAY)
    chronicler = open_chronicler(site.folder, load_site(site.folder))
    chronicler.step()
    assert "too old" in chronicler.stopped
    chronicler.close()
    assert site.patients() == list(NUMBERS)
    damage_charts(site)
    site.chart()
    for _ in range(3):
        site.chart()
        assert site.patients() == ["4711", "4713", "4714"]
        assert site.wards_lack()


def test_a_second_box_opens_what_the_first_carried_with_the_recovery_words(
    site: Site, tmp_path: Path
) -> None:
    until_nothing_is_due(site)
    box = lay_out(tmp_path / "box", _SETTINGS)
    recovery = (site.folder.keys / RECOVERY_RECIPIENT).read_text()
    signing = Ed25519PrivateKey.generate().private_bytes_raw()
    ring = make_follower_key_ring(box.keys, recovery, signing)
    for path in [*site.folder.clinical.iterdir(), *site.folder.chart.glob("carried.*")]:
        shutil.copy(path, box.path / path.parent.name)
    charts = ChartSuccession(box.chart_database, ring, load_site(box))
    assert not charts.has_carried
    charts.close()
    ring = recover_key_ring(box.keys, site.words, wrapped_files(box.path)).ring
    chronicler = open_chronicler(box, load_site(box))
    while chronicler.step():
        pass
    assert not chronicler.lacks_erased()
    assert not chronicler.only_these_know()
    chronicler.close()
    screen = StoredCharts(box.chart_database, box.clinical, ring, load_site(box))
    assert [number for number in NUMBERS if screen.patient(number)] == list(NUMBERS)
    screen.close()


def test_what_charts_lack_they_do_not_keep_days_for_and_it_is_not_forgotten(
    site: Site,
) -> None:
    until_nothing_is_due(site)
    for path in site.folder.chart.glob("*"):
        path.unlink()
    site.chart()
    until_nothing_is_due(site, now=LATER + DAY)
    assert site.days() == ["2022-05-17"]
    assert site.wards_lack()
    damage_charts(site)
    site.chart()
    assert site.patients() == ["4713", "4714"]
    assert site.wards_lack()


def make_first_entry_unreadable(site: Site) -> None:
    path = site.folder.clinical / "2022-05-14.db"
    store = open_for_writing(path, site.ring.open_key(path.with_suffix(".key")))
    store.execute("update entry set payload = x'00' where sequence = 1")
    store.close()


def lose_first_days_key(site: Site) -> None:
    (site.folder.clinical / "2022-05-14.key").write_bytes(b"damaged")


@pytest.mark.parametrize("harm", [make_first_entry_unreadable, lose_first_days_key])
def test_a_first_entry_that_cannot_be_read_is_no_erased_one(
    site: Site, harm: Callable[[Site], None]
) -> None:
    harm(site)
    damage_charts(site)
    site.chart()
    assert site.patients() == ["4712", "4713", "4714"]
    assert not site.wards_lack()
    assert site.alarms() == {}


def test_days_that_begin_with_an_unreadable_entry_are_carried_and_nothing_is_said_to_lack(
    site: Site,
) -> None:
    make_first_entry_unreadable(site)
    damage_charts(site)
    site.chart()
    until_nothing_is_due(site)
    assert site.days() == ["2022-05-16", "2022-05-17"]
    damage_charts(site)
    site.chart()
    assert site.patients() == ["4712", "4713", "4714"]
    assert not site.wards_lack()
    assert site.alarms() == {}


def test_a_round_looks_once_a_minute_and_finds_nothing_to_do_today(site: Site) -> None:
    rounds = site.round()
    rounds.look(SATURDAY + 3 * DAY)
    rounds.look(SATURDAY + 3 * DAY + 1)
    assert len(site.days()) == 4
    assert isinstance(site.ring, KeyRing)
