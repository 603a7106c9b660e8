from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chart.sending import (
    BRUSSELS,
    FEEDS,
    RECEIVED,
    RULES,
    adt,
    chart,
    micros,
    msh,
    orders,
    pid,
    pv1,
    ras,
    rde,
    read,
)

from wardkeep.chart.reading import ReadingContext, read_entry
from wardkeep.hospital.site import Feed, Rules
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.times import DAY
from wardkeep.ledger.arrival import Entry, Kind


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no MSH segment"),
        (b"<xml/>", "no MSH segment"),
        (b"MSH", "MSH without delimiters"),
        (b"MSH||A|||", "no message type (MSH-9)"),
        (adt("A01", "20260516080000"), "no PID segment"),
        (adt("A01", "20260516080000", "PID|1||||Dupont"), "no record number (PID-3)"),
        (adt("A40", "20260516080000", pid()), "a merge without MRG"),
        (adt("A40", "20260516080000", pid(), "MRG|"), "a merge without an old number (MRG-1)"),
        (
            rde("NW", "20260516080000", order="", drug="X"),
            "a medication order without a number (ORC-2, ORC-3)",
        ),
        (
            orders("RAS^O17", "20260516080000", "ORC|RE|7", "RXA|0|1|soon||X"),
            "a dose without a readable time (RXA-3)",
        ),
        (orders("SIU^S12", "20260516080000"), "a booking without SCH"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    assert read(body).fault == reason


def test_an_unmerge_is_refused_with_its_reason() -> None:
    found = read(adt("A37", "20260516080000", pid(), pid("1002")))
    assert found.fault is not None
    assert found.fault.startswith("an unmerge (A37) is refused")
    assert found.changes == ()


def test_reasons_hold_nothing_of_the_patient() -> None:
    for body in (adt("A37", "20260516080000", pid()), adt("A01", "2026", "PID|1||||Dupont")):
        assert "Dupont" not in (read(body).fault or "")


@pytest.mark.parametrize("kind", ["ACK", "VXU^V04", "DFT^P03", "MFN^M02", "QBP^Q11", "ZZZ^Z01"])
def test_messages_that_are_not_for_the_chart_are_no_fault(kind: str) -> None:
    found = read("\r".join([msh(kind, "20260516080000"), pid()]).encode())
    assert (found.fault, found.changes, found.message_type) == (None, (), kind)


@pytest.mark.parametrize("separator", ["\r", "\n", "\r\n", "\n\r"])
def test_any_separator_of_segments_is_read(separator: str) -> None:
    body = adt("A01", "20260516080000", pid(), pv1()).replace(b"\r", separator.encode())
    assert chart(("adt", body)).current is not None


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("8859/1", "latin-1"),
        ("8859/1", "cp1252"),
        ("UNICODE UTF-8", "utf-8"),
        ("", "utf-8"),
        ("", "cp1252"),
        ("8859/15", "iso8859-15"),
        ("UNICODE UTF-8", "cp1252"),
        ("8859/1~UNICODE UTF-8", "cp1252"),
        ("UNICODE", "utf-16"),
    ],
)
def test_names_with_accents_are_read_in_the_charset_of_the_message(
    charset: str, codec: str
) -> None:
    text = adt("A01", "20260516080000", pid(name="Lefèvre^Gwénaëlle"), pv1()).decode()
    text = text.replace("2.5.1|", f"2.5.1||||||{charset}", 1)
    found = chart(("adt", text.encode(codec)))
    assert found.name is not None
    assert (found.name.value.family, found.name.value.given) == ("Lefèvre", "Gwénaëlle")


def test_other_delimiters_mean_the_same() -> None:
    text = adt("A01", "20260516080000", pid(name="Du|pont^Ma&rie"), pv1()).decode()
    text = text.replace("Du|pont", "Dupont").replace("Ma&rie", "Marie")
    other = text.translate(str.maketrans("|^~\\&", "#*%!@"))
    assert chart(("adt", other.encode())).name == chart(("adt", text.encode())).name


