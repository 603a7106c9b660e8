from tests.pack.handmade import list_of, patient, rows_of, trapped

from wardkeep.pack.whole_house import PackKind


def test_the_front_desk_finds_a_patient_by_name_and_sees_nothing_clinical() -> None:
    pack = list_of(PackKind.FRONT_DESK, patient("2", "Zola", "2"), trapped())
    assert rows_of(pack) == [
        ["JANSSENS, Marie-Louise", "08 Mar 1934", "4B · Cardiology", "401-1"],
        ["ZOLA, Marie-Louise", "08 Mar 1934", "4B · Cardiology", "401-2"],
    ]
    told = repr(pack)
    for clinical in ("penicillin", "DNR", "methotrexate", "heart failure", "71 kg"):
        assert clinical not in told


def test_a_house_in_which_nobody_lies_says_so() -> None:
    pack = list_of(PackKind.FRONT_DESK)
    assert pack.groups[0].note == "Nobody is recorded in a bed."
    assert any("Whatever was done" in entry.text for entry in pack.unknown)
