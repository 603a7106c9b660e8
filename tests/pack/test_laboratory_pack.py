from tests.pack.handmade import list_of, patient, rows_of, trapped

from wardkeep.hospital.streams import StreamState
from wardkeep.pack.whole_house import PackKind


def test_the_laboratory_sees_what_a_ward_waits_for_and_whom_to_ring() -> None:
    pack = list_of(PackKind.LABORATORY, trapped(), patient("2", bed="2"))
    [row] = rows_of(pack)
    assert row[0] == "401-1"
    assert row[2].startswith("blood culture · taken time NOT RECORDED · S1")
    assert row[3] == "echo"
    assert row[4] == "potassium 6.1 mmol/L [HH] (02:12)"
    assert pack.groups[0].note == "Direct lines: +32 4 123 45 67  (NEVER TESTED)"
    assert pack.counts == "1 specimens without a final result"


def test_where_no_specimens_are_fed_none_is_not_said() -> None:
    [row] = rows_of(
        list_of(
            PackKind.LABORATORY, patient("1", results=trapped().results),
            specimens=StreamState.NOT_FED, orders=StreamState.NOT_FED,
        )
    )  # fmt: skip
    assert row[2:4] == ["NOT FED", "NOT FED"]
