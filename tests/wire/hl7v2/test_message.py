from __future__ import annotations

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.hl7v2 import UnreadableMessageError, escape, unescape
from wardkeep.wire.hl7v2.message import Message, read_frame

HEADER = "MSH|^~\\&|A|B|C|D|20260516||ADT^A01^ADT_A01|M1|P|2.5.1"
LINES = [HEADER, "EVN|A01|2026", "PID|1||7^^^X||Doe^Jo~Roe^Al", "NTE|1||text"]


def one(body: str) -> Message:
    (message,) = read_frame(body.encode()).messages
    return message


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\n\r"])
def test_segments_end_as_the_sender_ends_them(end: str) -> None:
    message = one(end.join(LINES) + end)
    assert [segment.name for segment in message.segments] == ["MSH", "EVN", "PID", "NTE"]
    assert message.segments[2].raw(5) == "Doe^Jo~Roe^Al"


def test_fields_are_numbered_as_the_standard_numbers_them() -> None:
    message = one("\r".join(LINES))
    assert (message.header.raw(1), message.header.raw(2)) == ("|", "^~\\&")
    assert (message.header.first(10), message.code, message.trigger) == ("M1", "ADT", "A01")
    pid = message.one("PID")
    assert pid is not None
    assert (pid.raw(3), pid.raw(99)) == ("7^^^X", "")
    assert message.one("ZZZ") is None
    assert [nte.text(3) for nte in message.named("NTE")] == ["text"]


def test_a_type_written_as_structure_alone_tells_its_trigger() -> None:
    message = one(HEADER.replace("ADT^A01^ADT_A01", "ADT_A01"))
    assert (message.code, message.trigger) == ("ADT", "A01")


def test_a_line_feed_inside_a_text_is_text() -> None:
    message = one(f"{HEADER}\rOBX|1|TX|X||first line\nsecond line||||||F")
    assert message.segments[1].raw(5) == "first line\nsecond line"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_what_follows_a_text_over_several_lines_stands_in_its_own_field(end: str) -> None:
    body = end.join([HEADER, "OBX|1|TX|X||first", "second||||||F", "NTE|1||n"])
    message = one(body.replace(f"first{end}", "first\n"))
    obx = message.segments[1]
    assert (obx.raw(5), obx.raw(11)) == ("first\nsecond", "F")
    assert message.segments[2].name == "NTE"


def test_a_file_that_somebody_indented_is_read() -> None:
    message = one("\n".join(["", *("  " + line for line in LINES), "  a text  ", " "]))
    assert [segment.name for segment in message.segments] == ["MSH", "EVN", "PID", "NTE"]
    assert message.segments[3].raw(3) == "text\n  a text  "


@pytest.mark.parametrize("line", ["x", "INR ", "INR:", "ADD|x"])
@pytest.mark.parametrize("end", ["\r", "\n"])
def test_a_text_of_very_many_lines_is_read_in_time_that_grows_with_its_length(
    line: str, end: str
) -> None:
    # Copied for each line, these 2 MB would be 400 GB.
    assert len(one(HEADER + end + "NTE|1||" + f"{end}{line}" * 400_000).segments) == 2


def test_mixed_separators_are_read() -> None:
    message = one(f"{HEADER}\nPID|1||7\rOBX|1|TX|X||a\nNTE|1||n\r\n")
    assert [segment.name for segment in message.segments] == ["MSH", "PID", "OBX", "NTE"]


@pytest.mark.parametrize("usual", ["|^~\\&", "#$%!@", "|^~\\&#", "|:~\\&"])
def test_delimiters_are_those_of_the_header(usual: str) -> None:
    field, component, repetition, escape, sub = list(usual[:5])
    header = f"MSH{field}{component}{repetition}{escape}{sub}{usual[5:]}{field}A"
    name = f"O{sub}X{component}a{escape}T{escape}b"
    message = one(f"{header}\rPID{field}1{field}{field}7{field}{field}{name}{repetition}Roe")
    pid = message.segments[1]
    assert pid.repetitions(5) == ["O&X^a\\T\\b", "Roe"]


def test_what_is_data_for_the_sender_is_data_for_the_reader() -> None:
    pid = one("MSH#$%!@#A\rPID#1##7##a|b^c").segments[1]
    assert pid.text(5) == "a|b^c"


def test_a_batch_is_unwrapped_and_its_counts_compared() -> None:
    batch = ["FHS|^~\\&", "BHS|^~\\&", *LINES, *LINES, "BTS|2", "FTS|1"]
    frame = read_frame("\r".join(batch).encode())
    assert (len(frame.messages), frame.oddities) == (2, [])
    batch[-2:] = ["BTS|3", "FTS|2"]
    assert len(read_frame("\r".join(batch).encode()).oddities) == 2


def test_a_batch_without_messages_is_read_as_such() -> None:
    frame = read_frame(b"BHS|^~\\&|LAB\rBTS|0\r")
    assert (frame.messages, frame.oddities) == ([], [])
    assert len(read_frame(b"BHS|^~\\&|LAB\rBTS|2\r").oddities) == 1


def test_an_addendum_continues_the_segment_before_it() -> None:
    message = one(f"{HEADER}\rOBX|1|TX|X||first \rADD|second||mg")
    assert message.segments[1].fields[5:] == ["first second", "", "mg"]


def test_a_message_that_is_continued_elsewhere_says_so() -> None:
    frame = read_frame("\r".join([*LINES, "DSC|4711|F"]).encode())
    assert "DSC" in frame.oddities[0]


