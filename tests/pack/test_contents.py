import msgspec
import pytest
from tests.pack.handmade import (
    NOW,
    OCTOBER_NIGHT,
    hostile,
    many_drugs,
    pack_of,
    patient,
    trapped,
)

from wardkeep.paper.forms import WardPack
from wardkeep.paper.words import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_is_a_value_that_survives_its_journey_to_a_worker(language: str) -> None:
    pack = pack_of(trapped(), hostile(), many_drugs(), language=language)
    assert msgspec.json.decode(msgspec.json.encode(pack), type=WardPack) == pack
    assert pack_of(trapped(), hostile(), many_drugs(), language=language) == pack


def test_the_cells_of_every_medicine_fill_the_hours_of_the_grid() -> None:
    for now in (NOW, OCTOBER_NIGHT):
        pack = pack_of(trapped(), hostile(), many_drugs(), now=now)
        for sheet in pack.patients:
            for line in (line for block in sheet.blocks for line in block.lines):
                assert sum(cell.span for cell in line.cells) == len(pack.columns), line.drug


def test_each_patient_has_more_codes_than_pages_and_none_twice() -> None:
    pack = pack_of(trapped(), many_drugs())
    letters = [code for sheet in pack.patients for code, _ in sheet.codes]
    assert len(letters) == len(set(letters))
    assert len(pack.patients[1].codes) > len(pack.patients[0].codes)


def test_every_heading_of_the_summary_says_something() -> None:
    for sheet in pack_of(patient("1"), trapped()).patients:
        for section in sheet.sections:
            assert section.entries
            assert all(entry.text or entry.struck for entry in section.entries)
        assert 0 < sheet.split <= len(sheet.sections)
