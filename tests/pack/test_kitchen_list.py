from tests.pack.handmade import list_of, patient, rows_of, said, trapped

from wardkeep.hospital.streams import StreamState
from wardkeep.pack.whole_house import PackKind


def test_the_kitchen_reads_diet_and_allergies_by_room() -> None:
    eats = patient("2", "Zola", "2", diet=said("No salt"))
    assert rows_of(list_of(PackKind.KITCHEN, trapped(), eats)) == [
        ["401-1", "JANSSENS, Marie-Louise / 08 Mar 1934", "DIET NOT RECORDED: ASK",
         "penicillin (severe: rash)", ""],
        ["401-2", "ZOLA, Marie-Louise / 08 Mar 1934", "No salt",
         "ALLERGIES: NOT RECORDED: ASK", ""],
    ]  # fmt: skip


def test_where_nobody_sends_diets_none_is_called_unrecorded() -> None:
    [row] = rows_of(list_of(PackKind.KITCHEN, patient("1"), diet=StreamState.NOT_FED))
    assert row[2] == "DIET NOT FED: ASK"
