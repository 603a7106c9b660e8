from __future__ import annotations

from itertools import permutations

import pytest
from tests.chart.sending import chart, orders, ras, rde

from wardkeep.chart.model import DoseOutcome, FlagKind, MedicationOrder, OrderKind, OrderState

DRUG = "C07AB07^Bisoprolol 2.5 mg^ATC|1||tab^tablet|TAB"


def order(*bodies: bytes, number: str = "77^CPOE") -> MedicationOrder:
    found = {item.order: item for item in chart(*(("meds", body) for body in bodies)).orders}
    return found[number]


def at(hour: int) -> str:
    return f"20260516{hour:02d}0000"


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("NW", "active"),
        ("NW XO", "active"),
        ("NW DC", "stopped"),
        ("NW CA", "cancelled"),
        ("NW OC", "cancelled"),
        ("NW OD", "stopped"),
        ("NW HD", "held"),
        ("NW HD RL", "active"),
        ("NW HD RL HD", "held"),
        ("DC NW", "stopped"),
        ("CA NW", "cancelled"),
        ("NW HD DC RL", "stopped"),
        ("NW DC XO", "stopped"),
        ("NW RP", "replaced"),
        ("NW DC UD", "active"),
        ("NW UD DC", "stopped"),
        ("NW DR", "stopped"),
        ("NW UA", "cancelled"),
        ("RE", "active"),
        ("NW SC", "active"),
        ("RO", "active"),
        ("NW HD OE", "active"),
        ("NW RU", "replaced"),
        ("NW OH", "held"),
    ],
)
def test_where_an_order_stands_after_control_codes_in_any_order_of_arrival(
    codes: str, expected: str
) -> None:
    sent = [
        rde(code, at(hour), drug=DRUG if code in ("NW", "RE", "RO") else "")
        for hour, code in enumerate(codes.split(), start=1)
    ]
    for arrival in permutations(sent):
        assert order(*arrival).state.value == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("CM", "completed"),
        ("DC", "stopped"),
        ("CA", "cancelled"),
        ("HD", "held"),
        ("A", "active"),
    ],
)
def test_an_order_status_counts_like_a_control_code(status: str, expected: str) -> None:
    told = orders("RDE^O11", at(9), f"ORC|SC|77^CPOE|||{status}||||{at(9)}")
    assert order(rde("NW", at(8), drug=DRUG), told).state.value == expected


def test_a_stop_that_takes_effect_later_leaves_the_order_running_until_then() -> None:
    stop = orders("RDE^O11", at(9), f"ORC|DC|77^CPOE|||||||{at(9)}||||||{at(20)}")
    found = order(rde("NW", at(8), "TQ1|1||BID", drug=DRUG), stop)
    assert found.state.value is OrderState.ACTIVE
    assert found.timing.value.stop is not None
    assert found.timing.value.stop.text == at(20)


def test_a_change_changes_content_and_keeps_what_it_does_not_name() -> None:
    changed = rde("XO", at(9), drug="||5^|5")
    changed = orders("RDE^O11", at(9), f"ORC|XO|77^CPOE|||||||{at(9)}", "RXE|||2")
    found = order(rde("NW", at(8), "RXR|PO^per os^HL70162", drug=DRUG), changed)
    assert found.dose is not None
    assert found.dose.value == "2"
    assert found.drug.value.text == "Bisoprolol 2.5 mg"
    assert found.route is not None
    assert found.route.value.text == "per os"


def test_a_replaced_order_names_the_one_that_replaced_it() -> None:
    body = orders(
        "RDE^O11",
        at(9),
        f"ORC|RP|77^CPOE|||||||{at(9)}",
        f"ORC|RO|78^CPOE|||||||{at(9)}",
        f"RXE||{DRUG}",
    )
    old, new = order(rde("NW", at(8), drug=DRUG), body), order(body, number="78^CPOE")
    assert (old.state.value, old.replaced_by) == (OrderState.REPLACED, "78^CPOE")
    assert new.state.value is OrderState.ACTIVE


def test_a_stop_before_its_order_is_remembered_and_shown_as_unnamed() -> None:
    found = order(rde("DC", at(9)))
    assert found.state.value is OrderState.STOPPED
    assert FlagKind.NO_DRUG_NAMED in {flag.kind for flag in found.flags}
    assert FlagKind.ORDER_UNKNOWN in {flag.kind for flag in found.flags}


def test_the_dose_stands_as_it_was_sent() -> None:
    ranged = rde("NW", at(8), drug="N02BE01^Paracetamol^ATC|0.5|1.000|g")
    assert order(ranged).dose.value == "0.5-1.000 g"


def test_the_same_drug_from_two_feeds_is_two_lines_both_flagged() -> None:
    found = chart(
        ("meds", rde("NW", at(8), drug=DRUG)),
        ("onco", rde("NW", at(8), drug=DRUG, order="9^ONCO")),
    ).orders
    assert len(found) == 2
    assert [
        [flag.detail for flag in item.flags if flag.kind is FlagKind.POSSIBLE_DUPLICATE]
        for item in found
    ] == [["9^ONCO"], ["77^CPOE"]]


def test_a_stopped_twin_is_no_duplicate() -> None:
    found = chart(
        ("meds", rde("NW", at(8), drug=DRUG)),
        ("meds", rde("DC", at(9))),
        ("onco", rde("NW", at(8), drug=DRUG, order="9^ONCO")),
    ).orders
    assert all(
        FlagKind.POSSIBLE_DUPLICATE not in {f.kind for f in item.flags} for item in found
    )


