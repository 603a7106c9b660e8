from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from tests.web.handmade import NOW, patient

from wardkeep.bedside.draw import FACTS, GROUPS, chance_of, draw
from wardkeep.bedside.events import FactKind
from wardkeep.bedside.facts import Fact, facts_of
from wardkeep.hospital.streams import Stream

SEEDS = st.binary(min_size=1, max_size=16)
WARD = [fact for n in range(12) for fact in facts_of(patient(n, "4B"), frozenset(Stream), NOW)]


def group(fact: Fact) -> int:
    return next(place for place, kinds in enumerate(GROUPS) if fact.kind in kinds)


@given(SEEDS)
def test_three_patients_one_allergy_one_medicine_one_other_fact(seed: bytes) -> None:
    drawn = draw(WARD, chance_of(seed))
    assert len({fact.record for fact in drawn}) == FACTS
    assert {group(fact) for fact in drawn} == {0, 1, 2}
    assert [fact for fact in WARD if fact in drawn] == list(drawn), "in the order of the beds"


@given(SEEDS, st.lists(st.sampled_from(WARD), max_size=8, unique=True))
def test_no_ward_is_too_small_and_nothing_is_asked_that_no_chart_holds(
    seed: bytes, facts: list[Fact]
) -> None:
    drawn = draw(facts, chance_of(seed))
    assert set(drawn) <= set(facts)
    assert len(drawn) == min(FACTS, len({fact.record for fact in facts}))
    assert len({fact.record for fact in drawn}) == len(drawn)


def test_the_same_seed_draws_the_same_and_every_fact_comes_up() -> None:
    assert draw(WARD, chance_of(b"1")) == draw(WARD, chance_of(b"1"))
    seen = Counter(fact for n in range(600) for fact in draw(WARD, chance_of(b"%d" % n)))
    assert {fact.record for fact in seen} == {fact.record for fact in WARD}
    assert {fact.kind for fact in seen} == {fact.kind for fact in WARD}
    allergies = [n for fact, n in seen.items() if fact.kind is FactKind.ALLERGIES]
    # 600 draws among 12 patients: 50 each; far from it would be no chance.
    assert len(allergies) == 12
    assert min(allergies) > 20
    assert max(allergies) < 100
