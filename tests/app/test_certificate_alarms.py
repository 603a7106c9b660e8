from __future__ import annotations

from pathlib import Path

import pytest

from wardkeep.adapters import authority
from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.app import own_authority as own
from wardkeep.app.alarms import AlarmBook
from wardkeep.app.certificate_alarms import CODE, CertificateAlarms, ending
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.hospital.site import Feed, Site
from wardkeep.kernel.times import DAY, HOUR

NOW = 1_700_000_000_000_000
NAME = "crisis.hospital.internal"
SITE = Site(name="H", feeds=(Feed(name="ADT_main"),))
LAST = NOW + authority.DAYS * DAY


@pytest.fixture
def made(tmp_path: Path) -> tuple[HospitalFolder, KeyRing]:
    folder = lay_out(tmp_path / "hospital", "")
    ring, _ = make_key_ring(folder.keys)
    own.make(folder, ring, "Saint Elisabeth", NAME, (), NOW)
    own.issue_to_feed(folder, ring, "ADT_main", tmp_path / "adt.pem", NOW)
    return folder, ring


def subjects(folder: HospitalFolder, site: Site, at: int) -> list[str]:
    return [name.subject for name in ending(folder, site, at)]


def test_a_certificate_is_told_thirty_days_before_it_ends_and_after(
    made: tuple[HospitalFolder, KeyRing],
) -> None:
    folder, ring = made
    both = ["ca/feed-adt-main.crt", "keys/tls.crt"]
    assert subjects(folder, SITE, LAST - 40 * DAY) == []
    assert subjects(folder, SITE, LAST - 29 * DAY) == both
    assert subjects(folder, SITE, LAST + 29 * DAY) == both
    assert "it ends 20" in next(iter(ending(folder, SITE, LAST).values()))
    # A feed that was taken out of the settings sends no more.
    assert subjects(folder, Site(name="H"), LAST) == ["keys/tls.crt"]
    own.renew(folder, ring, LAST)
    assert subjects(folder, Site(name="H"), LAST) == []
    assert "ca/root.crt" in subjects(folder, SITE, NOW + authority.ROOT_DAYS * DAY)


def test_of_many_authorities_in_one_file_the_last_to_end_counts(
    made: tuple[HospitalFolder, KeyRing], tmp_path: Path
) -> None:
    folder, _ = made
    key = authority.new_key()
    roots = [
        authority.make_root("H", NAME, (), key, NOW - years * 366 * DAY) for years in (0, 10)
    ]
    path = tmp_path / "authorities.pem"
    path.write_bytes(b"".join(authority.pem(root) for root in roots))
    site = Site(name="H", feeds=(Feed(name="lab", tls_client_ca=str(path)),))
    assert subjects(folder, site, NOW + 40 * DAY) == []
    path.write_bytes(authority.pem(roots[1]))
    assert subjects(folder, site, NOW + 40 * DAY) == [str(path)]
    path.write_bytes(b"no certificate")
    assert subjects(folder, site, NOW + 40 * DAY) == []


def test_the_files_are_looked_at_once_an_hour_also_when_the_clock_is_put_back(
    made: tuple[HospitalFolder, KeyRing],
) -> None:
    folder, ring = made
    book = AlarmBook(folder)
    alarms = CertificateAlarms(folder, Site(name="H"), book)
    alarms.look(LAST)
    assert [(a.code, a.subject) for a in book.standing()] == [(CODE, "keys/tls.crt")]
    own.renew(folder, ring, LAST)
    alarms.look(LAST + HOUR - 1)
    assert book.standing()
    alarms.look(LAST + HOUR)
    assert not book.standing()
    (folder.path / own.SERVER_CERTIFICATE).write_bytes(
        (folder.ca / "feed-adt-main.crt").read_bytes()
    )
    alarms.look(LAST - 2 * HOUR)
    assert book.standing()
