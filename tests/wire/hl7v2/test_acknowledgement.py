import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wardkeep.wire.hl7v2.acknowledgement import (
    HEADER_LIMIT,
    answer,
    answers_wanted,
    header_of,
    receipts,
)

AT = 1_779_506_130_000_000  # 2026-05-23 03:15:30 UTC


def message(
    control: str = "MSG7", accept: str = "", apply: str = "", charset: str = ""
) -> bytes:
    return (
        f"MSH|^~\\&|ADT|GHQV|WARDKEEP|SITE|20260523051500||ADT^A01^ADT_A01|{control}|P|2.5.1|||"
        f"{accept}|{apply}||{charset}\rEVN||20260523\rPID|1||77\r"
    ).encode("cp1252")


def told(body: bytes, *, application_ack: bool = True) -> list[bytes]:
    return answer(header_of(body), AT, 42, application_ack=application_ack)


def codes(body: bytes, *, application_ack: bool = True) -> list[bytes]:
    answers = told(body, application_ack=application_ack)
    return [each.split(b"\rMSA|")[1].split(b"|")[0] for each in answers]


def test_an_admission_is_answered_to_its_sender_in_its_own_charset() -> None:
    assert told(message(charset="8859/1")) == [
        (
            b"MSH|^~\\&|WARDKEEP|SITE|ADT|GHQV|20260523031530+0000||ACK^A01^ACK|WK42A|P|2.5.1"
            b"||||||8859/1\rMSA|AA|MSG7\r"
        )
    ]


@pytest.mark.parametrize(
    ("accept", "apply", "expected"),
    [
        ("", "", [b"AA"]),
        ("AL", "", [b"CA"]),
        ("SU", "NE", [b"CA"]),
        ("NE", "NE", []),
        ("ER", "", []),
        ("NE", "AL", [b"AA"]),
        ("AL", "AL", [b"CA", b"AA"]),
        ("", "ER", []),
        ("", "SU", [b"AA"]),
        ('""', '""', [b"AA"]),
        ('""', "NE", []),
        ("YES", "", [b"CA"]),
    ],
)
def test_the_sender_says_which_answers_it_wants(
    accept: str, apply: str, expected: list[bytes]
) -> None:
    assert codes(message(accept=accept, apply=apply)) == expected


def test_a_feed_may_give_no_application_answers_beyond_original_mode() -> None:
    assert codes(message(accept="AL", apply="AL"), application_ack=False) == [b"CA"]
    assert codes(message(), application_ack=False) == [b"AA"]


def test_the_control_id_comes_back_byte_for_byte() -> None:
    control = "n°7 \\T\\ é€"
    assert told(message(control))[0].endswith(b"MSA|AA|" + control.encode("cp1252") + b"\r")


def test_the_senders_own_delimiters_are_used() -> None:
    body = b"MSH$!*@%$LAB$X$WK$Y$2026$$ORU!R01$77$P$2.3\r"
    assert told(body)[0].startswith(
        b"MSH$!*@%$WK$Y$LAB$X$20260523031530+0000$$ACK!R01!ACK$WK42A"
    )
    assert told(body)[0].endswith(b"\rMSA$AA$77\r")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_sender_of_utf16_is_answered_in_utf16(codec: str) -> None:
    sent = "MSH|^~\\&|ADT|GHQV|WK|S|2026||ADT^A01|Ĝ“7|P|2.5\rPID|1\r".encode(codec)
    header = header_of(sent)
    plain = "utf-16-le" if codec == "utf-16" else codec
    assert header.control == "Ĝ“7".encode(plain)
    [told_back] = answer(header, AT, 1)
    assert told_back.decode(codec).endswith("MSA|AA|Ĝ“7\r")
    assert told_back[:2] == sent[:2]


