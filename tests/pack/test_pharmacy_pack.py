from collections import Counter

from tests.pack.handmade import list_of, order, patient, rows_of, said, trapped

from wardkeep.chart.model import Flag, FlagKind, OrderState
from wardkeep.hospital.streams import StreamState
from wardkeep.pack.whole_house import PackKind


def medicines(title: str = "") -> list[str]:
    return [row[3] for row in rows_of(list_of(PackKind.PHARMACY, trapped()), title)]


def test_high_risk_orders_come_first_then_what_is_unclear_then_the_rest() -> None:
    assert medicines("HIGH-RISK") == [
        "15 mg methotrexate",
        "25 µg/h fentanyl",
        "2 mg acenocoumarol",
        "40 mg enoxaparin",
        "40 mg enoxaparin",
        "5 mg morphine",
        "1000 mL NaCl 0,9 %",
    ]
    assert medicines("TO CLARIFY") == ["75 \ufffdg levothyroxine"]
    assert medicines("ALL OTHER") == [
        "1 g paracetamol",
        "2,5 mg bisoprolol",
        "DOSE BY PERIOD prednisolone",
    ]


def test_every_active_order_stands_once_and_no_stopped_one() -> None:
    found = Counter(medicines())
    assert found.total() == 11
    assert not any("amoxicillin" in text for text in found)


def test_an_order_of_which_nobody_knows_whether_it_stands_is_to_clarify() -> None:
    again = order(
        "1",
        "heparin",
        state=said(OrderState.STOPPED),
        flags=(Flag(FlagKind.ORDERED_AGAIN),),
    )
    [row] = rows_of(list_of(PackKind.PHARMACY, patient("1", orders=(again,))), "TO CLARIFY")
    assert "NOT CLEAR WHETHER IT STANDS" in row[5]


def test_a_ward_whose_orders_nobody_sends_is_not_called_empty() -> None:
    pack = list_of(PackKind.PHARMACY, patient("1"), medication_orders=StreamState.NOT_FED)
    [group] = pack.groups
    assert group.note.startswith("NOT FED")
    assert group.rows == ()
