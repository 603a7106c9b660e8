from __future__ import annotations

from itertools import permutations

import pytest
from tests.chart.sending import adt, chart, micros, orders, pid, pv1, rde

from wardkeep.chart.model import FlagKind, MedicationOrder, OrderKind, OrderState

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


def test_a_replacement_that_takes_effect_tomorrow_leaves_the_old_order_running_until_then() -> (
    None
):
    tomorrow = "20260517080000"
    body = orders(
        "RDE^O11",
        at(9),
        f"ORC|RP|77^CPOE|||||||{at(9)}||||||{tomorrow}",
        f"ORC|RO|78^CPOE|||||||{at(9)}",
        f"RXE||{DRUG}",
        f"TQ1|1||BID||||{tomorrow}",
    )
    old = order(rde("NW", at(8), "TQ1|1||BID", drug=DRUG), body)
    assert (old.state.value, old.replaced_by) == (OrderState.ACTIVE, "78^CPOE")
    assert old.timing.value.stop is not None
    assert old.timing.value.stop.text == tomorrow


def test_a_stop_that_was_taken_back_ends_nothing_at_its_later_time() -> None:
    stop = orders("RDE^O11", at(9), f"ORC|DC|77^CPOE|||||||{at(9)}||||||{at(20)}")
    found = order(rde("NW", at(8), "TQ1|1||BID", drug=DRUG), stop, rde("UD", at(10)))
    assert found.timing.value.stop is None


def test_a_supply_that_the_pharmacy_completed_leaves_the_order_on_the_ward() -> None:
    supply = orders("RDS^O13", at(9), f"ORC|RE|77^CPOE|||CM||||{at(9)}", "RXD|1|X^Y^L")
    found = order(rde("NW", at(8), "TQ1|1||BID", drug=DRUG), supply)
    assert found.state.value is OrderState.ACTIVE
    stopped = orders("RDS^O13", at(9), f"ORC|DC|77^CPOE|||||||{at(9)}")
    assert order(rde("NW", at(8), drug=DRUG), stopped).state.value is OrderState.STOPPED


def test_every_route_that_an_order_allows_is_kept() -> None:
    both = rde("NW", at(8), "RXR|IV^intravenous", "RXR|PO^per os", drug=DRUG)
    found = order(both)
    assert found.route is not None
    assert found.route.value.text == "intravenous"
    assert [other.text for other in found.other_routes] == ["per os"]
    one = orders("RDE^O11", at(9), f"ORC|XO|77^CPOE|||||||{at(9)}", "RXE|||1", "RXR|PO")
    assert order(both, one).other_routes == ()


def of_stay(visit: str, body: bytes) -> bytes:
    lines = body.split(b"\r")
    return b"\r".join([*lines[:2], pv1(visit=visit).encode(), *lines[2:]])


def test_an_order_of_a_stay_that_ended_is_no_order_of_the_next_one() -> None:
    old = of_stay("V1", rde("NW", at(1), "TQ1|1||BID", drug=DRUG))
    stays = [
        ("adt", adt("A01", at(0), pid(), pv1(visit="V1"))),
        ("meds", old),
        ("adt", adt("A03", at(5), pid(), pv1(visit="V1"))),
    ]
    (home,) = chart(*stays).orders
    assert home.flags == ()
    again = ("adt", adt("A01", at(9), pid(), pv1(visit="V2")))
    (left,) = chart(*stays, again).orders
    assert {(flag.kind, flag.detail) for flag in left.flags} == {(FlagKind.EARLIER_STAY, "V1")}
    undone = ("adt", adt("A13", at(10), pid(), pv1(visit="V1")))
    (back,) = chart(*stays, undone).orders
    assert back.flags == ()


def test_an_order_told_as_new_after_its_end_stays_ended_and_is_flagged() -> None:
    again = order(rde("NW", at(8), drug=DRUG), rde("DC", at(9)), rde("NW", at(10), drug=DRUG))
    assert again.state.value is OrderState.STOPPED
    assert FlagKind.ORDERED_AGAIN in {flag.kind for flag in again.flags}
    late = order(rde("DC", at(9)), rde("NW", at(8), drug=DRUG))
    assert FlagKind.ORDERED_AGAIN not in {flag.kind for flag in late.flags}
    undone = order(
        rde("NW", at(8), drug=DRUG), rde("DC", at(9)), rde("UD", at(10)), rde("RO", at(11))
    )
    assert FlagKind.ORDERED_AGAIN not in {flag.kind for flag in undone.flags}


@pytest.mark.parametrize(("dose", "bare"), [("2||", True), ("2||tab", False), ("2||%", False)])
def test_a_dose_without_a_unit_is_flagged(dose: str, bare: bool) -> None:
    found = order(rde("NW", at(8), drug=f"X^Drug^L|{dose}"))
    assert (FlagKind.DOSE_WITHOUT_UNIT in {flag.kind for flag in found.flags}) is bare


def kinds_of(found: MedicationOrder) -> set[FlagKind]:
    return {flag.kind for flag in found.flags}


