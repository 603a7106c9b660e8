import msgspec
import pytest
from tests.pack.handmade import NOW, order, patient, ward_data

from wardkeep.adapters.tall_man_lists import tall_man_list
from wardkeep.adapters.typst_words import translator
from wardkeep.chart.text import normal
from wardkeep.pack.contents import ward_pack
from wardkeep.paper.forms import Line


def line_of(drug: str, country: str = "BE") -> Line:
    data = ward_data(patient("1", orders=(order("1", drug),)))
    data = msgspec.structs.replace(data, look_alikes=tall_man_list(country))
    return ward_pack(data, "en", translator("en")).patients[0].blocks[0].lines[0]


def test_a_name_that_is_mistaken_stands_beside_the_drug_which_stays_as_sent() -> None:
    line = line_of("Hydroxyzine comp 25 mg")
    assert line.drug == "Hydroxyzine comp 25 mg"
    assert line.warnings[0] == "LOOK-ALIKE NAME: hydrOXYzine, NOT hydrALAzine"
    assert NOW > 0


def test_a_drug_of_no_group_and_a_site_without_a_list_say_nothing() -> None:
    assert line_of("Paracetamol 1 g").warnings == ()
    assert line_of("Hydroxyzine", "").warnings == ()


@pytest.mark.parametrize("country", ["BE", "DE", "FR", "LU", "NL"])
def test_every_name_of_a_list_stands_once_in_it_and_with_capitals_of_its_own(
    country: str,
) -> None:
    groups = tall_man_list(country)
    for group in groups:
        assert len({normal(name) for name in group}) == len(group)
    assert all(len(group) > 1 for group in groups)
    for group in groups:
        assert sum(name == name.lower() for name in group) < 2, group