def test_equal_numbers_without_namespace_of_two_feeds_are_two_orders() -> None:
    found = chart(
        ("meds", rde("NW", at(8), drug=DRUG, order="5")),
        ("onco", rde("NW", at(8), drug="L01BA01^Methotrexate^ATC", order="5")),
    ).orders
    assert [item.order for item in found] == ["5@meds", "5@onco"]


@pytest.mark.parametrize("dose", ["250|� g", "250||Âµg", "250||?g", "250||\x96g"])
def test_lost_characters_in_a_dose_are_flagged_and_the_text_is_kept(dose: str) -> None:
    found = order(rde("NW", at(8), drug=f"X^Digoxin^L|{dose}"))
    assert FlagKind.LOST_CHARACTERS in {flag.kind for flag in found.flags}


def test_grams_beside_micrograms_of_the_same_number_are_flagged() -> None:
    found = order(rde("NW", at(8), drug="X^Digoxin 250 microgram tablet^L|250||g"))
    assert FlagKind.LOST_CHARACTERS in {flag.kind for flag in found.flags}
    assert found.dose.value == "250 g"


def test_a_mixture_keeps_its_components_and_rate() -> None:
    rxe = [""] * 27
    rxe[2], rxe[3], rxe[5], rxe[23], rxe[24] = "IV^NaCl 0.9 %^L", "1000", "mL", "83", "mL/h"
    body = orders(
        "RDE^O11",
        at(8),
        "ORC|NW|77^CPOE",
        "RXE" + "|".join(rxe),
        "TQ1|1||C",
        "RXC|B|NACL^NaCl 0.9 %^L|1000|mL",
        "RXC|A|KCL^KCl^L|40|mmol",
    )
    found = order(body)
    assert (found.rate, found.kind) == ("83 mL/h", OrderKind.INFUSION)
    assert [(part.kind, part.amount, part.unit) for part in found.components] == [
        ("B", "1000", "mL"),
        ("A", "40", "mmol"),
    ]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("CP", "given"),
        ("", "given"),
        ("PA", "partial"),
        ("RE", "refused"),
        ("NA", "not_given"),
        ("ZZ", "unclear"),
        ("HD", "held"),
    ],
)
def test_what_came_of_a_dose(status: str, outcome: str) -> None:
    (dose,) = chart(("meds", ras(at(8), status))).doses
    assert dose.outcome == outcome


def test_a_deleted_dose_is_gone_whichever_message_came_first() -> None:
    given, deleted = ras(at(8)), ras(at(8), action="D", sent=at(9))
    assert chart(("meds", given), ("meds", deleted)).doses == ()
    assert chart(("meds", deleted), ("meds", given)).doses == ()


def test_a_dose_of_an_order_nobody_sent_is_flagged() -> None:
    (dose,) = chart(("meds", ras(at(8)))).doses
    assert {flag.kind for flag in dose.flags} == {FlagKind.ORDER_UNKNOWN}
    (known,) = chart(("meds", ras(at(8))), ("meds", rde("NW", at(7), drug=DRUG))).doses
    assert known.flags == ()
    assert known.outcome is DoseOutcome.GIVEN


def test_a_dose_said_under_the_fillers_number_finds_its_order() -> None:
    new = orders("RDE^O11", at(7), "ORC|NW|77^CPOE|F9^PHARM", f"RXE||{DRUG}")
    by_filler = orders(
        "RAS^O17", at(8), "ORC|RE||F9^PHARM", f"RXA|0|1|{at(8)}||C07AB07^Bisoprolol^ATC|1|tab"
    )
    (dose,) = chart(("meds", by_filler), ("meds", new)).doses
    assert (dose.order, dose.flags) == ("77^CPOE", ())


def test_a_dose_without_namespace_finds_the_only_order_of_that_number() -> None:
    new = rde("NW", at(7), drug=DRUG, order="77")
    (dose,) = chart(("meds", new), ("onco", ras(at(8), order="77"))).doses
    assert dose.order == "77@meds"


@pytest.mark.parametrize(
    ("timing", "more", "kind"),
    [
        ("TQ1|1||Q4H&PRN", "", OrderKind.AS_NEEDED),
        ("TQ1|1||Q4H||||||R|PRN pain", "", OrderKind.AS_NEEDED),
        ("TQ1|1||Q4-6H||||||PRN", "", OrderKind.AS_NEEDED),
        ("TQ1|1||Q4H", "|PRN^as needed", OrderKind.AS_NEEDED),
        ("TQ1|1||Q4H", "|^give PRN dose apart", OrderKind.REGULAR),
        ("TQ1|1||MO,WE,FR", "", OrderKind.REGULAR),
    ],
)
def test_an_order_as_needed_stands_under_as_needed_wherever_it_is_said(
    timing: str, more: str, kind: OrderKind
) -> None:
    found = order(rde("NW", at(8), timing, drug=f"{DRUG}{more}"))
    assert found.kind is kind


def test_a_weekly_order_without_a_start_is_as_sent_and_known_to_be_weekly() -> None:
    timing = order(rde("NW", at(8), "TQ1|1||Q1W", drug=DRUG)).timing.value
    assert (timing.form, timing.every_days, timing.text) == ("unreadable", 7, "Q1W")