def test_an_order_that_is_replaced_by_itself_is_a_change() -> None:
    body = orders(
        "RDE^O11",
        at(9),
        f"ORC|RP|77^CPOE|||||||{at(9)}",
        f"RXE||{DRUG}",
        f"ORC|RO|77^CPOE|||||||{at(9)}",
        "RXE||C07AB07^Bisoprolol 2.5 mg^ATC|2||tab",
    )
    found = order(rde("NW", at(8), drug=DRUG), body)
    assert found.state.value is OrderState.ACTIVE
    assert found.dose is not None
    assert found.dose.value == "2 tab"


def test_a_replacement_that_nobody_sent_is_flagged_and_one_that_failed_is_none() -> None:
    replaced = rde("RP", at(9))
    found = order(rde("NW", at(8), drug=DRUG), replaced)
    assert FlagKind.REPLACEMENT_UNKNOWN in kinds_of(found)
    kept = order(rde("NW", at(8), drug=DRUG), replaced, rde("UM", at(10)))
    assert kept.state.value is OrderState.ACTIVE
    assert FlagKind.REPLACEMENT_UNKNOWN not in kinds_of(kept)


@pytest.mark.parametrize(
    ("codes", "state"), [("HD UH", "active"), ("HD RL UR", "held"), ("HD OK", "held")]
)
def test_what_the_pharmacy_was_unable_to_do_did_not_come_about(codes: str, state: str) -> None:
    sent = [rde(code, at(9 + n)) for n, code in enumerate(codes.split())]
    told = orders("RDE^O11", at(13), f"ORC|OK|77^CPOE|||A||||{at(13)}")
    assert order(rde("NW", at(8), drug=DRUG), *sent, told).state.value == state


def test_a_change_that_was_refused_is_flagged_until_the_next_change() -> None:
    changed = orders("RDE^O11", at(9), f"ORC|XO|77^CPOE|||||||{at(9)}", "RXE|||5||tab")
    sent = [rde("NW", at(8), drug=DRUG), changed, rde("UX", at(10))]
    assert FlagKind.CHANGE_REFUSED in kinds_of(order(*sent))
    again = orders("RDE^O11", at(11), f"ORC|XO|77^CPOE|||||||{at(11)}", "RXE|||3||tab")
    assert FlagKind.CHANGE_REFUSED not in kinds_of(order(*sent, again))


def test_additives_and_route_from_before_a_change_of_the_drug_are_flagged() -> None:
    mixed = rde("NW", at(8), "RXR|IV", "RXC|A|KCL^KCl^L|40|mmol", drug="G^Glucose^L|500||mL")
    changed = rde("XO", at(9), drug="N^NaCl^L|500||mL")
    found = order(mixed, changed)
    assert {flag.detail for flag in found.flags if flag.kind is FlagKind.OLDER_PARTS} == {
        "route",
        "components",
    }
    whole = rde("XO", at(9), "RXR|IV", "RXC|A|KCL^KCl^L|20|mmol", drug="N^NaCl^L|500||mL")
    assert FlagKind.OLDER_PARTS not in kinds_of(order(mixed, whole))


def test_a_stop_without_the_namespace_stops_the_only_order_of_that_number() -> None:
    new = rde("NW", at(8), drug=DRUG)
    bare = rde("DC", at(9), order="77")
    assert order(new, bare).state.value is OrderState.STOPPED
    other = rde("NW", at(8), drug=DRUG, order="77^OTHER")
    assert order(new, other, bare).state.value is OrderState.ACTIVE


def test_the_rate_has_a_time_of_its_own() -> None:
    def infusion(control: str, sent: str, rate: str, *more: str) -> bytes:
        rxe = [""] * 26
        rxe[2], rxe[3], rxe[5], rxe[23], rxe[24] = "N^Noradrenaline^L", "4", "mg", rate, "mL/h"
        return rde(control, sent, *more).rstrip(b"\r") + b"\rRXE" + "|".join(rxe).encode()

    found = order(infusion("NW", at(8), "5", "TQ1|1||C"), infusion("XO", at(12), "12"))
    assert found.rate == "12 mL/h"
    assert found.rate_told == micros(at(12))


def test_an_order_without_a_visit_from_before_a_discharge_is_of_the_earlier_stay() -> None:
    stays = [
        ("adt", adt("A01", at(0), pid(), pv1(visit="V1"))),
        ("meds", rde("NW", at(1), "TQ1|1||BID", drug=DRUG)),
        ("adt", adt("A03", at(5), pid(), pv1(visit="V1"))),
        ("adt", adt("A01", at(9), pid(), pv1(visit="V2"))),
        ("meds", rde("NW", at(10), "TQ1|1||BID", drug=DRUG, order="78^CPOE")),
    ]
    old, new = sorted(chart(*stays).orders, key=lambda item: item.order)
    assert FlagKind.EARLIER_STAY in kinds_of(old)
    assert FlagKind.EARLIER_STAY not in kinds_of(new)