def test_escaped_delimiters_are_text() -> None:
    found = chart(
        ("adt", adt("A01", "20260516080000", pid(name="O\\T\\Neil\\S\\x^A\\F\\b"), pv1()))
    )
    assert found.name is not None
    assert (found.name.value.family, found.name.value.given) == ("O&Neil^x", "A|b")


def test_a_batch_holds_many_messages() -> None:
    one = adt("A01", "20260516080000", pid(), pv1()).decode()
    two = adt("A01", "20260516080100", pid("1002"), pv1("A2^1^1", "V2")).decode()
    good = f"FHS|^~\\&\rBHS|^~\\&\r{one}{two}BTS|2\rFTS|1\r"
    found = read(good.encode())
    assert {change.record for change in found.changes} == {"1001", "1002"}
    assert found.fault is None
    short = read(good.replace("BTS|2", "BTS|3").encode())
    assert short.fault is not None
    assert "BTS-1" in short.fault
    assert {change.record for change in short.changes} == {"1001", "1002"}


def test_the_record_number_is_the_one_of_the_sites_authority() -> None:
    line = "PID|1||85010112345^^^RRN^NNBEL~777^^^OTHER^MR~1001^^^GHQV^PI||Dupont^Marie"
    assert {c.record for c in read(adt("A08", "20260516080000", line)).changes} == {"1001"}
    free = read(adt("A08", "20260516080000", line), rules=Rules())
    assert {c.record for c in free.changes} == {"777"}
    plain = read(adt("A08", "20260516080000", "PID|1|55|||Dupont^Marie"))
    assert {c.record for c in plain.changes} == {"55"}


def test_a_sender_with_a_wrong_clock_does_not_outrank_all_that_follows() -> None:
    future = adt("A08", "20990101000000", pid(name="Future^Ann"), pv1())
    later = adt("A08", "20260917080000", pid(name="Dupont^Marie"), pv1())
    found = [change.stamp.event for change in read(future).changes]
    assert max(found) <= RECEIVED + DAY
    assert chart(("adt", later)).name is not None


def test_streams_wards_and_numbers_are_heard() -> None:
    body = "\r".join([msh("ADT^A08", "20260516080000", "C1", "41"), pid(), pv1()]).encode()
    found = read(body)
    assert found.sequence_number == 41
    assert (Stream.ADMISSIONS, "A2", micros("20260516080000")) in found.heard
    assert found.message_type == "ADT^A08"


def test_a_feed_is_heard_only_for_the_streams_it_is_said_to_carry() -> None:
    feed = Feed(name="meds", streams=(Stream.DOSES_GIVEN,))
    assert read(rde("NW", "20260516080000", drug="X"), feed).heard == ()


def test_a_reused_message_number_is_flagged_on_the_patient() -> None:
    body = adt("A08", "20260516080000", pid(), pv1())
    told = Entry(1, "adt", RECEIVED, Kind.HL7, b"", b"", b"", body, True)
    keys = {
        change.key
        for change in read_entry(told, ReadingContext(RULES, FEEDS[0], BRUSSELS)).changes
    }
    assert "id_reused" in keys


def test_an_imaging_report_is_heard_as_imaging_and_a_value_as_laboratory() -> None:
    obr = ["OBR", "1", "", "R1^RIS", "X"] + [""] * 20
    obr[24] = "RAD"
    report = orders("ORU^R01", "20260516080000", "|".join(obr), "OBX|1|TX|T||text||||||F")
    value = orders("ORU^R01", "20260516080000", "OBR|1||L1|X", "OBX|1|NM|K||4||||||F")
    lab = FEEDS[2]
    assert [stream for stream, *_ in read(report, lab).heard] == [Stream.IMAGING]
    assert [stream for stream, *_ in read(value, lab).heard] == [Stream.LABORATORY]


