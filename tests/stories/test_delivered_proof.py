"""The proof opens what lies at a target, and finds what somebody did to it there."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.pack.handmade import allergy, order, patient, streams
from tests.stories.site_server import SiteServer, message, wardkeep
from tests.stories.test_delivered_packs import alarms

from wardkeep.adapters.list_builder import packed, unpacked
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.pack_worker import build_list
from wardkeep.app.delivering import read_standing
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.site_keys import open_keys
from wardkeep.chart.model import Allergies, AllergyState, PatientChart
from wardkeep.pack.delivery import Standing
from wardkeep.pack.whole_house import HouseData, HouseWard

WRONG = 4
LISTS = ("list+pharmacy", "list+kitchen")


class Share:
    """A server that delivers ward A2 to a folder, and that folder."""

    def __init__(self, folder: Path) -> None:
        self.server = SiteServer(folder / "hospital")
        self.there = folder / "share" / "wardkeep-SITE"
        self.there.parent.mkdir()
        with (self.server.folder / "wardkeep.toml").open("a") as settings:
            settings.write(f'\n[[deliveries]]\nname = "share"\npath = "{self.there.parent}"\n')
            settings.write(
                '\n[lists]\nkinds = ["pharmacy", "kitchen"]\nfirst_after_minutes = 0\n'
            )
        self.server.start()
        self.server.send(message(1, record="8001", ward="A2"))
        self.server.await_that((self.there / "manifest.json").exists)
        self.server.await_that(lambda: set(self.delivered()) >= {"A2", *LISTS})

    def delivered(self) -> dict[str, int]:
        """The generation of each pack that the server knows to be there."""
        standing = read_standing(HospitalFolder(self.server.folder)).get("share", Standing())
        return {ward: got.generation for ward, got in standing.wards.items()}

    def deliver_wrong_build(self, code: str, true: PatientChart, built: PatientChart) -> None:
        """Put a list on the shelf that says of a patient what the chart does not say.

        It is signed, sealed and delivered as any other.
        """
        folder = HospitalFolder(self.server.folder)
        shelf = PackShelf(folder.lists, open_keys(folder))
        before, kept = shelf.standing().newest[code], shelf.sound(code)
        assert kept is not None
        data = msgspec.structs.replace(unpacked(kept), now=before.at + 1)
        [ward] = data.wards
        made = build_list(_with(data, ward, built), before.language)
        wrong = msgspec.structs.replace(
            before,
            generation=before.generation + 1,
            at=data.now,
            digest=hashlib.sha256(made.pdf).hexdigest(),
        )
        shelf.put(wrong, made.pdf, made.sheets)
        shelf.keep_sound(code, packed(_with(data, ward, true)), ())
        self.server.await_that(lambda: self.delivered()[code] == wrong.generation)

    def proof(self, status: int = 0) -> dict[str, object]:
        words = ("proof", self.server.folder, "--ward", "A2", "--json")
        told: dict[str, object] = json.loads(wardkeep(*words, status=status))
        return told


def _with(data: HouseData, ward: HouseWard, chart: PatientChart) -> bytes:
    fed = streams(data.now)
    wards = (msgspec.structs.replace(ward, charts=(chart,), streams=fed),)
    return msgspec.msgpack.encode(msgspec.structs.replace(data, wards=wards))


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Share]:
    made = Share(tmp_path_factory.mktemp("proving"))
    yield made
    assert made.server.stop() == 0


def test_the_file_at_the_share_is_opened_with_its_ward_s_key_and_read(share: Share) -> None:
    told = share.proof()
    assert (told["place"], told["means"]) == ("share", "opened")
    assert told["checks_made"] == told["checks_right"]
    assert told["targets"] == {"share": {"wards": 3, "wrong": {}, "unread": ""}}


def test_a_file_that_was_altered_there_is_an_alarm_and_the_shelf_s_is_read_instead(
    share: Share, tmp_path: Path
) -> None:
    [pdf] = share.there.glob("A2-*.pdf.age")
    kept = shutil.copy2(pdf, tmp_path)
    pdf.write_bytes(pdf.read_bytes()[:-1] + b"!")
    told = share.proof(status=WRONG)
    assert told["place"] == told["means"] == "shelf"
    assert told["targets"] == {"share": {"wards": 3, "wrong": {"A2": "altered"}, "unread": ""}}
    share.server.await_that(lambda: "delivered-wrong" in alarms(share.server.folder))
    pdf.unlink()
    assert "A2: MISSING" in wardkeep("proof", share.server.folder, status=WRONG)
    shutil.copy2(kept, pdf)
    assert share.proof()["place"] == "share"
    share.server.await_that(lambda: "delivered-wrong" not in alarms(share.server.folder))


def test_lists_are_read_from_the_share_too_and_counted_by_themselves(share: Share) -> None:
    told = share.proof()
    lists = told["lists"]
    assert isinstance(lists, dict)
    assert set(lists) == set(LISTS)
    for each in lists.values():
        assert (each["compared"], each["place"], each["means"]) == (True, "share", "opened")
        assert each["checks_made"] == each["checks_right"]
    # No system sends this ward's orders: the pharmacy's list has no row.
    assert lists["list+kitchen"]["checks_made"] >= 5


def test_lists_that_were_built_wrong_and_signed_and_sealed_rightly_are_found_and_named(
    share: Share,
) -> None:
    true = patient("8001", orders=(order("1", "digoxin", "125 mcg"),))
    dose = msgspec.structs.replace(true, orders=(order("1", "digoxin", "1125 mcg"),))
    other = Allergies(state=AllergyState.LISTED, items=(allergy("peanut"),))
    share.deliver_wrong_build("list+pharmacy", true, dose)
    share.deliver_wrong_build(
        "list+kitchen", true, msgspec.structs.replace(true, allergies=other)
    )
    told = share.proof(status=WRONG)
    lists = told["lists"]
    assert isinstance(lists, dict)
    for code, kind in (("list+pharmacy", "order"), ("list+kitchen", "allergy")):
        assert (lists[code]["place"], lists[code]["means"]) == ("share", "opened")
        assert lists[code]["wrong"] == {kind: 1}
        assert lists[code]["checks_made"] - lists[code]["checks_right"] == 1
        share.server.await_that(lambda code=code: code in alarms(share.server.folder))
    assert told["checks_made"] == told["checks_right"], "the ward's own figure counts no list"
    assert "proof-wrong" in alarms(share.server.folder)
    said = wardkeep("proof", share.server.folder, status=WRONG)
    assert "list+kitchen: list 2 of " in said
    assert "the file at share, opened with its own key" in said
    assert "facts right; not: order 1" in said
    share.deliver_wrong_build("list+pharmacy", true, true)
    share.deliver_wrong_build("list+kitchen", true, true)
    share.proof()
    share.server.await_that(lambda: "proof-wrong" not in alarms(share.server.folder))
