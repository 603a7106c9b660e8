"""Lists of the house on their way: made beside wards, delivered, opened by their own keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from tests.stories.site_server import message, wardkeep
from tests.stories.test_delivered_packs import Delivering

from wardkeep.pack.manifest import decode

LISTS = {"list+kitchen", "list+cards", "list+pharmacy"}


class WithLists(Delivering):
    """A server that makes three lists, and their envelopes."""

    def key_of(self, file: str) -> str:
        for page in pypdf.PdfReader(self.envelopes).pages:
            if file in (text := page.extract_text()):
                words = dict(re.findall(r"^(\d{1,2}) +([a-z]{3,8})$", text, re.MULTILINE))
                return " ".join(words[str(number)] for number in range(1, 25))
        raise AssertionError(file)

    def listed(self) -> set[str]:
        content = (self.there / "manifest.json").read_bytes()
        return {each.ward for each in decode(content).packs}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WithLists]:
    made = WithLists(tmp_path_factory.mktemp("lists"))
    with (made.server.folder / "wardkeep.toml").open("a") as settings:
        settings.write(
            '\n[lists]\nkinds = ["kitchen", "cards", "pharmacy"]\nfirst_after_minutes = 0\n'
        )
    made.server.start()
    made.server.send(message(1, record="8001", ward="B2"))
    made.server.await_that((made.there / "manifest.json").exists)
    made.server.await_that(lambda: made.listed() >= {"B2", *LISTS})
    wardkeep("keys", "envelopes", made.server.folder, "--out", made.envelopes)
    yield made
    assert made.server.stop() == 0
    made.silent.close()


def test_a_list_opens_with_its_own_envelope_and_the_crisis_team_s_and_no_ward_s(
    house: WithLists,
) -> None:
    page = house.there / "list+kitchen.html"
    assert b"PEETERS" not in page.read_bytes()
    shown, said = house.opened(page, house.key_of("list+kitchen.html"), "--json")
    assert "NOT VERIFIED" not in shown.text
    assert json.loads(said.splitlines()[-1])["verified"]
    assert "B2" in shown.text
    log = ("--log", house.log)
    wardkeep("open", page, "--key", house.words("B2"), *log, status=8)
    # The pharmacy's key opens every ward, but not what the kitchen has.
    pharmacy = house.key_of("Pharmacy: every ward")
    wardkeep("open", page, "--key", pharmacy, *log, status=8)
    house.opened(page, house.key_of("Crisis team"))
    house.opened(house.there / "list+pharmacy.html", pharmacy)


def test_the_book_of_known_patients_opens_by_recorded_break_glass_alone(
    house: WithLists,
) -> None:
    page, key = house.there / "list+cards.html", house.key_of("list+cards.html")
    wardkeep("open", page, "--key", key, "--log", house.log, status=2)
    shown, _ = house.opened(page, key, "--break-glass", "An Maes", "unconscious, brought in")
    assert "PEETERS" in shown.text.upper()
    heads = shown.text.count('<table class="sheet"')
    assert heads
    told = "opened by An Maes: unconscious, brought in"
    assert shown.text.count(told) == 2 * heads + 1
    assert "NOT VERIFIED" not in shown.text
    line = json.loads(house.log.read_text().splitlines()[-1])
    assert (line["by"], line["ward"]) == ("An Maes", "list+cards")
    wardkeep("print", house.server.folder, "--ward", "list+cards", status=2)


def test_the_shelf_tells_of_lists_as_of_wards(house: WithLists) -> None:
    told = {each["ward"]: each for each in json.loads(
        wardkeep("shelf", house.server.folder, "--json")
    )}  # fmt: skip
    assert set(told) == {"B2", *LISTS}
    kitchen = told["list+kitchen"]
    assert kitchen["whole"]
    assert kitchen["pages"] >= 1
    states = {each["target"]: each["state"] for each in kitchen["deliveries"]}
    assert states["share"] == "delivered"


def test_a_stick_gets_one_list_when_it_is_asked_for(house: WithLists, tmp_path: Path) -> None:
    wardkeep("deliver", house.server.folder, "--ward", "list+kitchen", "--to", tmp_path)
    assert (tmp_path / "wardkeep-SITE" / "list+kitchen.html").is_file()
    assert not (tmp_path / "wardkeep-SITE" / "B2.html").exists()
