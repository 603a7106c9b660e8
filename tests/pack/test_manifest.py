from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.kernel.times import HOUR, MINUTE, SECOND
from wardkeep.pack.errors import ManifestError
from wardkeep.pack.manifest import (
    Doubt,
    Listed,
    Manifest,
    Part,
    decode,
    encode,
    html_name,
    listed,
    next_counter,
    pdf_name,
    verdict,
)

NOW = 1_795_000_000 * SECOND


def pack(
    ward: str = "4B", built: int = NOW, as_of: int | None = NOW, number: int = 7
) -> Listed:
    return Listed(
        ward=ward, generation=number, language="fr", built=built, as_of=as_of, held=False,
        shell="5" * 64, html=Part(file=html_name(ward), sha256=f"{number:064x}", size=10),
        pdf=Part(file=pdf_name(ward, number), sha256=f"{number + 1:064x}", size=20),
    )  # fmt: skip


def manifest(*packs: Listed, counter: int = 5) -> Manifest:
    return Manifest(site="H1", counter=counter, signed=NOW, old_after=4 * HOUR, packs=packs)


def test_the_bytes_are_those_that_are_written_down() -> None:
    assert encode(manifest(pack())) == (
        b'{"counter":5,"format":"wardkeep manifest 1","old_after":14400000000,"packs":[{"as_of"'
        b':1795000000000000,"built":1795000000000000,"generation":7,"held":false,"html":{"file"'
        b':"4B.html","sha256":"' + b"0" * 63 + b'7","size":10},"language":"fr","pdf":{"file":'
        b'"4B-000000000007.pdf.age","sha256":"' + b"0" * 63 + b'8","size":20},"shell":"'
        + b"5" * 64 + b'","ward":"4B"}],"signed":1795000000000000,"site":"H1"}\n'
    )  # fmt: skip


def test_times_as_told_stand_in_the_signed_list_and_lists_without_them_are_read() -> None:
    told = {"built_told": "29 nov 2026 10:10 CET", "as_of_told": "29 nov 2026 10:09 CET"}
    made = msgspec.structs.replace(pack(), **told)
    assert b'"as_of_told":"29 nov 2026 10:09 CET"' in encode(manifest(made))
    assert decode(encode(manifest(made))).packs == (made,)
    assert decode(encode(manifest(pack()))).packs[0].built_told == ""


def test_wards_stand_in_order_and_the_manifest_reads_back() -> None:
    made = encode(manifest(pack("5A"), pack("4B")))
    assert [each.ward for each in decode(made).packs] == ["4B", "5A"]
    assert encode(decode(made)) == made


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b":5", b": 5"),
        lambda text: text + b" ",
        lambda text: text[:-1],
        lambda text: text.replace(b'"counter":5', b'"counter":5.0'),
        lambda text: text.replace(b'"site"', b'"extra":1,"site"'),
        lambda text: text.replace(b"manifest 1", b"manifest 2"),
        lambda _: b"{}",
        lambda _: b"",
        lambda _: b"\xff",
    ],
)
def test_another_form_of_a_manifest_is_refused(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ManifestError):
        decode(change(encode(manifest(pack()))))


@given(st.binary(max_size=300))
def test_no_bytes_are_taken_for_a_manifest_by_chance(content: bytes) -> None:
    with pytest.raises(ManifestError):
        decode(content)


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_ward_leads_out_of_the_folder_and_two_short_ones_share_no_name(
    one: str, other: str
) -> None:
    for ward in (one, other):
        assert "/" not in html_name(ward)
        assert not html_name(ward).startswith("../")
        assert len(pdf_name(ward, 10**11).encode()) < 255
    if one != other and len(html_name(one)) < 60 and len(html_name(other)) < 60:
        assert html_name(one) != html_name(other)


def test_a_counter_goes_on_after_a_restored_box_and_a_clock_put_back() -> None:
    assert next_counter(0, NOW) == NOW // SECOND
    assert next_counter(NOW // SECOND, NOW) == NOW // SECOND + 1
    assert next_counter(NOW // SECOND + 500, NOW - 9 * HOUR) == NOW // SECOND + 501


@pytest.mark.parametrize(
    ("age", "hours"), [(0, None), (4 * HOUR - 1, None), (4 * HOUR, 4), (27 * HOUR + MINUTE, 27)]
)
def test_a_pack_that_knows_nothing_of_half_a_shift_is_old(age: int, hours: int | None) -> None:
    known = pack(built=NOW, as_of=NOW - age)
    found = verdict(manifest(known), known, (), NOW)
    assert found.old_hours == hours
    assert found.is_verified


def test_a_pack_that_never_heard_anything_is_as_old_as_it_was_made() -> None:
    known = pack(built=NOW - 5 * HOUR, as_of=None)
    assert verdict(manifest(known), known, (), NOW).old_hours == 5


def test_a_machine_whose_clock_is_wrong_says_nothing_of_age() -> None:
    known = pack(built=NOW + HOUR, as_of=NOW)
    assert verdict(manifest(known), known, (), NOW).clock_wrong
    known = pack(built=NOW + 30 * SECOND, as_of=NOW)
    assert not verdict(manifest(known), known, (), NOW).clock_wrong


def test_a_manifest_older_than_one_that_was_seen_is_known_as_such() -> None:
    known = pack()
    assert verdict(manifest(known), known, (), NOW, seen=6).replayed
    assert not verdict(manifest(known), known, (), NOW, seen=5).replayed


def test_without_a_manifest_or_with_any_doubt_nothing_is_verified() -> None:
    known = pack()
    for doubt in Doubt:
        assert not verdict(manifest(known), known, {doubt}, NOW).is_verified
    assert not verdict(None, None, (), NOW).is_verified
    assert not verdict(manifest(known), None, (), NOW).is_verified


def test_a_pack_is_found_by_the_hash_of_either_form_and_by_no_other() -> None:
    known = manifest(pack(), pack("5A", number=20))
    assert listed(known, f"{7:064x}") == known.packs[0]
    assert listed(known, f"{21:064x}") == known.packs[1]
    assert listed(known, msgspec.json.encode(1).hex()) is None
