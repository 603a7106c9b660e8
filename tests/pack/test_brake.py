from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pack.handmade import allergy, order, patient

from wardkeep.chart.model import Allergies, AllergyState, OrderState
from wardkeep.hospital.site import Brake
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.pack.brake import Look, Seen, look_at, losses, reason, remembered, worst
from wardkeep.pack.decide import BACK, WHOLE, hold, hold_on, keep, release, release_by_itself
from wardkeep.pack.errors import NoReasonError, NotHeldError
from wardkeep.pack.events import PackHeld, decode, encode
from wardkeep.pack.state import Hold, Shelf, fold

T = 1_772_853_120_000_000
BRAKE = Brake()
WARD = {f"{n}": Seen((f"o{n}a", f"o{n}b", f"o{n}c"), ("Penicillin",)) for n in range(24)}


def after(at: int, **lost: dict[str, Seen | None]) -> Look:
    changed = {**WARD, **lost.get("lost", {})}
    return Look(at, {record: seen for record, seen in changed.items() if seen is not None})


def test_what_counts_of_a_ward_is_who_lies_there_what_is_ordered_and_allergies() -> None:
    chart = patient("700001", merged_from=("700009",))
    look = look_at([chart], T)
    assert set(look.patients) == {"700001"}
    assert look.merged == ("700009",)


def test_a_stopped_order_counts_no_more_and_an_allergy_is_known_by_its_code() -> None:
    stopped = order("9", "Heparin", state=OrderState.STOPPED)
    listed = Allergies(state=AllergyState.LISTED, items=(allergy("Penicillin"),))
    chart = patient("1", orders=(order("8", "Ramipril"), stopped), allergies=listed)
    (seen,) = look_at([chart], T).patients.values()
    assert (len(seen.orders), len(seen.allergies)) == (1, 1)


NORMAL = {
    "a round of discharges before noon": ({f"{n}": None for n in range(5)}, HOUR),
    "a third of the ward in a day": ({f"{n}": None for n in range(8)}, 11 * HOUR),
    "orders revised": (
        {f"{n}": Seen(("o", "p", f"o{n}c"), ("Penicillin",)) for n in range(3)},
        9,
    ),
    "three allergies corrected": ({f"{n}": Seen((), ()) for n in range(3)}, MINUTE),
    "all left in an outage of a day": (dict.fromkeys(WARD), 30 * HOUR),
    "nobody at all": ({}, MINUTE),
}
FORGED = {
    "everybody discharged": (dict.fromkeys(WARD), MINUTE),
    "a third discharged": ({f"{n}": None for n in range(8)}, 40 * MINUTE),
    "one every hour, slowly": ({f"{n}": None for n in range(12)}, 12 * HOUR),
    "orders stopped": ({f"{n}": Seen((), ("Penicillin",)) for n in range(8)}, 9 * MINUTE),
    "half of the orders stopped": (
        {f"{n}": Seen((f"o{n}a",), ("Penicillin",)) for n in range(8)},
        9 * MINUTE,
    ),
    "four allergies deleted, slowly": (
        {f"{n}": Seen(WARD[f"{n}"].orders, ()) for n in range(4)},
        10 * HOUR,
    ),
    "some of each": (
        {"1": None, "2": None, "3": None, "4": Seen((), ("Penicillin",))}
        | {f"{n}": Seen((), ("Penicillin",)) for n in range(5, 9)},
        30 * MINUTE,
    ),
}


@pytest.mark.parametrize("name", NORMAL)
def test_a_normal_day_holds_no_pack(name: str) -> None:
    lost, age = NORMAL[name]
    assert hold("4B", [Look(T, WARD)], after(T + age, lost=lost), BRAKE) == []


@pytest.mark.parametrize("name", FORGED)
def test_a_forgery_holds_the_pack(name: str) -> None:
    lost, age = FORGED[name]
    (held,) = hold("4B", [Look(T, WARD)], after(T + age, lost=lost), BRAKE)
    assert held.patients == 24
    assert held.hit == len(lost)
    assert (held.since, held.sound_at) == (T, T)


def test_merged_records_are_told_and_four_of_them_hold_whatever_their_share() -> None:
    many = {f"{n}": Seen((), ()) for n in range(200)}
    left = {record: seen for record, seen in many.items() if int(record) > 3}
    now = Look(T + HOUR, left, ("0", "1", "2", "3"))
    (held,) = hold("4B", [Look(T, many)], now, BRAKE)
    assert (held.gone, held.merged, held.hit) == (4, 4, 4)


def test_who_takes_one_patient_every_ten_minutes_is_found_within_two_hours() -> None:
    looks, gone = [Look(T, WARD)], 0
    for minute in range(10, 121, 10):
        gone += 1
        now = after(T + minute * MINUTE, lost={f"{n}": None for n in range(gone)})
        if hold("4B", looks, now, BRAKE):
            break
        looks = remembered(looks, now, BRAKE)
    # A third of the ward in an hour is never reached at that pace: half of it in twelve is.
    assert 8 <= gone <= 12


def test_a_ward_that_has_again_what_it_had_is_released_by_itself() -> None:
    sound = Look(T, WARD)
    (held,) = hold("4B", [sound], after(T + MINUTE, lost=dict.fromkeys(WARD)), BRAKE)
    still = after(T + HOUR, lost={f"{n}": None for n in range(4)})
    assert release_by_itself(Hold(held=held), sound, still, BRAKE) == []
    (back,) = release_by_itself(Hold(held=held), sound, after(T + HOUR), BRAKE)
    assert (back.by, back.why) == ("wardkeep", BACK)


