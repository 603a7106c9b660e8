from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wardkeep.app.proving_packs import is_due
from wardkeep.hospital.printing import Proof
from wardkeep.hospital.site import Rules, Site
from wardkeep.kernel.wall_clock import micros
from wardkeep.pack.events import ProofMade

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
