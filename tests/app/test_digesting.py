"""Days go, and what came on them can still be proved; a patient's part of it can be erased."""

from pathlib import Path

import pytest
from tests.app.test_retention_round import LATER, NUMBERS, Site, until_nothing_is_due
from tests.stories.site_server import message as admission
from tests.stories.site_server import wardkeep

from wardkeep.adapters.clock import now
from wardkeep.adapters.digest_store import months_in
from wardkeep.adapters.ledger_folder import by_month
from wardkeep.app.digesting import digests_of, erase_patient, prove
from wardkeep.custody.errors import ErasureReasonError
from wardkeep.kernel.times import DAY

BODIES = [
    admission(day, number, at=f"202205{14 + day}033000") for day, number in enumerate(NUMBERS)
]


def erasing(place: Path) -> Site:
    """Return a site whose days have gone."""
    site = Site(place)
    site.chart()
    until_nothing_is_due(site)
    return site


@pytest.fixture
def erased(tmp_path: Path) -> Site:
    return erasing(tmp_path / "site")


def test_what_came_on_erased_days_is_proved_until_the_patients_key_is_erased(
    erased: Site, tmp_path: Path
) -> None:
    proofs = prove(erased.folder, BODIES)
    assert [proof and proof.sequence for proof in proofs] == [1, 2, None, None]
    with pytest.raises(ErasureReasonError):
        erase_patient(erased.folder, "4711", "4711 asked for it", "os:an")
    for path, body in ((tmp_path / "1", BODIES[0]), (tmp_path / "2", BODIES[1])):
        path.write_bytes(body)
    wardkeep("prove", erased.folder.path, tmp_path / "1", tmp_path / "2")
    said = wardkeep("erase-patient", erased.folder.path, "4711", "--why", "request 12")
    assert "1 digest keys erased" in said
    wardkeep("prove", erased.folder.path, tmp_path / "1", status=4)
    assert '"proved": true' in wardkeep("prove", erased.folder.path, tmp_path / "2", "--json")
    assert b"4711" not in b"".join(
        event.body for _, event in erased.events() if event.part == "custody"
    )


def test_digests_go_after_their_months(tmp_path: Path) -> None:
    begun = now()
    erased = erasing(tmp_path / "site")
    [month] = months_in(digests_of(erased.folder))
    assert month in {by_month(begun), by_month(now())}, "a month may begin meanwhile"
    erased.round().go(now() + 300 * DAY)
    assert months_in(digests_of(erased.folder)) == [month]
    assert LATER
    erased.round().go(now() + 450 * DAY)
    assert months_in(digests_of(erased.folder)) == []
