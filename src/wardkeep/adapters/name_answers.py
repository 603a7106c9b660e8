"""Answers of a tiny name server: its own name with its own addresses, and nothing else.

Rules kept here, by standard:
- DNS (RFC 1035): authoritative for one name; what lies below it does not exist, every other
  name is REFUSED, what cannot be read is FORMERR or, if it is an answer itself, nothing;
- mDNS (RFC 6762): one .local name; legacy senders (6.7) get an ordinary answer, known answers
  (7.1) are not repeated;
- no answer is longer than 512 bytes.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import msgspec

_TTL, _MULTICAST_TTL, _LEGACY_TTL = 60, 120, 10  # RFC 6762, 10 and 6.7
_HEADER_BYTES = 12
_ANSWER_BIT, _OPCODE_BITS = 0x80, 0x78
_TOP_BIT = 0x8000
"""Of a class: answer by unicast, please (5.4); of a record: forget the older ones (10.2)."""
LARGEST_QUERY = 4_096
_A, _AAAA, _ANY, _SOA, _NS = (
    dns.rdatatype.A,
    dns.rdatatype.AAAA,
    dns.rdatatype.ANY,
    dns.rdatatype.SOA,
    dns.rdatatype.NS,
)
_UNREADABLE = (dns.exception.DNSException, ValueError, IndexError)


class Known(msgspec.Struct, frozen=True):
    """A name and the addresses that it stands for."""

    name: str
    addresses: tuple[str, ...]


class MulticastReply(msgspec.Struct, frozen=True):
    """What is sent for a multicast question, and whether to its sender alone."""

    content: bytes
    unicast: bool


def answer(query: bytes, known: Known) -> bytes | None:
    """Return the answer to a DNS query, None where silence is the answer."""
    if len(query) < _HEADER_BYTES or query[2] & _ANSWER_BIT:
        return None
    if query[2] & _OPCODE_BITS:
        kept = 0x80 | query[2] & _OPCODE_BITS  # NOTIMP, to an update or the like
        return query[:2] + bytes([kept, 4]) + bytes(8)
    try:
        asked = dns.message.from_wire(query[:LARGEST_QUERY])
    except _UNREADABLE:
        return query[:2] + b"\x80\x01" + bytes(8)  # QR and FORMERR (RFC 1035, 4.1.1)
    reply = dns.message.make_response(asked, our_payload=1232)
    reply.flags &= ~dns.flags.RA
    if len(asked.question) != 1:
        reply.set_rcode(dns.rcode.FORMERR)
    else:
        _fill(reply, asked.question[0], known)
    return reply.to_wire()


def _fill(reply: dns.message.Message, question: dns.rrset.RRset, known: Known) -> None:
    own = dns.name.from_text(known.name)
    if question.rdclass != dns.rdataclass.IN or not question.name.is_subdomain(own):
        reply.set_rcode(dns.rcode.REFUSED)
        return
    reply.flags |= dns.flags.AA
    soa = dns.rrset.from_text(own, _TTL, "IN", "SOA", f"{own} {own} 1 3600 600 86400 {_TTL}")
    if question.name != own:
        reply.set_rcode(dns.rcode.NXDOMAIN)
        reply.authority.append(soa)
        return
    found = [
        dns.rrset.from_text(question.name, _TTL, "IN", kind, *texts)
        for kind, texts in _by_type(known.addresses)
        if question.rdtype in {kind, _ANY}
    ]
    if question.rdtype == _SOA:
        found = [soa]
    elif question.rdtype == _NS:
        found = [dns.rrset.from_text(own, _TTL, "IN", "NS", str(own))]
    reply.answer.extend(found)
    if not found:
        reply.authority.append(soa)


def answer_multicast(query: bytes, known: Known, *, legacy: bool) -> MulticastReply | None:
    """Return the answer to an mDNS query, None for what is not ours or known already.

    `legacy`: it came from another port than 5353, so from an ordinary resolver.
    """
    if len(query) < _HEADER_BYTES or query[2] & (_ANSWER_BIT | _OPCODE_BITS):
        return None
    try:
        asked = dns.message.from_wire(query[:LARGEST_QUERY], one_rr_per_rrset=True)
    except _UNREADABLE:
        return None
    own = dns.name.from_text(known.name)
    wanted = {_A, _AAAA, _ANY}
    ours = [q for q in asked.question if q.name == own and q.rdtype in wanted]
    if not ours:
        return None
    if legacy:
        return MulticastReply(_legacy(asked, ours[0], known), unicast=True)
    records = [r for q in ours for r in _records(known, q.rdtype, _MULTICAST_TTL)]
    fresh = [r for r in dict.fromkeys(records) if not _is_known(r, asked)]
    if not fresh:
        return None
    alone = all(q.rdclass & _TOP_BIT for q in ours)
    return MulticastReply(_packet(fresh), unicast=alone)


def announcement(known: Known, *, goodbye: bool = False) -> bytes:
    """Return the unasked answer that begins (8.3) or, with `goodbye`, ends (10.1) a name."""
    return _packet(_records(known, _ANY, 0 if goodbye else _MULTICAST_TTL))


def _legacy(asked: dns.message.Message, question: dns.rrset.RRset, known: Known) -> bytes:
    reply = dns.message.Message(id=asked.id)
    reply.flags = dns.flags.QR | dns.flags.AA
    name = question.name
    reply.question.append(dns.rrset.RRset(name, dns.rdataclass.IN, question.rdtype))
    for kind, texts in _by_type(known.addresses):
        if question.rdtype in {kind, _ANY}:
            reply.answer.append(dns.rrset.from_text(name, _LEGACY_TTL, "IN", kind, *texts))
    return reply.to_wire()


Record = tuple[bytes, int, int, bytes]
"""Name on the wire, type, seconds to live, data."""


def _records(known: Known, kind: int, ttl: int) -> list[Record]:
    name = dns.name.from_text(known.name).to_wire()
    if name is None:
        return []
    found = []
    for each in map(ipaddress.ip_address, known.addresses):
        own = _A if each.version == 4 else _AAAA  # noqa: PLR2004  # IP version 4
        if kind in {own, _ANY}:
            found.append((name, int(own), ttl, each.packed))
    return found


def _packet(records: Sequence[Record]) -> bytes:
    # QR and AA, number 0 (18.1); every record is the only one of its kind (10.2).
    head = b"\x00\x00\x84\x00\x00\x00" + len(records).to_bytes(2, "big") + bytes(4)
    flush = (dns.rdataclass.IN | _TOP_BIT).to_bytes(2, "big")
    return head + b"".join(
        name
        + kind.to_bytes(2, "big")
        + flush
        + ttl.to_bytes(4, "big")
        + len(data).to_bytes(2, "big")
        + data
        for name, kind, ttl, data in records
    )


def _is_known(record: Record, asked: dns.message.Message) -> bool:
    """Tell whether the sender has this record, with half of its life left (7.1)."""
    _, kind, ttl, data = record
    return any(
        rrset.rdtype == kind and rrset.ttl * 2 >= ttl and each.to_wire() == data
        for rrset in asked.answer
        for each in rrset
    )


def _by_type(addresses: Sequence[str]) -> list[tuple[dns.rdatatype.RdataType, list[str]]]:
    fours = [a for a in addresses if ":" not in a]
    sixes = [a for a in addresses if ":" in a]
    return [(kind, texts) for kind, texts in ((_A, fours), (_AAAA, sixes)) if texts]
