from __future__ import annotations

import msgspec
import pytest

from wardkeep.hospital.deliveries import Delivery
from wardkeep.hospital.printing import Printer
from wardkeep.hospital.site import Site, Ward
from wardkeep.kernel.times import DAY, HOUR, MINUTE
from wardkeep.pack.events import (
    DeliveriesChecked,
    PackBuilt,
    PackPrinted,
    PrintAccepted,
    PrintBegun,
    PrintOrdered,
    ProofMade,
)
from wardkeep.pack.prints import Prints, fold
from wardkeep.pack.readiness import believed, is_proof_old, readiness

NOW = 2_000 * DAY
ROOM = Printer(name="room", uri="cups:room", room=True, pages_a_minute=20)
SITE = Site(name="H", printers=(ROOM,), wards=(Ward(code="4B"),))
WARDS = ("4A", "4B")
SHARE = Delivery(name="share", path="/mnt/share")
TARGETS = Site(name="H", deliveries=(SHARE, Delivery(name="stick", path="/mnt/stick")))


def built(ward: str, pages: int = 60, at: int = NOW - 5 * MINUTE) -> PackBuilt:
    return PackBuilt(
        ward=ward,
        generation=1,
        revision=1,
        language="en",
        at=at,
        as_of=at,
        pages=pages,
        patients=20,
        digest="d",
    )


def proof(at: int = NOW - HOUR, right: int = 409) -> ProofMade:
    return ProofMade(
        ward="4B",
        generation=1,
        pack_at=at,
        at=at,
        by="wardkeep",
        checks=900,
        right=900,
        medication=412,
        medication_right=right,
    )


PACKS = {"4A": built("4A"), "4B": built("4B")}


def job(pages: int, minutes: int) -> Prints:
    return fold(
        [
            PrintOrdered(order="A", ward="4A", printer="room", at=0, by="m"),
            PrintBegun(order="A", at=0, generation=1, digest="d", pages=pages),
            PrintAccepted(order="A", at=0, job=1),
            PackPrinted(order="A", at=minutes * MINUTE, sheets=pages),
        ]
    )


def test_every_figure_is_measured() -> None:
    found = readiness(WARDS, PACKS, SITE, job(60, 2), {"4B": proof()}, NOW)
    assert (found.on_paper, found.wards) == (2, 2)
    # Two covers and two slips too.
    assert found.minutes == pytest.approx((2 * 60 + 2 * 2) / 30)
    assert (found.percent, found.medication) == (99.2, 412)
    assert found.proved == NOW - HOUR


def test_what_was_never_measured_is_not_told() -> None:
    found = readiness(WARDS, PACKS, SITE, {}, {}, NOW)
    assert found.minutes is None
    assert found.percent is None
    assert found.on_paper == 2


def test_a_share_is_never_rounded_up_to_all() -> None:
    found = readiness(WARDS, PACKS, SITE, {}, {"4B": proof(right=411)}, NOW)
    assert found.percent == 99.7
    whole = readiness(WARDS, PACKS, SITE, {}, {"4B": proof(right=412)}, NOW)
    assert whole.percent == 100.0


def test_a_ward_whose_delivered_file_was_found_wrong_is_not_on_paper() -> None:
    sound = DeliveriesChecked(target="stick", at=NOW, by="wardkeep", wards=2)
    wrong = DeliveriesChecked(target="share", at=NOW, by="w", wards=2, wrong={"4A": "altered"})
    packs = believed(PACKS, {"share": wrong, "stick": sound}, TARGETS)
    assert readiness(WARDS, packs, SITE, {}, {}, NOW).on_paper == 1
    unread = DeliveriesChecked(target="share", at=NOW, by="w", wards=0, unread="no answer")
    assert believed(PACKS, {"share": unread}, TARGETS) == PACKS


def test_a_target_that_the_settings_name_no_more_keeps_no_ward_from_paper() -> None:
    wrong = DeliveriesChecked(target="gone", at=NOW, by="w", wards=2, wrong={"4A": "altered"})
    assert believed(PACKS, {"gone": wrong}, TARGETS) == PACKS


def test_the_sentence_knows_which_file_was_proved() -> None:
    made = msgspec.structs.replace(proof(), place="share", means="opened")
    found = readiness(WARDS, PACKS, SITE, {}, {"4B": made}, NOW)
    assert (found.place, found.means) == ("share", "opened")


def test_a_ward_without_a_printer_or_with_an_old_pack_is_not_on_paper() -> None:
    nowhere = msgspec.structs.replace(SITE, printers=())
    assert readiness(WARDS, PACKS, nowhere, {}, {}, NOW).on_paper == 0
    old = {**PACKS, "4A": built("4A", at=NOW - 2 * HOUR)}
    assert readiness(WARDS, old, SITE, {}, {}, NOW).on_paper == 1
    assert readiness(WARDS, {}, SITE, {}, {}, NOW).on_paper == 0


def test_a_proof_of_two_days_ago_says_nothing_of_today() -> None:
    old = readiness(WARDS, PACKS, SITE, {}, {"4B": proof(NOW - 2 * DAY - 1)}, NOW)
    assert old.percent is None
    assert is_proof_old({"4B": proof(NOW - 2 * DAY - 1)}, 0, NOW)
    assert not is_proof_old({"4B": proof()}, 0, NOW)


def test_a_server_that_has_just_begun_has_two_days_for_its_first_proof() -> None:
    assert not is_proof_old({}, NOW - DAY, NOW)
    assert is_proof_old({}, NOW - 3 * DAY, NOW)
