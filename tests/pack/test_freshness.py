import msgspec
from tests.pack.handmade import NOW, order, pack_of, patient, sheet_of, streams, ward_data

from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import StreamStatus
from wardkeep.hospital.streams import Stream, StreamState
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.pack.contents import ward_pack
from wardkeep.paper.forms import WardPack


def with_stream(status: StreamStatus, lying: PatientChart | None = None) -> WardPack:
    data = ward_data(lying or patient("1"))
    others = tuple(each for each in streams() if each.stream is not status.stream)
    return ward_pack(
        msgspec.structs.replace(data, streams=(*others, status)), "en", translator("en")
    )


def test_the_header_says_of_each_stream_of_the_page_how_far_it_goes() -> None:
    sheet = sheet_of(patient("1"), weight=StreamState.NOT_FED, allergies=StreamState.LATE)
    assert sheet.as_of_mar.startswith(
        "PAPER OF 07 Mar 2026 04:12 CET, times without a date are of that day."
        " AS OF: Admissions and beds 04:10 · Allergies 03:27 LATE 45 min"
    )
    assert "Weight NOT FED" in sheet.as_of_mar
    assert "Laboratory 04:10" in sheet.as_of_summary


def test_charted_up_to_says_whether_its_delay_is_the_wards_own_or_a_setting() -> None:
    assert (
        sheet_of(patient("1")).charted
        == "CHARTED UP TO 07 Mar 2026 03:52 (allowed delay 90 min)"
    )
    data = ward_data(patient("1"))
    learned = msgspec.structs.replace(data.summary, lag_learned=True, charting_lag_minutes=40)
    pack = ward_pack(msgspec.structs.replace(data, summary=learned), "en", translator("en"))
    assert pack.patients[0].charted == "CHARTED UP TO 07 Mar 2026 03:52 (usual delay 40 min)"


def test_a_first_fill_stands_beside_a_feed_that_never_spoke() -> None:
    mute = StreamStatus(stream=Stream.ALLERGIES, state=StreamState.SILENT, loaded=NOW - HOUR)
    told = "Allergies NOTHING HEARD YET (loaded, as of 03:12)"
    assert told in with_stream(mute).patients[0].as_of_mar


def test_old_beds_or_orders_make_a_band() -> None:
    old = StreamStatus(stream=Stream.MEDICATION_ORDERS, state=StreamState.SILENT,
                       heard=NOW - 5 * HOUR, as_of=NOW - 5 * HOUR)  # fmt: skip
    assert with_stream(old).patients[0].old == "OLD DATA: Medication orders 5 h"
    assert with_stream(old).ward_sheet.old == "OLD DATA: Medication orders 5 h"
    assert pack_of(patient("1")).patients[0].old == ""


def test_a_stream_that_never_spoke_is_not_fresh() -> None:
    mute = StreamStatus(stream=Stream.ALLERGIES, state=StreamState.SILENT)
    assert "Allergies NOTHING HEARD YET ·" in with_stream(mute).patients[0].as_of_mar


def test_one_silent_system_of_two_is_told_apart_from_silence() -> None:
    half = StreamStatus(stream=Stream.ALLERGIES, state=StreamState.SILENT, feeds=("a", "b"),
                        heard=NOW - MINUTE, as_of=NOW - MINUTE, behind="b")  # fmt: skip
    told = "Allergies 04:11 SILENT (b)"
    assert told in with_stream(half).patients[0].as_of_mar
    behind = msgspec.structs.replace(half, known_to=NOW - 3 * HOUR)
    told = "Allergies 04:11 SILENT 3 h (b)"
    assert told in with_stream(behind).patients[0].as_of_mar


def test_old_messages_that_are_sent_again_are_told_with_their_own_age() -> None:
    again = StreamStatus(stream=Stream.ADMISSIONS, state=StreamState.SILENT, old_news=True,
                         heard=NOW, as_of=NOW - 5 * HOUR, known_to=NOW - 5 * HOUR)  # fmt: skip
    sheet = with_stream(again).patients[0]
    told = "Admissions and beds 06 Mar 23:12 SILENT 5 h (only old messages come)"
    assert told in sheet.as_of_mar
    assert sheet.old == "OLD DATA: Admissions and beds 5 h"


def test_before_any_dose_was_told_the_mar_does_not_say_that_none_was() -> None:
    mute = StreamStatus(stream=Stream.DOSES_GIVEN, state=StreamState.SILENT)
    sheet = with_stream(mute, patient("1", orders=(order("p", "paracetamol"),))).patients[0]
    assert sheet.blocks[0].lines[0].given == ("NOTHING HEARD YET",)
