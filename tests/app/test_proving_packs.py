from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.adapters.delivered import LIST, WARDS, Delivered

from wardkeep.adapters import delivered_packs
from wardkeep.adapters.clock import now as clock_now
from wardkeep.adapters.pack_keys import of_ward
from wardkeep.app.delivering import keep_standing
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import printing_ledger, recorder
from wardkeep.app.print_process import of_targets
from wardkeep.app.proving_packs import Prover, is_due
from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import WardSummary
from wardkeep.hospital.deliveries import Delivery
from wardkeep.hospital.printing import Proof
from wardkeep.hospital.site import Rules, Site
from wardkeep.kernel.wall_clock import micros
from wardkeep.pack.delivery import Got, Standing
from wardkeep.pack.events import ALTERED, DeliveriesChecked, ProofMade
from wardkeep.pack.manifest import pdf_name

SITE = Site(name="H", proof=Proof(at="03:30"), rules=Rules(timezone="UTC"))


def at(text: str) -> int:
    return micros(datetime.fromisoformat(text).replace(tzinfo=UTC))


def proof(text: str) -> ProofMade:
    return ProofMade(
        ward="4B",
        generation=1,
        pack_at=1,
        at=at(text),
        by="wardkeep",
        checks=1,
        right=1,
        medication=1,
        medication_right=1,
    )


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, "2026-03-07 12:00", True),
        ("2026-03-07 03:30", "2026-03-07 03:31", False),
        ("2026-03-07 03:31", "2026-03-08 03:29", False),
        ("2026-03-07 03:31", "2026-03-08 03:30", True),
        ("2026-03-07 12:00", "2026-03-08 03:30", True),
        ("2026-03-08 01:00", "2026-03-08 03:30", True),
        ("2026-03-05 03:31", "2026-03-08 02:00", False),
        ("2026-03-05 03:31", "2026-03-08 04:00", True),
    ],
)
def test_one_ward_a_night_is_proved_after_the_hour_that_the_site_set(
    last: str | None, now: str, due: bool
) -> None:
    made = proof(last) if last else None
    assert is_due(SITE, made, at(now)) is due


def test_a_site_that_wants_no_proof_gets_none() -> None:
    off = Site(name="H", proof=Proof(at=""))
    assert not is_due(off, None, at("2026-03-07 12:00"))


class NoCharts:
    """Nobody lies in this hospital: a look at targets needs no chart."""

    def wards(self) -> list[WardSummary]:
        return []

    def ward(self, code: str) -> list[PatientChart]:
        assert code
        return []


class Share:
    """A hospital that brought its packs to a share, and looks at what lies there."""

    def __init__(self, path: Path) -> None:
        self.delivered = Delivered(path, clock_now())
        self.folder, ring = HospitalFolder(path), self.delivered.ring
        self.folder.run.mkdir()
        self.folder.operations.mkdir()
        self.folder.settings.write_text('name = "H"\n')
        (path / "share").mkdir()
        self.there = self.delivered.new.rename(path / "share" / "wardkeep-H1")
        got = {ward: Got(2, "", 0, 0) for ward in WARDS}
        keep_standing(self.folder, "share", Standing(counter=2, wards=got))
        target = Delivery(name="share", path=str(path / "share"))
        self.site = Site(name="H", code="H1", deliveries=(target,))
        self.prover = Prover(self.folder, self.site, ring, NoCharts())

    def look(self) -> DeliveriesChecked:
        """Look, and return what is known then to a process that starts anew."""
        ledger = printing_ledger(self.folder, self.delivered.ring)
        self.prover.look(ledger)
        ledger.close()
        again = printing_ledger(self.folder, self.delivered.ring)
        known = again.targets()["share"]
        again.close()
        return known

    def alarms(self, known: DeliveriesChecked) -> set[tuple[str, str]]:
        """Return the alarms of what is known, by code and subject."""
        found = of_targets(self.site, {"share": known})
        return {(name.code, name.subject) for name in found}


ALARM = {("delivered-wrong", "share")}


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Share:
    # What seems wrong is read again after a pause of seconds, in case it is being delivered.
    monkeypatch.setattr(delivered_packs, "_PAUSE_SECONDS", 0.0)
    return Share(tmp_path / "site")


def test_a_share_that_was_altered_and_then_unplugged_keeps_its_alarm(share: Share) -> None:
    assert share.alarms(share.look()) == set()
    pdf = share.there / pdf_name("4B", 2)
    kept = pdf.read_bytes()
    pdf.write_bytes(kept[:-1] + b"!")
    assert share.look().wrong == {"4B": ALTERED}
    unplugged = share.there.parent.rename(share.folder.path / "elsewhere")
    gone = share.look()
    assert gone.unread
    assert gone.wrong == {"4B": ALTERED}
    assert share.alarms(gone) == ALARM
    back = unplugged.rename(share.there.parent)
    (back / share.there.name / pdf_name("4B", 2)).write_bytes(kept)
    assert share.alarms(share.look()) == set()


def test_a_pack_that_its_envelope_does_not_open_keeps_its_alarm_until_it_does(
    share: Share,
) -> None:
    key = share.folder.pack_keys / f"{of_ward('4B')}.key"
    right = key.rename(share.folder.path / "the right key")
    closed = DeliveriesChecked(
        target="share", at=1, by="wardkeep", wards=3, wrong={"4B": ALTERED}
    )
    recorder(share.folder, share.delivered.ring)([closed])
    assert share.look().wrong == {"4B": ALTERED}
    assert share.alarms(share.look()) == ALARM
    right.rename(key)
    assert share.look().wrong == {}


def test_a_list_is_opened_with_its_own_key_and_no_ward_gets_one_for_it(share: Share) -> None:
    got = {**{ward: Got(2, "", 0, 0) for ward in WARDS}, LIST: Got(2, "", 0, 0)}
    keep_standing(share.folder, "share", Standing(counter=2, wards=got))
    wrong = DeliveriesChecked(
        target="share", at=1, by="wardkeep", wards=4, wrong={LIST: ALTERED}
    )
    recorder(share.folder, share.delivered.ring)([wrong])
    assert share.look().wrong == {}
    assert not (share.folder.pack_keys / f"{of_ward(LIST)}.key").exists()