def test_stray_bytes_are_not_read() -> None:
    stray = Entry(1, "adt", RECEIVED, Kind.STRAY, b"", b"", b"", b"MSH|", False)
    assert read_entry(stray, ReadingContext(RULES, FEEDS[0], BRUSSELS)).fault


_LINES = st.sampled_from(
    [
        pid(),
        pv1(),
        "PV2",
        "EVN|A01|2026",
        "AL1|1||X",
        "IAM|1",
        "NK1|1|A^B",
        "DG1|1||X",
        "ORC|NW|1^N",
        "ORC",
        "OBR|1|1^N",
        "OBX|1|NM|K||4",
        "OBX|||||",
        "RXE||X^Y|1||mg",
        "RXA|0|1|2026",
        "RXC|A",
        "RXR|PO",
        "TQ1|1||BID",
        "NTE|1||n",
        "SPM|1|S",
        "SCH|1",
        "AIS|1",
        "TXA|1",
        "MRG|2",
        "ZZ1|~^&\\",
        "PID",
        "ODS|D||X",
        "PRB|AD|2026|X",
        "DSC|1",
        "ADD|x",
        "",
        "x",
        "QPD|^^",
    ]
)
_KINDS = st.sampled_from(
    [
        "ADT^A01",
        "ADT^A40",
        "ADT^A17",
        "ADT^A60",
        "ADT",
        "RDE^O11",
        "RAS^O17",
        "ORU^R01",
        "OML^O21",
        "ORM^O01",
        "OMD^O03",
        "SIU^S12",
        "MDM^T02",
        "PPR^PC1",
        "OUL^R22",
        "",
        "RGV^O15",
    ]
)


@given(_KINDS, st.lists(st.one_of(_LINES, st.text(max_size=20)), max_size=12))
def test_any_segments_are_read_or_refused_and_never_break(kind: str, lines: list[str]) -> None:
    body = "\r".join([msh(kind, "20260516080000"), *lines]).encode("utf-8", "surrogateescape")
    read(body)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_never_break(body: bytes) -> None:
    read(body)
    read(b"MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5\r" + body)


@given(st.binary(min_size=1, max_size=4), st.integers(0, 400))
def test_a_damaged_message_never_breaks_the_reader(damage: bytes, place: int) -> None:
    body = adt("A01", "20260516080000", pid(), pv1(), "AL1|1|DA|P^Penicillin^L|SV")
    read(body[:place] + damage + body[place + len(damage) :])


def test_a_snapshot_that_says_nothing_of_problems_does_not_make_them_fresh() -> None:
    reading = read(adt("A08", "20260516080000", pid(), pv1()))
    assert {stream for stream, _, _ in reading.heard} == {Stream.ADMISSIONS}


def test_a_message_written_anew_tells_how_old_what_it_tells_is() -> None:
    backlog = adt("A01", "20260516080000", pid(), pv1(), written="20260516120000")
    assert read(backlog).heard == ((Stream.ADMISSIONS, "A2", micros("20260516080000")),)
    meds = FEEDS[1]
    order = rde("NW", "20260516080000", drug="X").replace(
        b"|20260516080000||RDE", b"|20260516120000||RDE"
    )
    assert [at for *_, at in read(order, meds).heard] == [micros("20260516080000")]
    late = ras("20260516080000", sent="20260516090000")
    assert [at for *_, at in read(late, meds).heard] == [micros("20260516090000")]


@pytest.mark.parametrize(
    "segment", ["DG1|1", "AL1|1", "PD1|", "OBX|1|ST|DIET||", "OBX|1|NM|29463-7||", "NK1|1"]
)
def test_a_segment_that_says_nothing_of_a_kind_does_not_make_it_heard(segment: str) -> None:
    told = read(adt("A08", "20260516080000", pid(), pv1(), segment)).heard
    assert {stream for stream, *_ in told} == {Stream.ADMISSIONS}