def test_a_person_decides_with_a_reason_and_only_of_a_ward_that_is_held() -> None:
    (held,) = hold("4B", [Look(T, WARD)], after(T + 1, lost=dict.fromkeys(WARD)), BRAKE)
    shelf = fold([held])
    assert shelf.held["4B"].kept is None
    (kept,) = keep(shelf, "4B", "lea", " they lie in their beds ", T + 2)
    assert kept.why == "they lie in their beds"
    shelf = fold([held, kept])
    assert shelf.held["4B"].kept == kept
    (released,) = release(shelf, "4B", "lea", "evacuated", T + 3)
    assert fold([held, kept, released]).held == {}
    with pytest.raises(NotHeldError):
        release(Shelf(), "4B", "lea", "evacuated", T)
    with pytest.raises(NoReasonError):
        keep(shelf, "4B", "lea", "  ", T)


def test_events_of_the_brake_are_read_for_ever() -> None:
    written = (
        b'{"type":"PackHeld.v1","ward":"4B","at":5,"since":1,"sound_at":2,"patients":24,'
        b'"hit":8,"gone":3,"merged":1,"stopped":4,"stripped":1}'
    )
    held = decode("PackHeld.v1", written)
    assert isinstance(held, PackHeld)
    assert encode(held) == ("PackHeld.v1", written)
    with pytest.raises(ValueError, match=r"PackKept\.v1"):
        decode("PackKept.v1", written)


SEEN = st.builds(
    Seen,
    st.lists(st.sampled_from("abcdef"), unique=True).map(tuple),
    st.lists(st.sampled_from("xyz"), unique=True).map(tuple),
)
PATIENTS = st.dictionaries(st.sampled_from("12345678"), SEEN)


@given(PATIENTS, PATIENTS)
def test_nobody_is_counted_twice_and_a_ward_lost_nothing_beside_itself(
    before: dict[str, Seen], now: dict[str, Seen]
) -> None:
    lost = losses(Look(T, before), Look(T + 1, now))
    assert lost.hit <= lost.patients == len(before)
    assert lost.hit <= lost.gone + lost.stopped + lost.stripped
    assert losses(Look(T, before), Look(T + 1, before)).hit == 0


@given(st.lists(st.integers(1, 3 * HOUR), max_size=60))
def test_what_is_remembered_stays_small_and_holds_the_newest(gaps: list[int]) -> None:
    looks: list[Look] = []
    at = T
    for gap in gaps:
        at += gap
        looks = remembered(looks, Look(at, {}), BRAKE)
        assert looks[-1].at == at
    assert len(looks) <= 2 + 14 + 14
    assert worst(looks, Look(at + 1, {}), BRAKE) is None


def test_a_hold_for_charts_that_lack_days_is_read_back_and_says_why() -> None:
    before, now = Look(T, WARD), Look(T + MINUTE, WARD, (), lacks=True)
    [held] = hold("4B", [before], now, BRAKE)
    assert held.charts_lack
    assert "erased days" in reason(held)
    assert decode(*encode(held)) == held
    assert hold("4B", [now], now, BRAKE) == []
    assert hold("4B", [], now, BRAKE) == []
    assert release_by_itself(Hold(held=held), before, now, BRAKE) == []
    [released] = release_by_itself(Hold(held=held), before, after(T + 9 * HOUR), BRAKE)
    assert released.why == WHOLE
    emptied = Look(T + HOUR, {})
    assert release_by_itself(Hold(held=held), before, emptied, BRAKE) == []


@pytest.mark.parametrize("hours", [1, 13, 24 * 7])
def test_charts_that_are_whole_again_release_no_pack_that_has_lost_too_much(hours: int) -> None:
    sound = Look(T, WARD)
    [held] = hold("4B", [sound], Look(T + MINUTE, WARD, (), lacks=True), BRAKE)
    emptied = Look(T + hours * HOUR, {})
    assert release_by_itself(Hold(held=held), sound, emptied, BRAKE) == []
    [still] = hold_on(Hold(held=held), sound, emptied, BRAKE)
    assert (still.charts_lack, still.gone, still.sound_at) == (False, 24, T)
    assert still.at == T + hours * HOUR
    assert hold_on(Hold(held=still), sound, emptied, BRAKE) == []
    assert release_by_itself(Hold(held=still), sound, emptied, BRAKE) == []
    [back] = release_by_itself(Hold(held=still), sound, after(T + 200 * HOUR), BRAKE)
    assert back.why == BACK


def test_charts_that_still_lack_days_and_a_usual_loss_change_nothing_of_why_it_is_held() -> (
    None
):
    sound = Look(T, WARD)
    [held] = hold("4B", [sound], Look(T + MINUTE, WARD, (), lacks=True), BRAKE)
    lacking = Look(T + 13 * HOUR, {}, (), lacks=True)
    assert hold_on(Hold(held=held), sound, lacking, BRAKE) == []
    usual = after(T + 13 * HOUR, lost={f"{n}": None for n in range(8)})
    assert hold_on(Hold(held=held), sound, usual, BRAKE) == []
    [released] = release_by_itself(Hold(held=held), sound, usual, BRAKE)
    assert released.why == WHOLE