@pytest.mark.parametrize(
    "body", [b"", b"\r", b"PID|1", b"MSH", b"MSH ", b"MSHA^B^C^D", b"\xff\xfe", b"\0"]
)
def test_what_has_no_header_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableMessageError):
        read_frame(body)


def test_a_header_with_nothing_where_the_delimiters_stand_has_the_usual_ones() -> None:
    frame = read_frame(b"MSH||A|||20010101\rPID|1||7^^^X~8")
    assert frame.messages[0].header.raw(3) == "A"
    assert frame.messages[0].segments[1].repetitions(3) == ["7^^^X", "8"]
    assert frame.oddities == ["no message type (MSH-9)"]


@pytest.mark.parametrize(
    "line", ["MSHJZemZFYmpUUkpq", "FHSabc", "MSH means header", "ok", "Zo"]
)
@pytest.mark.parametrize("end", ["\r", "\n"])
def test_a_line_of_text_is_text_whatever_its_first_letters(line: str, end: str) -> None:
    body = end.join([HEADER, "OBX|1|ED|X||first", "second|", "NTE|1||n"])
    message = one(body.replace("second|", f"xx\n{line}"))
    assert message.segments[1].raw(5) == f"first\nxx\n{line}"
    assert message.segments[-1].name == "NTE"


def test_an_addendum_behind_the_header_does_not_alter_it() -> None:
    message = one(f"{HEADER}\rADD|rest")
    assert message.header.raw(12) == "2.5.1"
    assert message.segments[1].fields == ["ADD", "rest"]


def test_hexadecimal_data_is_in_the_charset_of_the_message() -> None:
    sent = f"{HEADER}||||||8859/7\rNTE|1||ώ \\XFF\\".encode(
        "iso8859-7"
    )  # FF is no letter of it
    assert read_frame(sent).messages[0].segments[1].raw(3) == "ώ \\XFF\\"
    for charset, codec in (("8859/15", "iso8859-15"), ("8859/2", "iso8859-2")):
        sent = f"{HEADER}||||||{charset}\rNTE|1||é \\XA4\\ \\XB1\\".encode(codec)
        (message,) = read_frame(sent).messages
        assert message.segments[1].text(3) == "é " + b"\xa4 \xb1".decode(codec)


def test_a_letter_that_the_sender_cut_is_told_and_spoils_no_other() -> None:
    sent = f"{HEADER}||||||UNICODE UTF-8\rPID|1||7||Lefèvre^Zoé\rNTE|1||5 µ".encode()
    frame = read_frame(sent[:-1])
    message = frame.messages[0]
    assert message.segments[1].raw(5) == "Lefèvre^Zoé"
    assert message.segments[2].text(3) == "5 \ufffd"
    assert frame.oddities == ["letters that are broken: not the charset that the message says"]


def test_a_message_of_600_kb_is_read() -> None:
    text = "x" * 600_000
    assert one("\r".join([HEADER, f"OBX|1|ED|X||^text^^Base64^{text}"])).segments[1].raw(5)


@pytest.mark.parametrize("piece", ["MSH|\r", "ZZ1\n", "ab|"])
def test_a_hostile_message_of_millions_of_pieces_is_refused_before_it_is_split(
    piece: str,
) -> None:
    with pytest.raises(UnreadableMessageError, match=r"more than \d+ (segments|fields)"):
        one(HEADER + "\rNTE|1||" + piece * 4_000_001)


def test_fields_asked_for_at_once_are_split_first_and_unescaped_last() -> None:
    pid = one(f"{HEADER}\rPID|1||a&b^c\\T\\d~e||f").segments[1]
    assert pid.tree((3, 4, 5, 9)) == {3: [["a&b", "c&d"], ["e"]], 5: [["f"]]}


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for start in (b"", HEADER.encode() + b"\r", b"MSH|^~\\&"):
        try:
            frame = read_frame(start + body)
        except UnreadableMessageError:
            continue
        assert all(message.segments for message in frame.messages)


_FIELD = st.text(
    st.characters(exclude_characters="\r\n|", exclude_categories=["Cs"]), max_size=8
)


@given(st.lists(st.lists(_FIELD, min_size=1, max_size=6), max_size=6))
def test_fields_come_back_as_they_were_sent(segments: list[list[str]]) -> None:
    lines = [
        HEADER + "||||||UNICODE UTF-8",
        *("|".join(["ZZZ", *fields]) for fields in segments),
    ]
    message = one("\r".join(lines))
    assert [segment.fields[1:] for segment in message.named("ZZZ")] == segments


_PIECE = st.text("ab|^~\\&éµ", min_size=1, max_size=5)
_FIELD_TREE = st.lists(  # repetitions of components of subcomponents
    st.lists(st.lists(_PIECE, min_size=1, max_size=3), min_size=1, max_size=3),
    min_size=1,
    max_size=3,
)


@given(_FIELD_TREE)
def test_python_hl7_reads_the_same(tree: list[list[list[str]]]) -> None:
    field = "~".join("^".join("&".join(map(escape, sub)) for sub in rep) for rep in tree)
    body = f"{HEADER}\rZZZ|x|{field}\r"
    theirs = hl7.parse(body)
    repetitions = one(body).segments[1].repetitions(2)
    for r, rep in enumerate(tree):
        for c, sub in enumerate(rep):
            for s, piece in enumerate(sub):
                ours = unescape(repetitions[r].split("^")[c].split("&")[s])
                assert ours == piece
                assert theirs.extract_field("ZZZ", 1, 2, r + 1, c + 1, s + 1) == piece
