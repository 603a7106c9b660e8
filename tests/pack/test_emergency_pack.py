import msgspec
from tests.pack.handmade import NOW, list_of, moment, patient, rows_of, said, trapped

from wardkeep.chart.model import EncounterState
from wardkeep.kernel.times import HOUR
from wardkeep.pack.whole_house import PackKind


def test_the_emergency_department_finds_everybody_and_who_came_lately() -> None:
    came = patient("5", "Zola", "2")
    stay = msgspec.structs.replace(
        came.encounters[0],
        admitted=said(moment(NOW - 2 * HOUR)),
        state=said(EncounterState.DISCHARGED),
    )
    outside = msgspec.structs.replace(came, encounters=(stay,))
    pack = list_of(PackKind.EMERGENCY, trapped(), others=(outside,))
    [where] = rows_of(pack, "Who is where")
    assert where[:4] == ["JANSSENS, Marie-Louise", "08 Mar 1934", "700001", "4B · 401-1"]
    [arrived] = rows_of(pack, "Arrivals")
    assert arrived[3:5] == ["lies in no bed / has left", "02:12"]
    assert len(rows_of(pack, "What is known")) == 2


def test_the_book_of_cards_says_who_opened_it_and_lists_those_in_no_bed() -> None:
    outside = msgspec.structs.replace(patient("5", "Zola"), encounters=())
    pack = list_of(PackKind.CARDS, trapped(), others=(outside,))
    assert pack.notes[0] == "Opened by Ann Maes, 07 Mar 2026 04:12: found unconscious"
    first, second = rows_of(pack)
    assert "penicillin (severe: rash) [adt, 01:12]" in first[1]
    assert "acenocoumarol 2 mg [mar, 01:12]" in first[2]
    assert second[3] == "Implants: NOT RECORDED / Dialysis: NOT RECORDED"
