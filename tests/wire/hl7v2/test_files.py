from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.hl7v2.files import messages_in

A01 = b"MSH|^~\\&|ADT|H|||20260517||ADT^A01|1|P|2.5\rPID|||7^^^H^MR||Doe^Jo"
A03 = b"MSH|^~\\&|ADT|H|||20260517||ADT^A03|2|P|2.5\rPID|||7^^^H^MR||Doe^Jo"


@given(st.sampled_from([b"\r", b"\n", b"\r\n", b"\r\r\n\n"]), st.integers(1, 5))
def test_a_file_gives_each_message_whatever_the_separators(line: bytes, count: int) -> None:
    message = A01.replace(b"\r", line)
    assert messages_in(line.join([message] * count) + line) == [message] * count


def test_a_batch_gives_its_messages_without_the_wrapping() -> None:
    batch = b"FHS|^~\\&\rBHS|^~\\&\r" + A01 + b"\r" + A03 + b"\rBTS|2\rFTS|1\r"
    assert messages_in(batch) == [A01, A03]


def test_a_capture_with_framing_gives_the_messages() -> None:
    assert messages_in(b"\x0b" + A01 + b"\r\x1c\r\x0b" + A03 + b"\r\x1c\r") == [A01, A03]


def test_msh_inside_a_line_begins_no_message() -> None:
    note = A01 + b"\rNTE|1||see MSH|3 of the sender"
    assert messages_in(note) == [note]


def test_a_file_without_a_message_gives_none() -> None:
    assert messages_in(b"name;born\nDoe;1934\n") == []


def test_utf16_files_stay_whole() -> None:
    content = A01.decode().encode("utf-16")
    assert messages_in(content) == [content]
