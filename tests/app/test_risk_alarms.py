"""A review that nobody holds stands as an alarm."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.app.alarms import AlarmBook
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.app.founding import found
from wardkeep.app.governance import write
from wardkeep.app.risk_alarms import CODE, RiskAlarms
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.app.site_keys import open_keys
from wardkeep.foresight.events import RiskAcceptanceWithdrawn, RiskAccepted
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import DAY, HOUR

NOW = 1_795_000_000_000_000
"""18 November 2026."""
SITE = Site(name="H")


@pytest.fixture
def made(tmp_path: Path) -> tuple[HospitalFolder, KeyRing]:
    path = tmp_path / "hospital"
    found(path, default_settings_toml("Site", 2575, 8443), "aegis", SATURDAY)
    folder = open_folder(path)
    return folder, open_keys(folder)


def accepted(review: str) -> RiskAccepted:
    return RiskAccepted(
        at=NOW,
        by="os:an",
        check="no-backup",
        item="server:a",
        reason="gone soon",
        accepted_by="B. Wolff",
        review=review,
    )


def test_it_stands_from_the_day_after_the_review_until_somebody_looks_again(
    made: tuple[HospitalFolder, KeyRing],
) -> None:
    folder, ring = made
    book = AlarmBook(folder)
    alarms = RiskAlarms(folder, ring, SITE, book)
    write(folder, ring, [accepted("2026-11-20")])
    alarms.look(NOW + 2 * DAY)
    assert book.standing() == []
    alarms.look(NOW + 3 * DAY)
    standing = book.standing()
    assert [(each.code, each.subject) for each in standing] == [(CODE, "no-backup of server:a")]
    assert standing[0].detail == "accepted by B. Wolff until 2026-11-20"
    write(folder, ring, [accepted("2027-05-31")])
    alarms.look(NOW + 3 * DAY + HOUR // 2)
    assert book.standing() == standing
    alarms.look(NOW + 3 * DAY + HOUR)
    assert book.standing() == []


def test_a_ledger_that_cannot_be_read_ends_no_alarm(
    made: tuple[HospitalFolder, KeyRing],
) -> None:
    folder, ring = made
    book = AlarmBook(folder)
    alarms = RiskAlarms(folder, ring, SITE, book)
    write(folder, ring, [accepted("2026-11-20")])
    alarms.look(NOW + 3 * DAY)
    gone = RiskAcceptanceWithdrawn(
        at=NOW,
        by="os:an",
        check="no-backup",
        item="server:a",
        reason="mended",
        withdrawn_by="B. Wolff",
    )
    write(folder, ring, [gone])
    file = max(folder.operations.glob("*.db"))
    whole = file.read_bytes()
    file.write_bytes(whole[:100])
    alarms.look(NOW + 4 * DAY)
    assert len(book.standing()) == 1
    file.write_bytes(whole)
    alarms.look(NOW + 5 * DAY)
    assert book.standing() == []
