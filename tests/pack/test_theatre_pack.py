import msgspec
from tests.pack.handmade import NOW, SITE, list_of, moment, patient, rows_of, source, trapped

from wardkeep.chart.model import Appointment, PatientChart
from wardkeep.hospital.site import Paper
from wardkeep.kernel.times import HOUR
from wardkeep.pack.whole_house import PackKind

OPERATES = msgspec.structs.replace(SITE, paper=Paper(theatre_services=("Theatre",)))


def booked(chart: PatientChart, hours: int, state: str = "booked") -> PatientChart:
    operation = Appointment(
        appointment=f"{hours}{state}",
        start=moment(NOW + hours * HOUR),
        service="Theatre",
        reason="Left knee",
        place="OR 2",
        who="Dr Maes",
        state=state,
        source=source(),
    )
    return msgspec.structs.replace(chart, appointments=(operation,))


def test_operations_stand_by_time_with_allergies_and_blood() -> None:
    late, early = booked(trapped(), 9), booked(patient("9", "Zola", "2"), 4)
    first, second = rows_of(list_of(PackKind.THEATRE, late, early, site=OPERATES))
    assert (first[0], second[0]) == ("08:12 / OR 2", "13:12 / OR 2")
    assert second[1].endswith("Record 700001 / 4B · 401-1")
    assert second[2] == "Left knee / Dr Maes"
    assert second[3] == "L ☐   R ☐"
    assert second[4] == "penicillin (severe: rash)"
    assert "Blood group: NOT RECORDED" in second[5]
    assert "acenocoumarol 2 mg" in second[5]


def test_who_lies_in_no_bed_is_operated_on_too_and_who_cancelled_is_not() -> None:
    outside = msgspec.structs.replace(booked(patient("9"), 30), encounters=())
    gone = booked(patient("8", bed="2"), 4, "cancelled")
    pack = list_of(PackKind.THEATRE, gone, others=(outside,), site=OPERATES)
    [row] = rows_of(pack)
    assert "lies in no bed" in row[1]
    assert pack.groups[0].note == "no operation is booked here"
    assert len(pack.groups[1].rows) == 1


def test_a_site_that_names_no_operating_service_is_told_so() -> None:
    pack = list_of(PackKind.THEATRE, booked(patient("1"), 4))
    assert pack.groups[0].note == "NOT FED: the settings name no service that operates"
