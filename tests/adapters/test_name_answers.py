import struct

import dns.message
import dns.rcode
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.adapters.name_answers import Known, announcement, answer, answer_multicast

KNOWN = Known("crisis.hospital.internal", ("10.1.2.3", "fd00::3"))
LOCAL = Known("crisis.local", ("10.1.2.3", "fd00::3"))


def asked(name: str, kind: str = "A") -> dns.message.Message:
    content = answer(dns.message.make_query(name, kind).to_wire(), KNOWN)
    assert content is not None
    assert len(content) <= 512
    return dns.message.from_wire(content)


@pytest.mark.parametrize(
    ("name", "kind", "rcode", "said"),
    [
        ("crisis.hospital.internal", "A", "NOERROR", ["10.1.2.3"]),
        ("CRISIS.Hospital.Internal", "AAAA", "NOERROR", ["fd00::3"]),
        ("crisis.hospital.internal", "ANY", "NOERROR", ["10.1.2.3", "fd00::3"]),
        ("crisis.hospital.internal", "MX", "NOERROR", []),
        ("crisis.hospital.internal", "NS", "NOERROR", ["crisis.hospital.internal."]),
        ("x.crisis.hospital.internal", "A", "NXDOMAIN", []),
        ("hospital.internal", "A", "REFUSED", []),
        ("example.org", "A", "REFUSED", []),
        (".", "ANY", "REFUSED", []),
    ],
)
def test_only_the_boxs_own_name_is_answered(
    name: str, kind: str, rcode: str, said: list[str]
) -> None:
    reply = asked(name, kind)
    assert dns.rcode.to_text(reply.rcode()) == rcode
    assert [str(each) for rrset in reply.answer for each in rrset] == said
    # Known to be nothing is said with an SOA, so that resolvers may remember it (RFC 2308, 2).
    assert bool(reply.authority) == (rcode == "NXDOMAIN" or (rcode == "NOERROR" and not said))


def test_what_is_no_query_is_told_apart() -> None:
    query = dns.message.make_query("crisis.hospital.internal", "A")
    reply = dns.message.make_response(query).to_wire()
    assert answer(reply, KNOWN) is None, "two servers must not answer each other for ever"
    broken = answer(query.to_wire()[:15], KNOWN)
    assert broken is not None
    assert dns.message.from_wire(broken).rcode() == dns.rcode.FORMERR
    query.set_opcode(5)
    refused = answer(query.to_wire(), KNOWN)
    assert refused is not None
    assert dns.message.from_wire(refused).rcode() == dns.rcode.NOTIMP


@given(st.binary(max_size=600))
def test_no_bytes_make_it_fall_or_say_much(content: bytes) -> None:
    for reply in (answer(content, KNOWN), answer(content[:2] + bytes(2) + content, KNOWN)):
        assert reply is None or len(reply) <= max(512, len(content) + 100)
    for legacy in (True, False):
        answer_multicast(content, LOCAL, legacy=legacy)


@given(st.data())
def test_a_query_with_any_bytes_changed_is_still_met(data: st.DataObject) -> None:
    query = bytearray(dns.message.make_query(KNOWN.name, "A", use_edns=0).to_wire())
    for _ in range(data.draw(st.integers(1, 6))):
        query[data.draw(st.integers(0, len(query) - 1))] = data.draw(st.integers(0, 255))
    answer(bytes(query), KNOWN)
    answer_multicast(bytes(query), LOCAL, legacy=False)


def multicast(*questions: tuple[str, int, int], known: bytes = b"", answers: int = 0) -> bytes:
    body = b"".join(
        b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
        + b"\0"
        + struct.pack(">HH", kind, klass)
        for name, kind, klass in questions
    )
    return struct.pack(">HHHHHH", 0, 0, len(questions), answers, 0, 0) + body + known


def test_a_multicast_question_is_answered_to_all_or_to_its_sender() -> None:
    everyone = answer_multicast(multicast(("crisis.local", 1, 1)), LOCAL, legacy=False)
    assert everyone is not None
    assert not everyone.unicast
    assert everyone.content.endswith(b"\x80\x01\x00\x00\x00\x78\x00\x04\x0a\x01\x02\x03")
    alone = answer_multicast(multicast(("crisis.local", 28, 0x8001)), LOCAL, legacy=False)
    assert alone is not None
    assert alone.unicast
    assert answer_multicast(multicast(("other.local", 1, 1)), LOCAL, legacy=False) is None


def test_who_knows_the_answer_already_is_not_told_again() -> None:
    (record,) = [announcement(Known(LOCAL.name, ("10.1.2.3",)))[12:]]
    for ttl, told in ((120, False), (60, False), (59, True)):
        known = record.replace(struct.pack(">I", 120), struct.pack(">I", ttl))
        query = multicast(("crisis.local", 1, 1), known=known, answers=1)
        assert (answer_multicast(query, LOCAL, legacy=False) is not None) == told


def test_an_ordinary_resolver_gets_an_ordinary_answer() -> None:
    query = dns.message.make_query("crisis.local", "A")
    reply = answer_multicast(query.to_wire(), LOCAL, legacy=True)
    assert reply is not None
    read = dns.message.from_wire(reply.content)
    assert read.id == query.id
    assert [rrset.ttl for rrset in read.answer] == [10]


def test_a_name_is_taken_back_at_the_end() -> None:
    assert b"\x00\x00\x00\x00\x00\x04\x0a\x01\x02\x03" in announcement(LOCAL, goodbye=True)