def test_bytes_that_are_no_message_are_answered_all_the_same() -> None:
    for body in (b"", b"hello", b"\xff\xfe", b"MSH", b"MSH\r", b"\0"):
        assert len(told(body)) == 1
    assert told(b"hello") == [b"MSH|^~\\&|||||20260523031530+0000||ACK|WK42A|P|2.5\rMSA|AA|\r"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_the_header_ends_at_any_line_end(end: bytes) -> None:
    header = header_of(message().replace(b"\r", end))
    assert (header.application, header.facility, header.control) == (b"ADT", b"GHQV", b"MSG7")


@pytest.mark.parametrize("before", [b"\r\n", b" ", b"\xef\xbb\xbf\r", b"ZZZ|1\r"])
def test_a_header_is_found_behind_what_stands_before_it(before: bytes) -> None:
    assert header_of(before + message()).control == b"MSG7"


def test_a_batch_is_answered_by_a_batch() -> None:
    batch = (
        b"FHS|^~\\&|LAB|X|WK|Y|2026||||F1\rBHS|^~\\&|LAB|X|WK|Y|2026||||B1\r"
        + message("1")
        + message("2", accept="NE")
        + message("3", accept="AL")
        + b"BTS|3\rFTS|1\r"
    )
    header = header_of(batch)
    assert (header.application, header.facility, header.control) == (b"LAB", b"X", b"F1")
    [told_back] = answer(header, AT, 9)
    lines = told_back.split(b"\r")
    assert [line[:3] for line in lines] == [
        b"FHS",
        b"BHS",
        b"MSH",
        b"MSA",
        b"MSH",
        b"MSA",
        b"BTS",
        b"FTS",
        b"",
    ]
    assert [line for line in lines if line[:3] in {b"MSA", b"BTS", b"FTS"}] == [
        b"MSA|AA|1",
        b"MSA|CA|3",
        b"BTS|2",
        b"FTS|1",
    ]
    assert lines[0].endswith(b"|WK9|F1")


def test_a_batch_whose_messages_want_no_answer_gets_none() -> None:
    batch = b"BHS|^~\\&|LAB|X\r" + message(accept="NE") + b"BTS|1\r"
    assert told(batch) == []


def test_an_empty_batch_is_answered() -> None:
    assert told(b"BHS|^~\\&|LAB|X|WK|Y|2026||||B1\rBTS|0\r")[0].endswith(b"|WK42|B1\rBTS|0\r")


def test_a_header_without_end_is_looked_at_up_to_a_limit() -> None:
    endless = message("7").split(b"\r")[0] + b"|" * 3 * HEADER_LIMIT
    assert header_of(endless).control == b"7"
    assert len(header_of(b"MSH|^~\\&|" + b"a" * 3 * HEADER_LIMIT).application) < HEADER_LIMIT
    assert told(("MSH|^~\\&|" + "é" * 3 * HEADER_LIMIT).encode("utf-16"))


@given(st.binary(max_size=200) | st.binary(max_size=80).map(lambda noise: b"MSH|^~\\&" + noise))
def test_any_bytes_are_answered_the_same_way_twice(body: bytes) -> None:
    assert told(body) == told(body)


@given(st.text(max_size=60).map(lambda text: "MSH|^~\\&" + text), st.sampled_from(["le", "be"]))
def test_any_utf16_is_answered(text: str, order: str) -> None:
    told(text.encode("utf-16-" + order, "surrogatepass"))


def test_a_sender_knows_its_receipts_by_code_and_control_id() -> None:
    (given_back,) = told(message("n°7 é", charset="8859/1"))
    assert receipts(given_back) == [(b"AA", "n°7 é".encode("cp1252"))]
    (batch,) = told(b"BHS|^~\\&|LAB|X\r" + message("1") + message("2") + b"BTS|2\r")
    assert receipts(batch) == [(b"AA", b"1"), (b"AA", b"2")]
    wide = message("7").decode().encode("utf-16-le")
    assert receipts(told(wide)[0]) == [(b"AA", "7".encode("utf-16-le"))]
    assert receipts(b"MSH|^~\\&\rMSA\r") == [(b"", b"")]
    assert receipts(b"no answer") == []


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (message(), 1),
        (message(accept="AL", apply="AL"), 2),
        (message(accept="NE"), 0),
        (b"BHS|^~\\&|LAB\rBTS|0\r", 1),
        (b"BHS|^~\\&|LAB\r" + message(accept="NE"), 0),
        (b"BHS|^~\\&|LAB\r" + message(accept="NE") + message(), 1),
        (b"no HL7", 1),
    ],
)
def test_a_sender_knows_how_many_answers_to_wait_for(body: bytes, wanted: int) -> None:
    assert answers_wanted(header_of(body)) == wanted


@pytest.mark.parametrize("separator", ["|", "¦", "│", "😀"])
def test_a_message_in_utf_16_is_answered_whatever_its_separator(separator: str) -> None:
    fields = [
        "MSH",
        "^~\\&",
        "LAB",
        "H",
        "WK",
        "H",
        "20260516",
        "",
        "ORU^R01",
        "K7",
        "P",
        "2.5",
    ]
    header = header_of(separator.join(fields).encode("utf-16-le"))
    assert header.names() == tuple(text.encode("utf-16-le") for text in ("LAB", "H", "K7"))
    (made,) = answer(header, 0, 1)
    assert f"MSA{separator}AA{separator}K7".encode("utf-16-le") in made


@example(b"\x00\xd8\x00\x00", "utf-16-le")
@given(st.binary(max_size=40), st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_any_header_in_utf_16_has_names_and_an_answer(after: bytes, codec: str) -> None:
    header = header_of("MSH".encode(codec) + after)
    header.names()
    assert answer(header, 0, 1)


def test_an_answer_of_many_line_ends_is_read_at_once() -> None:
    assert receipts(b"MSH|^~\\&\r" + b"\r\n" * 200_000 + b"MSA|AA|7\r") == [(b"AA", b"7")]
