from __future__ import annotations

import pytest
from tests.chart.sending import adt, chart, pid, pv1

from wardkeep.chart.model import AllergyState
from wardkeep.chart.reading.allergy_words import says_none, says_unknown


def al1(text: str) -> AllergyState:
    body = adt("A01", "20260516080000", pid(), pv1(), f"AL1|1|DA|^{text}|SV")
    return chart(("adt", body)).allergies.state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Aucune connue", AllergyState.NONE_KNOWN),
        ("no known allergies", AllergyState.NONE_KNOWN),
        ("inconnue", AllergyState.NOT_RECORDED),
        ("onbekend", AllergyState.NOT_RECORDED),
        ("Penicillin", AllergyState.LISTED),
        ("none to penicillin", AllergyState.LISTED),
    ],
)
def test_words_of_a_feed_that_name_no_substance_are_no_allergy(
    text: str, state: AllergyState
) -> None:
    assert al1(text) is state


def test_no_words_say_both_that_none_is_known_and_that_nobody_knows() -> None:
    for text in ("keine", "unbekannt", "", "pas d'allergie", "non renseigné"):
        assert not (says_none(text) and says_unknown(text))
    assert not says_none("")
