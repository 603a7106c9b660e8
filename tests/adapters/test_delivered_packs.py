"""What lies at a target is told as it is: sound, missing, put back or altered."""

from __future__ import annotations

import random
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.adapters import alterations
from tests.adapters.delivered import PDF, WARDS, Delivered

from wardkeep.adapters.clock import now
from wardkeep.adapters.delivered_packs import (
    DeliveredPacks,
    Looked,
    limits_of,
    look,
    state_of,
)
from wardkeep.adapters.delivery_targets import FolderTarget, Parcel
from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.outbox import PUBLIC_KEY
from wardkeep.adapters.pack_keys import PackKeys
from wardkeep.adapters.public_pack_keys import keep
from wardkeep.pack.delivery import Got, Standing
from wardkeep.pack.events import ALTERED, COMPARED, MISSING, OLDER, OPENED
from wardkeep.pack.manifest import MANIFEST, SIGNATURE, html_name, pdf_name

GOT = {ward: Got(2, "", 0, 0) for ward in WARDS}
STANDING = Standing(counter=2, wards=GOT)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    return Delivered(tmp_path_factory.mktemp("at-targets") / "site", now())


@pytest.fixture
def share(delivered: Delivered, tmp_path: Path) -> Path:
    return shutil.copytree(delivered.new, tmp_path / "wardkeep-H1")


def looked(delivered: Delivered, share: Path) -> Looked:
    signer = fingerprint(delivered.ring.verifying_key())
    target = FolderTarget(share.parent, share.name)
    scratch = share.parent / "scratch"
    return look("share", target, lambda: STANDING, signer, scratch, lambda _: None)


def packs(delivered: Delivered, share: Path, keys: PackKeys | None = None) -> DeliveredPacks:
    found = looked(delivered, share)
    return DeliveredPacks(delivered.shelf, keys or delivered.keys, [found])


def test_what_lies_there_as_it_was_delivered_is_sound_and_opened_with_its_ward_s_key(
    delivered: Delivered, share: Path
) -> None:
    assert looked(delivered, share).sound == dict.fromkeys(WARDS, 2)
    found = packs(delivered, share)
    newest = found.newest("ICU/2")
    assert newest is not None
    assert newest[1] == PDF + b"ICU/2 2"
    assert (found.place, found.means) == ("share", OPENED)


def test_a_box_without_the_secret_says_that_it_compared_and_did_not_open(
    delivered: Delivered, share: Path, tmp_path: Path
) -> None:
    keep(tmp_path / "keys", delivered.keys.public().items(), delivered.ring.signing_key())
    found = packs(delivered, share, PackKeys(tmp_path / "keys", delivered.ring))
    assert found.newest("4B") is not None
    assert (found.place, found.means) == ("share", COMPARED)


def test_each_fault_is_told_by_its_name_and_the_shelf_s_pack_is_given(
    delivered: Delivered, share: Path
) -> None:
    (share / pdf_name("4B", 2)).unlink()
    altered = share / pdf_name("5A", 2)
    altered.write_bytes(altered.read_bytes() + b"\n")
    shutil.copy2(delivered.old / html_name("ICU/2"), share)
    told = looked(delivered, share)
    assert told.wrong == {"4B": MISSING, "5A": ALTERED, "ICU/2": OLDER}
    found = packs(delivered, share)
    assert found.newest("4B") is not None
    assert (found.place, found.means) == ("", "")


def test_a_target_that_was_put_back_whole_or_emptied_is_told(
    delivered: Delivered, share: Path, tmp_path: Path
) -> None:
    old = shutil.copytree(delivered.old, tmp_path / "old")
    assert looked(delivered, old).wrong == dict.fromkeys(WARDS, OLDER)
    shutil.rmtree(share)
    share.mkdir()
    assert looked(delivered, share).wrong == dict.fromkeys(WARDS, MISSING)


def test_another_site_s_packs_are_altered_ones(delivered: Delivered, tmp_path: Path) -> None:
    other = Delivered(tmp_path / "other", now())
    assert looked(delivered, other.new).wrong == dict.fromkeys(WARDS, ALTERED)


def test_a_later_pack_that_is_just_being_delivered_is_no_fault(
    delivered: Delivered, share: Path
) -> None:
    signer = fingerprint(delivered.ring.verifying_key())
    assert state_of(share, "4B", Got(1, "", 0, 0), signer) is None


def test_a_target_that_cannot_be_read_is_said_not_guessed(
    delivered: Delivered, tmp_path: Path
) -> None:
    told = looked(delivered, tmp_path / "nowhere" / "wardkeep-H1")
    assert told.unread
    assert told.wrong == {}


class Swollen:
    """A server whose copy of one PDF is larger than it may be; `seen` what lay in scratch."""

    def __init__(self, share: Path) -> None:
        self.share = share
        self.seen: list[list[str]] = []

    def put(self, parcel: Parcel) -> None:
        raise AssertionError(parcel)

    def fetch(self, limits: Mapping[str, int], into: Path) -> Path:
        self.seen.append(sorted(path.name for path in into.parent.glob("*")))
        into.mkdir(parents=True)
        for name in limits:
            shutil.copy2(self.share / name, into)
        (into / pdf_name("4B", 2)).write_bytes(b"")
        return into


def test_a_file_too_large_to_be_fetched_is_an_altered_one_and_no_try_leaves_files(
    delivered: Delivered, share: Path, tmp_path: Path
) -> None:
    signer, swollen = fingerprint(delivered.ring.verifying_key()), Swollen(share)
    told = look("s", swollen, lambda: STANDING, signer, tmp_path / "tries", lambda _: None)
    assert told.wrong == {"4B": ALTERED}
    assert swollen.seen == [[], [], []]


def test_what_may_be_fetched_is_measured_by_what_was_delivered() -> None:
    got = Got(2, "", 0, 0, 30_000_000, 90_000_000)
    limits = limits_of(Standing(wards={"4B": got, "5A": Got(1, "", 0, 0)}))
    assert 40_000_000 < limits[html_name("4B")] < 90_000_000
    assert 90_000_000 < limits[pdf_name("4B", 2)] < 190_000_000
    assert limits[pdf_name("5A", 1)] == limits[html_name("5A")] == 16 * 1024 * 1024
    assert max(limits[PUBLIC_KEY], limits[SIGNATURE], limits[MANIFEST]) <= 4 * 1024 * 1024


def test_every_alteration_of_a_share_is_found_or_changes_no_pack(
    delivered: Delivered, tmp_path: Path
) -> None:
    of_all = {MANIFEST, SIGNATURE, PUBLIC_KEY}
    found = 0
    for number in range(40):
        share = shutil.copytree(delivered.new, tmp_path / str(number) / "wardkeep-H1")
        before = {path.name: path.read_bytes() for path in share.iterdir()}
        alterations.of_share(random.Random(number), share, delivered.old)
        after = {path.name: path.read_bytes() for path in share.iterdir()}
        told = looked(delivered, share)
        for ward in told.sound:
            for name in (html_name(ward), pdf_name(ward, 2)):
                assert after.get(name) == before[name], (number, ward)
        found += bool(told.wrong)
        changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        untouched = {w for w in WARDS if not changed & {html_name(w), pdf_name(w, 2)}}
        if not changed & of_all:
            assert told.sound.keys() == untouched, number
            assert told.wrong.keys() == WARDS.keys() - untouched, number
    assert found >= 15
