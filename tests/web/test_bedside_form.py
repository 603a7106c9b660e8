from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.handmade import NOW, patient

from wardkeep.bedside.events import BedsideChecked
from wardkeep.bedside.facts import facts_of
from wardkeep.bedside.state import NO_CHECKS, fold
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.times import MINUTE
from wardkeep.web.bedside_form import drawn_for, opened, sealed

SECRET = b"kept over restarts"
FACTS = [f for n in range(9) for f in facts_of(patient(n, "4B"), frozenset(Stream), NOW)]
DRAWN = drawn_for(FACTS, "4B", "anna", NO_CHECKS, SECRET, NOW)


def test_loading_the_page_again_gives_the_same_facts_and_a_sent_form_other_ones() -> None:
    again = drawn_for(FACTS, "4B", "anna", NO_CHECKS, SECRET, NOW + MINUTE)
    assert (again.check, again.facts) == (DRAWN.check, DRAWN.facts)
    sent = BedsideChecked(check=DRAWN.check, ward="4B", drawn=NOW, found=(), at=NOW, by="anna")
    others = drawn_for(FACTS, "4B", "anna", fold([sent]), SECRET, NOW + MINUTE)
    assert others.check != DRAWN.check


@pytest.mark.parametrize(
    ("ward", "who", "at"),
    [("5C", "anna", NOW), ("4B", "lea", NOW), ("4B", "anna", NOW + 10**9)],
)
def test_each_ward_person_and_quarter_of_an_hour_has_a_form_of_its_own(
    ward: str, who: str, at: int
) -> None:
    other = drawn_for(FACTS, ward, who, NO_CHECKS, SECRET, at)
    assert other.check != DRAWN.check


def test_a_form_of_this_server_is_known_after_a_restart_and_no_other() -> None:
    text = sealed(DRAWN, SECRET)
    assert len(text) < 4000
    assert opened(text, SECRET) == DRAWN
    assert opened(text, b"another server") is None


@given(st.integers(0, len(sealed(DRAWN, SECRET)) - 1), st.characters())
def test_a_form_that_was_altered_is_none(place: int, letter: str) -> None:
    text = sealed(DRAWN, SECRET)
    altered = text[:place] + letter + text[place + 1 :]
    found = opened(altered, SECRET)
    assert (found is None) or _decoded(altered) == _decoded(text)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)


@pytest.mark.parametrize("text", ["", "x", "é", "A" * 20_000, "\ud800", "=" * 8])
def test_what_is_no_form_is_none(text: str) -> None:
    assert opened(text, SECRET) is None
